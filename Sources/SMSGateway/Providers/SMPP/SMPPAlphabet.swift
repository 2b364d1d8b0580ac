/// How a carrier's SMSC reads the bytes of a text. By a route's setting, since no answer and no receipt tells
/// that an `@` came out as something else: it is 0x00 in the GSM alphabet and 0x40 in the two others.
enum SMPPAlphabet: String, CaseIterable, Sendable {
    /// The SMSC's own alphabet is that of GSM, a septet in each byte.
    case gsm7
    case latin1
    case ascii

    /// The data_coding (section 5.2.19) of a text in UCS-2.
    static let ucs2: UInt8 = 8

    /// The data_coding of a text in this alphabet.
    var dataCoding: UInt8 {
        switch self {
        case .gsm7: 0
        case .ascii: 1
        case .latin1: 3
        }
    }

    /// The bytes of a text and their data_coding: in this alphabet where that has all of its characters, else
    /// in UCS-2, in which characters beyond the basic plane are pairs.
    func encode(_ text: String) -> (bytes: [UInt8], dataCoding: UInt8) {
        if let bytes = octets(text) { return (bytes, dataCoding) }
        return (text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }, Self.ucs2)
    }

    private func octets(_ text: String) -> [UInt8]? {
        if self == .gsm7 { return GSM7.octets(text) }
        let last: UInt32 = self == .ascii ? 0x7F : 0xFF
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard scalar.value <= last else { return nil }
            bytes.append(UInt8(scalar.value))
        }
        return bytes
    }

    /// The text of what came with a data_coding. What that does not tell is read as this alphabet.
    func decode(_ bytes: some Collection<UInt8>, dataCoding: UInt8) -> String {
        switch dataCoding {
        case Self.ucs2:
            let bytes = Array(bytes)
            let units = stride(from: 0, to: bytes.count - 1, by: 2).map {
                UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
            }
            return String(decoding: units, as: UTF16.self)
        case 1, 3: return latin1(bytes)
        default: return self == .gsm7 ? GSM7.text(bytes) : latin1(bytes)
        }
    }

    private func latin1(_ bytes: some Collection<UInt8>) -> String {
        String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}
