/// A reply that was encoded before: for a call that is asked so often, and mostly answered as the last time, that coding
/// the same again would be most of its work.
public struct KeptReply<Reply: Codable & Sendable>: Sendable {
    /// In CBOR.
    private let bytes: [UInt8]

    /// - Throws: where the reply cannot be encoded.
    public init(_ reply: Reply) throws {
        let writer = MessageWriter(capacity: 512)
        writer.begin(.cbor)
        try writer.encode(reply)
        bytes = writer.bytes()
    }

    func write(to writer: MessageWriter) throws {
        switch writer.encoding {
        case .cbor: writer.encoded(bytes)
        case .json: try writer.encode(reply())
        }
    }

    private func reply() throws -> Reply {
        let document = Document()
        try bytes.withUnsafeBytes { bytes in try document.parse(bytes) }
        return try document.decode(Reply.self, from: document.root)
    }
}
