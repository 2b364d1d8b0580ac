/// The decoder that a ``SchemaProbe`` gives to a type.
struct ProbeDecoder: Decoder {
    let probe: SchemaProbe
    let shape: SchemaProbe.Shape
    /// Whether arrays and dictionaries are to be empty; else each has one item.
    let isEmpty: Bool

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        shape.keywords = ["type": .text("object")]
        return KeyedDecodingContainer(ProbedMap<Key>(probe: probe, shape: shape, isEmpty: isEmpty))
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer {
        shape.keywords = ["type": .text("array")]
        return ProbedArray(probe: probe, shape: shape, count: isEmpty ? 0 : 1)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }
}

extension ProbeDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { false }

    private func leaf<Value: Exemplary>() -> Value {
        shape.keywords = Value.keywords
        return Value.example
    }

    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let finding = probe.describe(type)
        shape.become(finding.shape)
        return try finding.value.get()
    }

    func decode(_: Bool.Type) -> Bool { leaf() }
    func decode(_: String.Type) -> String { leaf() }
    func decode(_: Double.Type) -> Double { leaf() }
    func decode(_: Float.Type) -> Float { leaf() }
    func decode(_: Int.Type) -> Int { leaf() }
    func decode(_: Int8.Type) -> Int8 { leaf() }
    func decode(_: Int16.Type) -> Int16 { leaf() }
    func decode(_: Int32.Type) -> Int32 { leaf() }
    func decode(_: Int64.Type) -> Int64 { leaf() }
    func decode(_: UInt.Type) -> UInt { leaf() }
    func decode(_: UInt8.Type) -> UInt8 { leaf() }
    func decode(_: UInt16.Type) -> UInt16 { leaf() }
    func decode(_: UInt32.Type) -> UInt32 { leaf() }
    func decode(_: UInt64.Type) -> UInt64 { leaf() }
}
