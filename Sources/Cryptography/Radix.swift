/// Bytes as text with a fixed number of bits a character, most significant first: what base16, base32 and base64 of
/// RFC 4648 have in common.
struct Radix: Sendable {
    /// How a text is read.
    enum Padding { case none, optional }

    private let bits: Int
    private let alphabet: [UInt8]
    /// What each of the 256 bytes stands for as a character: a value, or one of the two marks below.
    private let values: [UInt8]
    private let padding: Padding

    private static let foreign: UInt8 = 0xFF
    private static let skipped: UInt8 = 0xFE

    /// An encoding with 16, 32 or 64 ASCII characters. With `folding` the other case of a letter reads the same; the
    /// characters of `skipping` are passed over.
    init(_ alphabet: String, folding: Bool = false, skipping: String = "", padding: Padding = .none) {
        self.alphabet = Array(alphabet.utf8)
        bits = self.alphabet.count.trailingZeroBitCount
        self.padding = padding
        var values = [UInt8](repeating: Self.foreign, count: 256)
        for (value, character) in self.alphabet.enumerated() {
            values[Int(character)] = UInt8(value)
            let isLetter = (0x41...0x5A).contains(character & 0xDF)
            if folding, isLetter { values[Int(character ^ 0x20)] = UInt8(value) }
        }
        for character in skipping.utf8 { values[Int(character)] = Self.skipped }
        self.values = values
    }

    /// The text for `bytes`; if `padded`, with `=` to fill the last group.
    func encode(_ bytes: [UInt8], padded: Bool = false) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 8 / bits / group + 1) * group)
        var pending = 0
        var held = 0
        for byte in bytes {
            pending = pending << 8 | Int(byte)
            held += 8
            while held >= bits {
                held -= bits
                text.append(alphabet[pending >> held])
                pending &= 1 << held - 1
            }
        }
        if held > 0 { text.append(alphabet[pending << (bits - held)]) }
        while padded, text.count % group != 0 { text.append(UInt8(ascii: "=")) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that `text` stands for; nil for a foreign character, a character too few or too many, padding of the
    /// wrong length, or last bits that are not zero (RFC 4648, section 3.5), so that no value has two spellings.
    func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * bits / 8)
        var pending = 0
        var held = 0
        var read = 0
        var pads = 0
        for character in text.utf8 {
            let value = values[Int(character)]
            if value == Self.skipped { continue }
            if character == UInt8(ascii: "="), padding == .optional {
                pads += 1
                continue
            }
            guard value != Self.foreign, pads == 0 else { return nil }
            read += 1
            pending = pending << bits | Int(value)
            held += bits
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(pending >> held))
                pending &= 1 << held - 1
            }
        }
        guard held < bits, pending == 0, pads == 0 || (pads < group && (read + pads) % group == 0) else {
            return nil
        }
        return bytes
    }

    /// Characters that stand for a whole number of bytes: 2, 8 or 4.
    private var group: Int { bits == 4 ? 2 : bits == 5 ? 8 : 4 }
}
