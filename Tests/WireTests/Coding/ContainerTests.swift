import Testing

@testable import Wire

/// What types with their own `init(from:)` and `encode(to:)` may ask of the coders.
struct ContainerTests {
    enum Key: String, CodingKey { case a, b, c }

    /// A type that codes itself with `read` and `write`.
    struct Custom<Value: Sendable>: Codable, Sendable {
        var value: Value
        let write: @Sendable (Value, any Encoder) throws -> Void

        init(_ value: Value, write: @escaping @Sendable (Value, any Encoder) throws -> Void) {
            self.value = value
            self.write = write
        }

        init(from decoder: any Decoder) throws { throw CancellationError() }
        func encode(to encoder: any Encoder) throws { try write(value, encoder) }
    }

    private func json(_ write: @escaping @Sendable (any Encoder) throws -> Void) throws -> String {
        try WireTests.json(Custom(()) { _, encoder in try write(encoder) })
    }

    /// Reads with `T`'s own initialiser, given as a closure.
    private func read<R>(_ text: String, _ body: (any Decoder) throws -> R) throws -> R {
        let read = try document(text)
        return try body(FieldDecoder(document: read, node: read.root.index))
    }

    @Test("writes nested maps and arrays, also from containers of their own")
    func nestedWriting() throws {
        let text = try json { encoder in
            var map = encoder.container(keyedBy: Key.self)
            var inner = map.nestedContainer(keyedBy: Key.self, forKey: .a)
            try inner.encode(1, forKey: .b)
            try inner.encodeNil(forKey: .c)
            var list = map.nestedUnkeyedContainer(forKey: .b)
            try list.encode("x")
            try list.encodeNil()
            var innermost = list.nestedContainer(keyedBy: Key.self)
            try innermost.encode(true, forKey: .a)
            var deeper = list.nestedUnkeyedContainer()
            try deeper.encode(2.5)
            try list.encode(UInt8(9))
            #expect(list.count == 5)
            try map.encode([String](), forKey: .c)
        }
        #expect(text == #"{"a":{"b":1,"c":null},"b":["x",null,{"a":true},[2.5],9],"c":[]}"#)
    }

    @Test("writes what a superclass writes under super")
    func superEncoders() throws {
        let text = try json { encoder in
            var map = encoder.container(keyedBy: Key.self)
            try "x".encode(to: map.superEncoder(forKey: .a))
            try map.encode(1, forKey: .b)
            try [1, 2].encode(to: map.superEncoder())
        }
        #expect(text == #"{"a":"x","b":1,"super":[1,2]}"#)
        let list = try json { encoder in
            var map = encoder.container(keyedBy: Key.self)
            var list = map.nestedUnkeyedContainer(forKey: .a)
            try list.encode(1)
            try 2.encode(to: list.superEncoder())
        }
        #expect(list == #"{"a":[1,2]}"#)
    }

    @Test("lets a type ask for its map twice")
    func twice() throws {
        enum Other: String, CodingKey { case z }
        let text = try json { encoder in
            var first = encoder.container(keyedBy: Key.self)
            try first.encode(["q": 1], forKey: .a)
            var second = encoder.container(keyedBy: Other.self)
            try second.encode(2, forKey: .z)
            try first.encode(3, forKey: .b)
        }
        #expect(text == #"{"a":{"q":1},"z":2,"b":3}"#)
    }

    @Test("writes a type that asks for nothing as an empty map")
    func nothing() throws {
        #expect(try json { _ in } == "{}")
        #expect(try encode(Nothing(), .cbor) == [0xA0])
        #expect(try WireTests.json(["a": [Nothing(), Nothing()]]) == #"{"a":[{},{}]}"#)
    }

