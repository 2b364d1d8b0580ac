/// Which passwords are too weak: NIST SP 800-63B-4, section 3.1.1.2, asks for a length and a list of what is guessed first,
/// and against rules about kinds of characters.
enum PasswordPolicy {
    /// In Unicode code points.
    static let length = 8...128

    /// What is wrong with a password, as a sentence; nil where it is good enough. `context` are words that anybody could
    /// guess of this person: the firm's slug and name, the person's name and address.
    static func problem(_ password: String, context: [String]) -> String? {
        let scalars = password.unicodeScalars
        guard scalars.count >= length.lowerBound else { return "The password is shorter than 8 characters." }
        guard scalars.count <= length.upperBound else { return "The password is longer than 128 characters." }
        let folded = password.lowercased()
        if Set(folded.unicodeScalars).count < 5 || isRow(folded) {
            return "The password repeats a few characters or is a row of them."
        }
        if CommonPasswords.contains(folded) { return "The password is among the most common ones." }
        if isContext(folded, context) {
            return "The password is little more than the name or the address of the person or the firm."
        }
        return nil
    }

    /// `12345678`, `hgfedcba`: each character the neighbour of the one before.
    private static func isRow(_ text: String) -> Bool {
        let values = text.unicodeScalars.map { Int($0.value) }
        let steps = zip(values.dropFirst(), values).map { $0 - $1 }
        return steps.allSatisfy { $0 == 1 } || steps.allSatisfy { $0 == -1 }
    }

    /// Whether fewer than five characters are left without the words of `context`.
    private static func isContext(_ folded: String, _ context: [String]) -> Bool {
        let words = context.flatMap { text in
            let lower = text.lowercased()
            return [lower] + lower.split { !$0.isLetter && !$0.isNumber }.map(String.init)
        }
        var rest = folded
        // Longer words first, so that a part of one does not leave pieces of it.
        for word in Set(words).sorted(by: { ($1.count, $0) < ($0.count, $1) }) where word.count >= 3 {
            rest = rest.split(separator: word, omittingEmptySubsequences: true).joined()
        }
        return rest.count < 5 && rest.count < folded.count
    }
}
