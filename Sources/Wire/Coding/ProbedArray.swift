/// Takes down what a type asks an array for.
struct ProbedArray: UnkeyedDecodingContainer {
    let probe: SchemaProbe
    let shape: SchemaProbe.Shape
    /// One item, for its schema, or none.
    let count: Int?
    private(set) var currentIndex = 0

    init(probe: SchemaProbe, shape: SchemaProbe.Shape, count: Int) {
        self.probe = probe
        self.shape = shape
        self.count = count
    }

    var codingPath: [any CodingKey] { [] }
    var isAtEnd: Bool { currentIndex >= count ?? 0 }

    /// Takes an item down; the first one tells what all of them are.
    private mutating func note(_ item: SchemaProbe.Shape) {
        if shape.inner == nil { shape.inner = ("items", item) }
        currentIndex += 1
    }

    private mutating func leaf<Value: Exemplary>() -> Value {
        note(SchemaProbe.Shape(Value.keywords))
        return Value.example
    }

    private mutating func nested() -> ProbeDecoder {
        let item = SchemaProbe.Shape()
        note(item)
        return ProbeDecoder(probe: probe, shape: item, isEmpty: false)
    }

    mutating func decodeNil() -> Bool { false }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) -> KeyedDecodingContainer<Nested> {
        nested().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer { nested().unkeyedContainer() }
    mutating func superDecoder() -> any Decoder { nested() }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let finding = probe.describe(type)
        note(finding.shape)
        return try finding.value.get()
    }

    mutating func decode(_: Bool.Type) -> Bool { leaf() }
    mutating func decode(_: String.Type) -> String { leaf() }
    mutating func decode(_: Double.Type) -> Double { leaf() }
    mutating func decode(_: Float.Type) -> Float { leaf() }
    mutating func decode(_: Int.Type) -> Int { leaf() }
    mutating func decode(_: Int8.Type) -> Int8 { leaf() }
    mutating func decode(_: Int16.Type) -> Int16 { leaf() }
    mutating func decode(_: Int32.Type) -> Int32 { leaf() }
    mutating func decode(_: Int64.Type) -> Int64 { leaf() }
    mutating func decode(_: UInt.Type) -> UInt { leaf() }
    mutating func decode(_: UInt8.Type) -> UInt8 { leaf() }
    mutating func decode(_: UInt16.Type) -> UInt16 { leaf() }
    mutating func decode(_: UInt32.Type) -> UInt32 { leaf() }
    mutating func decode(_: UInt64.Type) -> UInt64 { leaf() }
}
