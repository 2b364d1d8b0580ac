@testable import Wire

/// The bytes that hexadecimal digits stand for; spaces are passed over.
func hex(_ digits: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var high: UInt8?
    for digit in digits where digit != " " {
        guard let value = digit.hexDigitValue else { preconditionFailure("\(digit) is no digit") }
        if let first = high {
            bytes.append(first << 4 | UInt8(value))
            high = nil
        } else {
            high = UInt8(value)
        }
    }
    return bytes
}

/// Reads a message as a server does.
func document(_ bytes: [UInt8]) throws -> Document {
    let document = Document()
    try bytes.withUnsafeBytes { try document.parse($0) }
    return document
}

func document(_ json: String) throws -> Document { try document(Array(json.utf8)) }

/// Reads `bytes` as a body of type `T`.
func decode<T: Decodable>(_ type: T.Type, _ bytes: [UInt8]) throws -> T {
    let document = try document(bytes)
    return try document.decode(type, from: document.root)
}

func decode<T: Decodable>(_ type: T.Type, _ json: String) throws -> T { try decode(type, Array(json.utf8)) }

/// Writes a value as a whole message.
func encode(_ value: some Encodable, _ encoding: WireEncoding) throws(Unencodable) -> [UInt8] {
    let writer = MessageWriter()
    writer.begin(encoding)
    try writer.encode(value)
    return writer.bytes()
}

func json(_ value: some Encodable) throws(Unencodable) -> String {
    String(decoding: try encode(value, .json), as: UTF8.self)
}

/// One field, for values that are no message by themselves.
struct Box<Value: Codable & Sendable>: Codable, Sendable {
    var v: Value
}

extension Box: Equatable where Value: Equatable {}

extension Document {
    /// What a value is, in the diagnostic notation of RFC 8949, section 8.
    func notation(of node: Node) -> String {
        let entry = tape[Int(node.index)]
        switch entry.kind {
        case .null: return "null"
        case .no: return "false"
        case .yes: return "true"
        case .unsigned: return "\(entry.payload)"
        case .negative: return entry.payload == .max ? "-18446744073709551616" : "-\(entry.payload + 1)"
        case .double: return "\(Double(bitPattern: entry.payload))"
        case .text: return "\"\(string(node) ?? "")\""
        case .bytes:
            let content = UnsafeBufferPointer(start: bytes + entry.upper, count: entry.lower)
            return "h'" + content.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "'"
        case .array, .map:
            var parts: [String] = []
            var child = node.index + 1
            while child < entry.next {
                let isKey = entry.kind == .map
                let value = isKey ? child + 1 : child
                let key = isKey ? notation(of: Node(index: child)) + ": " : ""
                parts.append(key + notation(of: Node(index: value)))
                child = tape[Int(value)].next
            }
            let list = parts.joined(separator: ", ")
            return entry.kind == .array ? "[\(list)]" : "{\(list)}"
        }
    }
}
