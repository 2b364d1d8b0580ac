import Testing

@testable import Wire

struct DocumentTests {
    /// A message of `levels` maps or arrays, in either encoding.
    private func nested(_ levels: Int, _ encoding: WireEncoding, inArrays: Bool) -> [UInt8] {
        switch (encoding, inArrays) {
        case (.json, false):
            Array(
                (String(repeating: #"{"a":"#, count: levels - 1) + "{}"
                    + String(repeating: "}", count: levels - 1)).utf8)
        case (.json, true):
            Array(
                (#"{"a":"# + String(repeating: "[", count: levels - 1)
                    + String(repeating: "]", count: levels - 1) + "}")
                    .utf8)
        case (.cbor, false): Array(repeating: [0xA1, 0x61, 0x61], count: levels - 1).flatMap { $0 } + [0xA0]
        case (.cbor, true): [0xA1, 0x61, 0x61] + [UInt8](repeating: 0x81, count: levels - 2) + [0x80]
        }
    }

    @Test("reads 32 levels and refuses 33", arguments: WireEncoding.allCases, [false, true])
    func depth(encoding: WireEncoding, inArrays: Bool) throws {
        _ = try document(nested(32, encoding, inArrays: inArrays))
        let deeper = nested(33, encoding, inArrays: inArrays)
        let error = #expect(throws: MalformedMessage.self) { try document(deeper) }
        #expect(error?.problem == "maps and arrays are nested too deeply")
        let start = try #require(error?.offset)
        #expect(
            deeper[start] == (encoding == .json ? UInt8(ascii: inArrays ? "[" : "{") : inArrays ? 0x80 : 0xA0)
        )
    }

    @Test("bears 60,000 levels", arguments: WireEncoding.allCases, [false, true])
    func abyss(encoding: WireEncoding, inArrays: Bool) {
        #expect(throws: MalformedMessage.self) { try document(nested(60_000, encoding, inArrays: inArrays)) }
    }

    @Test("reads a map of 60,000 keys, and finds the one that stands twice", arguments: WireEncoding.allCases)
    func manyKeys(encoding: WireEncoding) throws {
        var members = (0..<60_000).map { "key\($0 &* 48_271 % 60_013)" }
        func message() -> [UInt8] {
            let writer = MessageWriter()
            writer.begin(encoding)
            writer.beginMap()
            for (value, name) in members.enumerated() {
                writer.key(text: name)
                writer.uint(UInt64(value))
            }
            writer.endMap()
            return writer.bytes()
        }
        let all = try decode([String: Int].self, message())
        #expect(all.count == 60_000)
        #expect(all["key48271"] == 1)

        members[59_999] = members[17]
        let error = #expect(throws: MalformedMessage.self) { try document(message()) }
        #expect(error?.problem == "a key stands twice in one map")
    }

