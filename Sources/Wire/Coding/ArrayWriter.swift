/// The items of an array that is being written, as `Codable` wants them.
struct ArrayWriter: UnkeyedEncodingContainer {
    let writer: MessageWriter
    private let level: Int32
    private let serial: UInt32

    /// Goes on with the array that was opened last.
    init(writer: MessageWriter) {
        self.writer = writer
        level = Int32(writer.depth) - 1
        serial = writer.serial(at: writer.depth - 1)
    }

    var codingPath: [any CodingKey] { [] }
    var count: Int { writer.items(at: Int(level), serial: serial) }

    private func begin() { writer.resume(level: Int(level), serial: serial) }

    func encodeNil() {
        begin()
        writer.null()
    }

    func encode<T: Encodable>(_ value: T) throws {
        begin()
        let index = count
        try writer.write(value, under: Document.Step(intValue: index))
    }

    func encode(_ value: Bool) throws {
        begin()
        writer.bool(value)
    }

    func encode(_ value: String) throws {
        begin()
        writer.string(value)
    }

    func encode(_ value: Double) throws {
        begin()
        let index = count
        do {
            try writer.double(value)
        } catch {
            throw error.within(Document.Step(intValue: index))
        }
    }

    func encode(_ value: Float) throws {
        begin()
        let index = count
        do {
            try writer.double(Double(value))
        } catch {
            throw error.within(Document.Step(intValue: index))
        }
    }

    func encode(_ value: Int) throws {
        begin()
        writer.int(Int64(value))
    }

    func encode(_ value: Int8) throws {
        begin()
        writer.int(Int64(value))
    }

    func encode(_ value: Int16) throws {
        begin()
        writer.int(Int64(value))
    }

    func encode(_ value: Int32) throws {
        begin()
        writer.int(Int64(value))
    }

    func encode(_ value: Int64) throws {
        begin()
        writer.int(value)
    }

    func encode(_ value: UInt) throws {
        begin()
        writer.uint(UInt64(value))
    }

    func encode(_ value: UInt8) throws {
        begin()
        writer.uint(UInt64(value))
    }

    func encode(_ value: UInt16) throws {
        begin()
        writer.uint(UInt64(value))
    }

    func encode(_ value: UInt32) throws {
        begin()
        writer.uint(UInt64(value))
    }

    func encode(_ value: UInt64) throws {
        begin()
        writer.uint(value)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        begin()
        return FieldEncoder(writer: writer, level: writer.depth).container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        begin()
        return FieldEncoder(writer: writer, level: writer.depth).unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        begin()
        return FieldEncoder(writer: writer, level: writer.depth)
    }
}
