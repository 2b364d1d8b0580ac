/// Takes out of a provider's words what they may repeat of the message: providers are known to put the number
/// into their errors.
enum Redaction {
    /// The longest reason that is kept, in characters.
    static let longest = 200

    /// `reason` as one line without any phone number and without the digits of `text`, which are its code.
    static func clean(_ reason: String, of text: String) -> String {
        let secrets = Set(text.split { !isDigit($0) }.filter { $0.count >= 4 })
        var cleaned = ""
        var digits = ""
        func finish() {
            guard !digits.isEmpty else { return }
            // Nobody's error code has seven digits; every phone number has.
            cleaned += digits.count >= 7 || secrets.contains(where: { digits.contains($0) }) ? "…" : digits
            digits = ""
        }
        for character in reason.prefix(longest * 4) {
            if isDigit(character) {
                digits.append(character)
            } else {
                finish()
                cleaned.append(character.isNewline ? " " : character)
            }
        }
        finish()
        return String(cleaned.prefix(longest))
    }

    /// `reason` without any digit, for words that may write a number in parts: `(415) 555-2671`.
    static func withoutDigits(_ reason: String) -> String {
        String(reason.prefix(longest).map { $0.isNumber ? "…" : $0 })
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}
