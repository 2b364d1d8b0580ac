/// How a message is written: JSON (RFC 8259) for everybody, CBOR (RFC 8949) for our own clients.
public enum WireEncoding: String, Sendable, Hashable, CaseIterable {
    case json, cbor

    /// What a message that begins with `byte` is written in; nil where no message begins so.
    ///
    /// A message is one map: `{` begins it in JSON, an initial byte of major type 5 in CBOR (RFC 8949, section 3.1).
    init?(firstByte byte: UInt8) {
        switch byte {
        case UInt8(ascii: "{"): self = .json
        case 0xA0...0xBF: self = .cbor
        default: return nil
        }
    }
}