    @Test("finds a key that stands twice among few and among many", arguments: [2, 3, 11, 12, 13, 14, 40])
    func repeatedKeys(count: Int) throws {
        for first in 0..<count {
            for second in first + 1..<count {
                let names = (0..<count).map { $0 == second ? first : $0 }
                let text = "{" + names.map { "\"k\($0)\":0" }.joined(separator: ",") + "}"
                let position = "{" + names[..<second].map { "\"k\($0)\":0," }.joined() + "\""
                #expect(
                    throws: MalformedMessage(
                        problem: "a key stands twice in one map", offset: position.utf8.count)
                ) { try document(text) }
            }
        }
    }

    @Test("gives members by name, in any order, as often as they are asked for")
    func members() throws {
        let read = try document(#"{"id":7,"method":"auth.LogIn","cancel":true,"trace":null,"body":{"id":8}}"#)
        for _ in 0..<2 {
            let body = try #require(read.member("body", of: read.root))
            #expect(read.kind(of: body) == .map)
            #expect(read.member("id", of: body).flatMap(read.uint32) == 8)
            #expect(read.member("id", of: read.root).flatMap(read.uint32) == 7)
            #expect(read.member("method", of: read.root).flatMap(read.string) == "auth.LogIn")
            #expect(read.member("cancel", of: read.root).flatMap(read.bool) == true)
            #expect(read.member("trace", of: read.root) == nil)
            #expect(read.member("timeout", of: read.root) == nil)
            #expect(read.member("i", of: read.root) == nil)
            #expect(read.member("idd", of: read.root) == nil)
        }
        let method = try #require(read.member("method", of: read.root))
        #expect(read.member("id", of: method) == nil)
        #expect(read.equals(method, "auth.LogIn"))
        #expect(!read.equals(method, "auth.LogOut"))
        #expect(!read.equals(read.root, "auth.LogIn"))
        #expect(read.withText(of: method) { $0.count } == 10)
    }

    @Test(
        "takes as UInt32 what is one",
        arguments: [
            ("0", 0), ("4294967295", .max), ("4294967296", nil), ("-1", nil), ("1.5", nil), ("7.0", 7),
            ("1e3", 1_000),
            ("\"7\"", nil), ("true", nil), ("[]", nil), ("18446744073709551615", nil), ("1e300", nil),
        ] as [(String, UInt32?)])
    func uint32(text: String, expected: UInt32?) throws {
        let read = try document("{\"v\":\(text)}")
        #expect(read.member("v", of: read.root).flatMap(read.uint32) == expected)
    }

    @Test("is empty before the first message and after one that is malformed")
    func empty() throws {
        let read = Document()
        #expect(read.notation(of: read.root) == "{}")
        let good = Array(#"{"id":7}"#.utf8)
        try good.withUnsafeBytes { try read.parse($0) }
        #expect(read.member("id", of: read.root) != nil)
        #expect(throws: MalformedMessage.self) { try good.dropLast().withUnsafeBytes { try read.parse($0) } }
        #expect(read.notation(of: read.root) == "{}")
        #expect(read.member("id", of: read.root) == nil)
        #expect(try read.decode(Nothing.self, from: nil) == Nothing())
        #expect(throws: MalformedMessage.self) {
            try read.parse(UnsafeRawBufferPointer(start: nil, count: 0))
        }
    }

    @Test("is used again for messages larger and smaller")
    func reuse() throws {
        let read = Document()
        for size in [0, 10, 2_000, 3, 70_000, 200_000, 5, 70_000, 1] {
            for encoding in WireEncoding.allCases {
                let value = Box(v: (0..<size).map { $0 % 200 })
                try encode(value, encoding).withUnsafeBytes { try read.parse($0) }
                #expect(try read.decode(Box<[Int]>.self, from: read.root) == value)
            }
        }
    }

    @Test(
        "saves the id of a message that is malformed behind it",
        arguments: [
            (#"{"id":7,"method":}"#, 7), (#"{"id":7"#, 7), (#"{"id":7} x"#, 7),
            (#"{"body":{"id":3},"id":7,"x"}"#, 7),
            (#"{"body":{"id":3"#, nil), (#"{"id":"#, nil), (#"{"id"#, nil), (#"{"id":"7","x"}"#, nil),
            (#"{"id":-7,"x"}"#, nil), (#"{"#, nil), (#"{"x":[[1],{"id":2}],"id":7,]"#, 7),
            (#"{"id":[7,"#, nil),
            (#"{"id":7,"a":1,"a":2}"#, 7),
        ] as [(String, UInt32?)])
    func salvage(message: String, id: UInt32?) {
        let read = Document()
        let bytes = Array(message.utf8)
        #expect(throws: MalformedMessage.self) { try bytes.withUnsafeBytes { try read.parse($0) } }
        #expect(read.salvaged("id") == id)
    }

    @Test("saves nothing of a message that is well, nor of the one before")
    func nothingToSalvage() throws {
        let read = Document()
        let (bad, good) = (Array(#"{"id":7,"#.utf8), Array(#"{"di":8}"#.utf8))
        #expect(throws: MalformedMessage.self) { try bad.withUnsafeBytes { try read.parse($0) } }
        #expect(read.salvaged("id") == 7)
        try good.withUnsafeBytes { try read.parse($0) }
        #expect(read.salvaged("id") == nil)
        #expect(throws: MalformedMessage.self) { try [UInt8(0)].withUnsafeBytes { try read.parse($0) } }
        #expect(read.salvaged("id") == nil)
    }

    @Test("tells the encoding by the first byte")
    func encodings() {
        for byte in UInt8.min...UInt8.max {
            let expected: WireEncoding? = byte == 0x7B ? .json : byte >= 0xA0 && byte <= 0xBF ? .cbor : nil
            #expect(WireEncoding(firstByte: byte) == expected)
        }
    }

    @Test("says where a message is malformed")
    func description() {
        #expect(
            MalformedMessage(problem: "a key is no text", offset: 4).description
                == "a key is no text (at byte 4)")
        #expect(BadField(path: "a.b", message: "is missing").description == "a.b is missing")
        #expect(
            BadField(path: "", message: "must be a map, not null").description
                == "the body must be a map, not null")
    }
}

struct NameTableTests {
    @Test("finds each of many names, and no other")
    func names() throws {
        var table = NameTable<Int>()
        #expect(table["auth.LogIn"] == nil)
        let names = (0..<100).map { "service\($0 % 7).Method\($0)" }
        for (value, name) in names.enumerated() { table[name] = value }
        for (value, name) in names.enumerated() { #expect(table[name] == value) }
        table["service0.Method0"] = 1_000
        table[""] = 2_000
        #expect(table["service0.Method0"] == 1_000)
        #expect(table["service1.Method0"] == nil)

        let read = try document(#"{"a":"service3.Method3","b":"service3.Method","c":3,"d":""}"#)
        #expect(table.find(try #require(read.member("a", of: read.root)), in: read) == 3)
        #expect(table.find(try #require(read.member("b", of: read.root)), in: read) == nil)
        #expect(table.find(try #require(read.member("c", of: read.root)), in: read) == nil)
        #expect(table.find(try #require(read.member("d", of: read.root)), in: read) == 2_000)
    }
}
