import FoundationEssentials

extension MessageWriter {
    /// Writes one value through `Codable`, where a value may stand: behind a key, in an array, as the whole message.
    ///
    /// Where this throws, part of the value may have been written: ``truncate(to:)`` takes the message back.
    func encode<T: Encodable>(_ value: T) throws(Unencodable) {
        do {
            try write(value)
        } catch let error as Unencodable {
            throw error
        } catch let error as EncodingError {
            guard case .invalidValue(_, let context) = error else {
                throw Unencodable(path: "", message: "the value cannot be written")
            }
            throw Unencodable(path: fieldPath(context.codingPath), message: context.debugDescription)
        } catch {
            throw Unencodable(path: "", message: "the value cannot be written")
        }
        if let fault { throw Unencodable(path: "", message: fault) }
    }

    /// Writes a value; those types by hand that `Codable` would take a way round for.
    func write<T: Encodable>(_ value: T) throws {
        if T.self == String.self { return string(unsafeBitCast(value, to: String.self)) }
        if T.self == ID.self { return id(unsafeBitCast(value, to: ID.self)) }
        if T.self == Timestamp.self { return timestamp(unsafeBitCast(value, to: Timestamp.self)) }
        if T.self == Data.self { return data(unsafeBitCast(value, to: Data.self)) }
        if let hand = handCoded.find(T.self) { return write(value, by: hand) }
        let (start, level) = (count, depth)
        try value.encode(to: FieldEncoder(writer: self, level: level))
        unwind(to: level)
        // A type without fields may ask for no container at all.
        if count == start {
            beginMap()
            endMap()
        }
    }

    /// Writes the value of a field or an item, and puts its name before the path of what goes wrong in it.
    func write<T: Encodable>(_ value: T, under step: @autoclosure () -> some CodingKey) throws {
        do {
            try write(value)
        } catch let error as Unencodable {
            throw error.within(step())
        }
    }
}

extension Unencodable {
    /// The same fault, seen from the container that has the value under `step`.
    func within(_ step: some CodingKey) -> Unencodable {
        let separator = path.isEmpty || path.hasPrefix("[") ? "" : "."
        return Unencodable(path: step.stringValue + separator + path, message: message)
    }
}

/// Encodes one value into a writer, as `Codable` wants it.
struct FieldEncoder: Encoder {
    let writer: MessageWriter
    /// Maps and arrays that were open before this value.
    let level: Int

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        // A type may ask for its map more than once, as one does that adds to what another type writes.
        if writer.depth > level, writer.isMap(at: level) {
            writer.unwind(to: level + 1)
        } else {
            writer.beginMap()
        }
        return KeyedEncodingContainer(MapWriter<Key>(writer: writer))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        writer.beginArray()
        return ArrayWriter(writer: writer)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }
}

extension FieldEncoder: SingleValueEncodingContainer {
    func encodeNil() { writer.null() }
    func encode(_ value: Bool) throws { writer.bool(value) }
    func encode(_ value: String) throws { writer.string(value) }
    func encode(_ value: Double) throws { try writer.double(value) }
    func encode(_ value: Float) throws { try writer.double(Double(value)) }
    func encode(_ value: Int) throws { writer.int(Int64(value)) }
    func encode(_ value: Int8) throws { writer.int(Int64(value)) }
    func encode(_ value: Int16) throws { writer.int(Int64(value)) }
    func encode(_ value: Int32) throws { writer.int(Int64(value)) }
    func encode(_ value: Int64) throws { writer.int(value) }
    func encode(_ value: UInt) throws { writer.uint(UInt64(value)) }
    func encode(_ value: UInt8) throws { writer.uint(UInt64(value)) }
    func encode(_ value: UInt16) throws { writer.uint(UInt64(value)) }
    func encode(_ value: UInt32) throws { writer.uint(UInt64(value)) }
    func encode(_ value: UInt64) throws { writer.uint(value) }
    func encode<T: Encodable>(_ value: T) throws { try writer.write(value) }
}
