/// The text of a delivery receipt, which each vendor writes in a way of its own:
///
///     id:0123456789 sub:001 dlvrd:001 submit date:2611240930 done date:2611240931 stat:DELIVRD err:000 text:
///
/// (Appendix B.) Read by its keys, in any order and case, between blanks or commas. What stands behind `text:`
/// is of the message, and is not looked at.
struct ReceiptText: Sendable, Equatable {
    var id: String?
    /// In capitals.
    var state: String?
    var error: String?

    init(_ text: String) {
        var key = ""
        for token in text.prefix(Self.longest).split(whereSeparator: { " ,;\t\r\n\0".contains($0) }) {
            if let colon = token.firstIndex(of: ":") {
                key = token[..<colon].lowercased()
                if key == "text" { return }
                set(key, token[token.index(after: colon)...])
            } else {
                // The value may stand apart from its colon.
                set(key, token)
                key = ""
            }
        }
    }

    /// The first value of a key is the one that counts.
    private mutating func set(_ key: String, _ value: Substring) {
        guard !value.isEmpty else { return }
        switch key {
        case "id" where id == nil: id = String(value)
        case "stat" where state == nil: state = value.uppercased()
        case "err" where error == nil: error = String(value)
        default: break
        }
    }

    /// Characters that are looked at.
    private static let longest = 1_000
}