    @Test("refuses what would be no message")
    func misuse() {
        let message = Unencodable(path: "", message: "a container was written to after its end")
        #expect(throws: message) {
            try json { encoder in
                var map = encoder.container(keyedBy: Key.self)
                var list = map.nestedUnkeyedContainer(forKey: .a)
                try map.encode(1, forKey: .b)
                try list.encode(2)
            }
        }
        #expect(throws: Unencodable(path: "", message: "a value where none can stand")) {
            try json { encoder in
                var single = encoder.singleValueContainer()
                try single.encode(1)
                try single.encode(2)
            }
        }
        #expect(throws: Unencodable(path: "", message: "a key without a value")) {
            try json { encoder in
                var map = encoder.container(keyedBy: Key.self)
                _ = map.superEncoder(forKey: .a)
            }
        }
        #expect(throws: Unencodable(path: "", message: "a key where none can stand")) {
            try json { encoder in
                var map = encoder.container(keyedBy: Key.self)
                _ = map.superEncoder(forKey: .a)
                try map.encode(1, forKey: .b)
            }
        }
    }

    @Test("says where in a value the fault is")
    func paths() {
        struct Inner: Codable { var ratios: [Double] }
        struct Outer: Codable { var inner: [String: Inner] }
        #expect(throws: Unencodable(path: "inner.x.ratios[1]", message: "a number that is not finite")) {
            try WireTests.json(Outer(inner: ["x": Inner(ratios: [1, .nan])]))
        }
        #expect(throws: Unencodable(path: "v", message: "a number that is not finite")) {
            try encode(Box(v: Float.infinity), .cbor)
        }
        #expect(throws: Unencodable(path: "v.v", message: "a number that is not finite")) {
            try encode(Box(v: Box(v: -Double.infinity)), .cbor)
        }
        #expect(throws: Unencodable(path: "", message: "not today")) {
            try json {
                throw EncodingError.invalidValue(
                    1, .init(codingPath: $0.codingPath, debugDescription: "not today"))
            }
        }
    }

    @Test("writes 32 levels and no more")
    func depth() throws {
        indirect enum Nest: Encodable {
            case end
            case more(Nest)
            func encode(to encoder: any Encoder) throws {
                var list = encoder.unkeyedContainer()
                if case .more(let inner) = self { try list.encode(inner) }
            }
        }
        func nest(_ levels: Int) -> Nest { (1..<levels).reduce(.end) { nest, _ in .more(nest) } }
        #expect(
            try WireTests.json(nest(32)) == String(repeating: "[", count: 32)
                + String(repeating: "]", count: 32))
        #expect(throws: Unencodable(path: "", message: "maps and arrays are nested too deeply")) {
            try WireTests.json(nest(33))
        }
    }

    @Test("reads with every kind of container")
    func reading() throws {
        try read(#"{"a":{"b":[1,null,"x",[2],{"c":3},7]},"c":null}"#) { decoder in
            let map = try decoder.container(keyedBy: Key.self)
            #expect(Set(map.allKeys.map(\.stringValue)) == ["a", "c"])
            #expect(map.contains(.c) && !map.contains(.b))
            #expect(try map.decodeNil(forKey: .c))
            #expect(try !map.decodeNil(forKey: .a))
            var list = try map.nestedContainer(keyedBy: Key.self, forKey: .a).nestedUnkeyedContainer(
                forKey: .b)
            #expect(list.count == 6)
            #expect(try list.decode(Int.self) == 1)
            #expect(try list.decodeNil())
            #expect(try !list.decodeNil())
            #expect(throws: (any Error).self) { try list.decode(Int.self) }
            #expect(list.currentIndex == 2)
            #expect(try list.decode(String.self) == "x")
            var inner = try list.nestedUnkeyedContainer()
            #expect(try inner.decode(Int.self) == 2)
            #expect(inner.isAtEnd)
            #expect(throws: (any Error).self) { try inner.decode(Int.self) }
            #expect(throws: (any Error).self) { try inner.decodeNil() }
            #expect(try list.nestedContainer(keyedBy: Key.self).decode(Int.self, forKey: .c) == 3)
            #expect(try list.superDecoder().singleValueContainer().decode(Int.self) == 7)
            #expect(list.isAtEnd)
        }
        try read(#"{"super":1,"a":2}"#) { decoder in
            let map = try decoder.container(keyedBy: Key.self)
            #expect(try map.superDecoder().singleValueContainer().decode(Int.self) == 1)
            #expect(try map.superDecoder(forKey: .a).singleValueContainer().decode(Int.self) == 2)
            #expect(throws: (any Error).self) { try map.superDecoder(forKey: .b) }
        }
    }

    @Test("tells a type's own initialiser where it is")
    func codingPaths() throws {
        let read = try document(#"{"a":[{"b":1},{"b":2}]}"#)
        var number = read.root.index
        while read.uint64(Document.Node(index: number)) != 2 { number += 1 }
        let decoder = FieldDecoder(document: read, node: number)
        #expect(fieldPath(decoder.codingPath) == "a[1].b")
    }
}
