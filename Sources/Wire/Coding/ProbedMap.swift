/// Takes down the fields that a type asks a map for.
struct ProbedMap<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let probe: SchemaProbe
    let shape: SchemaProbe.Shape
    let isEmpty: Bool

    /// A name that no enumeration of keys has: what makes a key of it takes any name, as a dictionary does.
    private var anyName: String { "*" }

    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { isEmpty ? [] : Key(stringValue: anyName).map { [$0] } ?? [] }

    func contains(_ key: Key) -> Bool { true }
    func decodeNil(forKey key: Key) -> Bool { false }

    /// Takes down a field; one of a dictionary stands for them all.
    private func note(_ name: String, _ field: SchemaProbe.Shape, isRequired: Bool) {
        if name == anyName {
            shape.inner = ("additionalProperties", field)
        } else {
            shape.add(name, field, isRequired: isRequired)
        }
    }

    private func leaf<Value: Exemplary>(_ key: Key, isRequired: Bool = true) -> Value {
        note(key.stringValue, SchemaProbe.Shape(Value.keywords), isRequired: isRequired)
        return Value.example
    }

    private func nested(_ name: String) -> ProbeDecoder {
        let field = SchemaProbe.Shape()
        note(name, field, isRequired: true)
        return ProbeDecoder(probe: probe, shape: field, isEmpty: isEmpty)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedDecodingContainer<Nested> {
        nested(key.stringValue).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer {
        nested(key.stringValue).unkeyedContainer()
    }

    func superDecoder() -> any Decoder { nested("super") }
    func superDecoder(forKey key: Key) -> any Decoder { nested(key.stringValue) }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        let finding = probe.describe(type)
        note(key.stringValue, finding.shape, isRequired: true)
        return try finding.value.get()
    }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) -> T? {
        let finding = probe.describe(type)
        note(key.stringValue, finding.shape, isRequired: false)
        return try? finding.value.get()
    }

    func decode(_: Bool.Type, forKey key: Key) -> Bool { leaf(key) }
    func decode(_: String.Type, forKey key: Key) -> String { leaf(key) }
    func decode(_: Double.Type, forKey key: Key) -> Double { leaf(key) }
    func decode(_: Float.Type, forKey key: Key) -> Float { leaf(key) }
    func decode(_: Int.Type, forKey key: Key) -> Int { leaf(key) }
    func decode(_: Int8.Type, forKey key: Key) -> Int8 { leaf(key) }
    func decode(_: Int16.Type, forKey key: Key) -> Int16 { leaf(key) }
    func decode(_: Int32.Type, forKey key: Key) -> Int32 { leaf(key) }
    func decode(_: Int64.Type, forKey key: Key) -> Int64 { leaf(key) }
    func decode(_: UInt.Type, forKey key: Key) -> UInt { leaf(key) }
    func decode(_: UInt8.Type, forKey key: Key) -> UInt8 { leaf(key) }
    func decode(_: UInt16.Type, forKey key: Key) -> UInt16 { leaf(key) }
    func decode(_: UInt32.Type, forKey key: Key) -> UInt32 { leaf(key) }
    func decode(_: UInt64.Type, forKey key: Key) -> UInt64 { leaf(key) }

    func decodeIfPresent(_: Bool.Type, forKey key: Key) -> Bool? { leaf(key, isRequired: false) }
    func decodeIfPresent(_: String.Type, forKey key: Key) -> String? { leaf(key, isRequired: false) }
    func decodeIfPresent(_: Double.Type, forKey key: Key) -> Double? { leaf(key, isRequired: false) }
    func decodeIfPresent(_: Float.Type, forKey key: Key) -> Float? { leaf(key, isRequired: false) }
    func decodeIfPresent(_: Int.Type, forKey key: Key) -> Int? { leaf(key, isRequired: false) }
    func decodeIfPresent(_: Int8.Type, forKey key: Key) -> Int8? { leaf(key, isRequired: false) }
    func decodeIfPresent(_: Int16.Type, forKey key: Key) -> Int16? { leaf(key, isRequired: false) }
    func decodeIfPresent(_: Int32.Type, forKey key: Key) -> Int32? { leaf(key, isRequired: false) }
    func decodeIfPresent(_: Int64.Type, forKey key: Key) -> Int64? { leaf(key, isRequired: false) }
    func decodeIfPresent(_: UInt.Type, forKey key: Key) -> UInt? { leaf(key, isRequired: false) }
    func decodeIfPresent(_: UInt8.Type, forKey key: Key) -> UInt8? { leaf(key, isRequired: false) }
    func decodeIfPresent(_: UInt16.Type, forKey key: Key) -> UInt16? { leaf(key, isRequired: false) }
    func decodeIfPresent(_: UInt32.Type, forKey key: Key) -> UInt32? { leaf(key, isRequired: false) }
    func decodeIfPresent(_: UInt64.Type, forKey key: Key) -> UInt64? { leaf(key, isRequired: false) }
}
