/// The fields of a map that is being written, as `Codable` wants them.
struct MapWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let writer: MessageWriter
    private let level: Int32
    private let serial: UInt32

    /// Goes on with the map that was opened last.
    init(writer: MessageWriter) {
        self.writer = writer
        level = Int32(writer.depth) - 1
        serial = writer.serial(at: writer.depth - 1)
    }

    var codingPath: [any CodingKey] { [] }

    private func begin(_ key: some CodingKey) {
        writer.resume(level: Int(level), serial: serial)
        writer.key(text: key.stringValue)
    }

    func encodeNil(forKey key: Key) {
        begin(key)
        writer.null()
    }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        begin(key)
        try writer.write(value, under: key)
    }

    func encode(_ value: Bool, forKey key: Key) {
        begin(key)
        writer.bool(value)
    }

    func encode(_ value: String, forKey key: Key) {
        begin(key)
        writer.string(value)
    }

    func encode(_ value: Double, forKey key: Key) throws {
        begin(key)
        do {
            try writer.double(value)
        } catch {
            throw error.within(key)
        }
    }

    func encode(_ value: Float, forKey key: Key) throws {
        begin(key)
        do {
            try writer.double(Double(value))
        } catch {
            throw error.within(key)
        }
    }

    func encode(_ value: Int, forKey key: Key) {
        begin(key)
        writer.int(Int64(value))
    }

    func encode(_ value: Int8, forKey key: Key) {
        begin(key)
        writer.int(Int64(value))
    }

    func encode(_ value: Int16, forKey key: Key) {
        begin(key)
        writer.int(Int64(value))
    }

    func encode(_ value: Int32, forKey key: Key) {
        begin(key)
        writer.int(Int64(value))
    }

    func encode(_ value: Int64, forKey key: Key) {
        begin(key)
        writer.int(value)
    }

    func encode(_ value: UInt, forKey key: Key) {
        begin(key)
        writer.uint(UInt64(value))
    }

    func encode(_ value: UInt8, forKey key: Key) {
        begin(key)
        writer.uint(UInt64(value))
    }

    func encode(_ value: UInt16, forKey key: Key) {
        begin(key)
        writer.uint(UInt64(value))
    }

    func encode(_ value: UInt32, forKey key: Key) {
        begin(key)
        writer.uint(UInt64(value))
    }

    func encode(_ value: UInt64, forKey key: Key) {
        begin(key)
        writer.uint(value)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        begin(key)
        return FieldEncoder(writer: writer, level: writer.depth).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        begin(key)
        return FieldEncoder(writer: writer, level: writer.depth).unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        begin(Document.Step(stringValue: "super"))
        return FieldEncoder(writer: writer, level: writer.depth)
    }

    func superEncoder(forKey key: Key) -> any Encoder {
        begin(key)
        return FieldEncoder(writer: writer, level: writer.depth)
    }
}
