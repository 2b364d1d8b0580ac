/// The fields of a map, as `Codable` wants them.
struct MapFields<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let document: Document
    let node: UInt32

    var codingPath: [any CodingKey] { document.codingPath(to: node) }

    var allKeys: [Key] {
        var keys: [Key] = []
        var key = node + 1
        while key < document.tape[Int(node)].next {
            if let name = document.string(Document.Node(index: key)), let known = Key(stringValue: name) {
                keys.append(known)
            }
            key = document.tape[Int(key) + 1].next
        }
        return keys
    }

    func contains(_ key: Key) -> Bool { find(key) != 0 }

    func decodeNil(forKey key: Key) throws -> Bool { document.tape[Int(try require(key))].kind == .null }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try decoder(require(key)).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder(require(key)).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try decoder(require("super")) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(require(key)) }

    private func decoder(_ value: UInt32) -> FieldDecoder { FieldDecoder(document: document, node: value) }

    private func find(_ key: Key) -> UInt32 {
        var name = key.stringValue
        return name.withUTF8 { document.find($0, in: node) }
    }

    private func require(_ key: Key) throws(FieldFault) -> UInt32 { try require(key.stringValue) }

    private func require(_ key: String) throws(FieldFault) -> UInt32 {
        var name = key
        let value = name.withUTF8 { document.find($0, in: node) }
        guard value != 0 else { throw FieldFault(node: node, member: key, message: "is missing") }
        return value
    }

    /// The value of a field that may be absent; nil where it is, and where it is null.
    private func optional(_ key: Key) -> UInt32? {
        let value = find(key)
        return value == 0 || document.tape[Int(value)].kind == .null ? nil : value
    }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        try document.value(type, at: require(key))
    }
    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        try optional(key).map { try document.value(type, at: $0) }
    }
    func decode(_: Bool.Type, forKey key: Key) throws -> Bool { try document.boolean(at: require(key)) }
    func decode(_: String.Type, forKey key: Key) throws -> String { try document.text(at: require(key)) }
    func decode(_: Double.Type, forKey key: Key) throws -> Double { try document.double(at: require(key)) }
    func decode(_: Float.Type, forKey key: Key) throws -> Float { try document.float(at: require(key)) }
    func decode(_: Int.Type, forKey key: Key) throws -> Int { try document.integer(at: require(key)) }
    func decode(_: Int8.Type, forKey key: Key) throws -> Int8 { try document.integer(at: require(key)) }
    func decode(_: Int16.Type, forKey key: Key) throws -> Int16 { try document.integer(at: require(key)) }
    func decode(_: Int32.Type, forKey key: Key) throws -> Int32 { try document.integer(at: require(key)) }
    func decode(_: Int64.Type, forKey key: Key) throws -> Int64 { try document.integer(at: require(key)) }
    func decode(_: UInt.Type, forKey key: Key) throws -> UInt { try document.integer(at: require(key)) }
    func decode(_: UInt8.Type, forKey key: Key) throws -> UInt8 { try document.integer(at: require(key)) }
    func decode(_: UInt16.Type, forKey key: Key) throws -> UInt16 { try document.integer(at: require(key)) }
    func decode(_: UInt32.Type, forKey key: Key) throws -> UInt32 { try document.integer(at: require(key)) }
    func decode(_: UInt64.Type, forKey key: Key) throws -> UInt64 { try document.integer(at: require(key)) }

    func decodeIfPresent(_: Bool.Type, forKey key: Key) throws -> Bool? {
        try optional(key).map { try document.boolean(at: $0) }
    }
    func decodeIfPresent(_: String.Type, forKey key: Key) throws -> String? {
        try optional(key).map { try document.text(at: $0) }
    }
    func decodeIfPresent(_: Double.Type, forKey key: Key) throws -> Double? {
        try optional(key).map { try document.double(at: $0) }
    }
    func decodeIfPresent(_: Float.Type, forKey key: Key) throws -> Float? {
        try optional(key).map { try document.float(at: $0) }
    }
    func decodeIfPresent(_: Int.Type, forKey key: Key) throws -> Int? {
        try optional(key).map { try document.integer(at: $0) }
    }
    func decodeIfPresent(_: Int8.Type, forKey key: Key) throws -> Int8? {
        try optional(key).map { try document.integer(at: $0) }
    }
    func decodeIfPresent(_: Int16.Type, forKey key: Key) throws -> Int16? {
        try optional(key).map { try document.integer(at: $0) }
    }
    func decodeIfPresent(_: Int32.Type, forKey key: Key) throws -> Int32? {
        try optional(key).map { try document.integer(at: $0) }
    }
    func decodeIfPresent(_: Int64.Type, forKey key: Key) throws -> Int64? {
        try optional(key).map { try document.integer(at: $0) }
    }
    func decodeIfPresent(_: UInt.Type, forKey key: Key) throws -> UInt? {
        try optional(key).map { try document.integer(at: $0) }
    }
    func decodeIfPresent(_: UInt8.Type, forKey key: Key) throws -> UInt8? {
        try optional(key).map { try document.integer(at: $0) }
    }
    func decodeIfPresent(_: UInt16.Type, forKey key: Key) throws -> UInt16? {
        try optional(key).map { try document.integer(at: $0) }
    }
    func decodeIfPresent(_: UInt32.Type, forKey key: Key) throws -> UInt32? {
        try optional(key).map { try document.integer(at: $0) }
    }
    func decodeIfPresent(_: UInt64.Type, forKey key: Key) throws -> UInt64? {
        try optional(key).map { try document.integer(at: $0) }
    }
}
