/// Codes of digits as people type them: `123 456`, `123-456`.
enum TypedCode {
    /// The digits of `text` without the blanks and dashes; nil unless they are exactly `count`, and nothing else.
    static func digits(_ text: String, count: Int) -> String? {
        let digits = text.utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "-") }
        guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return String(decoding: digits, as: UTF8.self)
    }

    /// `value` in `count` decimal digits.
    static func text(_ value: UInt32, count: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
    }
}
