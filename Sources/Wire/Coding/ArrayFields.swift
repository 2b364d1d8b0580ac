/// The items of an array, as `Codable` wants them.
struct ArrayFields: UnkeyedDecodingContainer {
    let document: Document
    let node: UInt32
    /// The entry of the item that is next.
    private var item: UInt32
    private var index: UInt32 = 0

    init(document: Document, node: UInt32) {
        self.document = document
        self.node = node
        item = node + 1
    }

    var codingPath: [any CodingKey] { document.codingPath(to: node) }
    var count: Int? { document.tape[Int(node)].lower }
    var currentIndex: Int { Int(index) }
    var isAtEnd: Bool { item == document.tape[Int(node)].next }

    /// The item ahead, which counts as taken once `read` has made something of it.
    private mutating func take<Value>(_ read: (Document, UInt32) throws -> Value) throws -> Value {
        guard !isAtEnd else { throw FieldFault(node: node, message: "has too few items") }
        let value = try read(document, item)
        item = document.tape[Int(item)].next
        index += 1
        return value
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd else { throw FieldFault(node: node, message: "has too few items") }
        guard document.tape[Int(item)].kind == .null else { return false }
        return try take { _, _ in true }
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try take { try FieldDecoder(document: $0, node: $1).container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try take { try FieldDecoder(document: $0, node: $1).unkeyedContainer() }
    }

    mutating func superDecoder() throws -> any Decoder {
        try take { FieldDecoder(document: $0, node: $1) }
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        try take { try $0.value(type, at: $1) }
    }
    mutating func decode(_: Bool.Type) throws -> Bool { try take { try $0.boolean(at: $1) } }
    mutating func decode(_: String.Type) throws -> String { try take { try $0.text(at: $1) } }
    mutating func decode(_: Double.Type) throws -> Double { try take { try $0.double(at: $1) } }
    mutating func decode(_: Float.Type) throws -> Float { try take { try $0.float(at: $1) } }
    mutating func decode(_: Int.Type) throws -> Int { try take { try $0.integer(at: $1) } }
    mutating func decode(_: Int8.Type) throws -> Int8 { try take { try $0.integer(at: $1) } }
    mutating func decode(_: Int16.Type) throws -> Int16 { try take { try $0.integer(at: $1) } }
    mutating func decode(_: Int32.Type) throws -> Int32 { try take { try $0.integer(at: $1) } }
    mutating func decode(_: Int64.Type) throws -> Int64 { try take { try $0.integer(at: $1) } }
    mutating func decode(_: UInt.Type) throws -> UInt { try take { try $0.integer(at: $1) } }
    mutating func decode(_: UInt8.Type) throws -> UInt8 { try take { try $0.integer(at: $1) } }
    mutating func decode(_: UInt16.Type) throws -> UInt16 { try take { try $0.integer(at: $1) } }
    mutating func decode(_: UInt32.Type) throws -> UInt32 { try take { try $0.integer(at: $1) } }
    mutating func decode(_: UInt64.Type) throws -> UInt64 { try take { try $0.integer(at: $1) } }
}
