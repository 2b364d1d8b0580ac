import FoundationEssentials

/// A fault met while a value is decoded, before its path is known.
struct FieldFault: Error {
    let node: UInt32
    /// The member of `node` that is meant, where it is absent.
    var member: String?
    let message: String
}

extension Document {
    /// Makes a `T` of a value, an absent one being as good as an empty map.
    ///
    /// Fields that `T` does not know are passed over; an optional field may be absent or null.
    func decode<T: Decodable>(_ type: T.Type, from node: Node?) throws(BadField) -> T {
        base = node?.index ?? 0
        do {
            return try value(type, at: base)
        } catch let fault as FieldFault {
            throw badField(fault)
        } catch {
            throw BadField(path: "", message: "is not right")
        }
    }

    /// Makes a `T` of an entry; those types by hand that `Codable` would take a way round for.
    func value<T: Decodable>(_ type: T.Type, at node: UInt32) throws -> T {
        if T.self == String.self { return unsafeBitCast(try text(at: node), to: T.self) }
        if T.self == ID.self { return unsafeBitCast(try id(at: node), to: T.self) }
        if T.self == Timestamp.self { return unsafeBitCast(try timestamp(at: node), to: T.self) }
        if T.self == Data.self { return unsafeBitCast(try data(at: node), to: T.self) }
        if let hand = handCoded.find(type) { return try read(type, by: hand, at: node) }
        do {
            return try T(from: FieldDecoder(document: self, node: node))
        } catch {
            throw fault(of: error, in: type, at: node)
        }
    }

    /// What an error of a type's own `init(from:)` comes to.
    private func fault<T>(of error: any Error, in type: T.Type, at node: UInt32) -> FieldFault {
        if let fault = error as? FieldFault { return fault }
        if let type = type as? any Word.Type {
            return FieldFault(node: node, message: "must be one of \(type.words.joined(separator: ", "))")
        }
        // An enumeration's error would quote the text, which may be a secret put into the wrong field.
        guard !(type is any RawRepresentable.Type), let error = error as? DecodingError else {
            return FieldFault(node: node, message: "is none of the known values")
        }
        switch error {
        case .keyNotFound(let key, _):
            return FieldFault(node: node, member: key.stringValue, message: "is missing")
        case .dataCorrupted(let context), .typeMismatch(_, let context), .valueNotFound(_, let context):
            return FieldFault(node: node, message: "is not right: \(context.debugDescription)")
        @unknown default:
            return FieldFault(node: node, message: "is not right")
        }
    }
}

/// Decodes one value of a document, as `Codable` wants it.
struct FieldDecoder: Decoder {
    let document: Document
    let node: UInt32

    var codingPath: [any CodingKey] { document.codingPath(to: node) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try document.expect(.map, "a map", at: node)
        return KeyedDecodingContainer(MapFields<Key>(document: document, node: node))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try document.expect(.array, "an array", at: node)
        return ArrayFields(document: document, node: node)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }
}

extension FieldDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { document.tape[Int(node)].kind == .null }
    func decode(_: Bool.Type) throws -> Bool { try document.boolean(at: node) }
    func decode(_: String.Type) throws -> String { try document.text(at: node) }
    func decode(_: Double.Type) throws -> Double { try document.double(at: node) }
    func decode(_: Float.Type) throws -> Float { try document.float(at: node) }
    func decode(_: Int.Type) throws -> Int { try document.integer(at: node) }
    func decode(_: Int8.Type) throws -> Int8 { try document.integer(at: node) }
    func decode(_: Int16.Type) throws -> Int16 { try document.integer(at: node) }
    func decode(_: Int32.Type) throws -> Int32 { try document.integer(at: node) }
    func decode(_: Int64.Type) throws -> Int64 { try document.integer(at: node) }
    func decode(_: UInt.Type) throws -> UInt { try document.integer(at: node) }
    func decode(_: UInt8.Type) throws -> UInt8 { try document.integer(at: node) }
    func decode(_: UInt16.Type) throws -> UInt16 { try document.integer(at: node) }
    func decode(_: UInt32.Type) throws -> UInt32 { try document.integer(at: node) }
    func decode(_: UInt64.Type) throws -> UInt64 { try document.integer(at: node) }
    func decode<T: Decodable>(_ type: T.Type) throws -> T { try document.value(type, at: node) }
}
