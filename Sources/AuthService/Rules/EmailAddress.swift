/// An e-mail address as people log in with it. It is read no more strictly than mail is delivered by it.
struct EmailAddress: Hashable, Sendable {
    /// As it was given, without the white space around it.
    let text: String
    /// What it is found by: the same for `Ana@Example.com` and `ana@example.com`.
    let key: String

    /// Nil where `text` can be no address (RFC 5321, section 4.5.3.1: at most 64 bytes before the `@`, 254 in all).
    init?(_ text: String) {
        let trimmed = Self.trim(text)
        guard trimmed.utf8.count <= 254, let at = trimmed.lastIndex(of: "@") else { return nil }
        let local = trimmed[..<at].utf8
        let domain = trimmed[trimmed.index(after: at)...]
        guard (1...64).contains(local.count), !local.contains(UInt8(ascii: "@")),
            trimmed.unicodeScalars.allSatisfy({
                !$0.properties.isWhitespace && $0.value > 0x20 && $0.value != 0x7F
            }),
            domain.split(separator: ".", omittingEmptySubsequences: false).allSatisfy({
                (1...63).contains($0.utf8.count)
            })
        else { return nil }
        self.text = trimmed
        key = trimmed.lowercased()
    }

    /// What somebody who is logging in has typed, be it an address or not: it is looked up all the same, so that it takes
    /// as long.
    static func key(typed text: String) -> String { trim(text).lowercased() }

    private static func trim(_ text: String) -> String {
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }
}
