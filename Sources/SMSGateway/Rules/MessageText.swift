import Wire

/// What a message says: the gateway's own template, so that no caller can send a text of its own.
///
///     ClientHub code: 123456. Expires in 5 min. Never share it.
///
///     @app.example.com #123456
///
/// or the same in Spanish.
///
/// The last line, of the W3C's "Origin-bound one-time codes delivered via SMS", lets a browser fill the code
/// in on that site and on no other. Always one GSM-7 segment: the brand is shortened until it is.
enum MessageText {
    /// What stands for a brand of which nothing is left.
    static let defaultBrand = "ClientHub"
    /// The longest brand, in characters.
    static let longestBrand = 40
    /// What the brand keeps at least; where a domain leaves it less, its line is left out.
    static let shortestBrand = 12

    /// The text.
    ///
    /// `code` is 4 to 10 digits, `life` the seconds that it lives, which are told in minutes, and `domain` a
    /// host name as ``isHost(_:)`` takes it.
    static func compose(
        code: String, life: Int, brand: String?, domain: String?, language: Language = .en
    ) -> String {
        let sentence = sentence(code, minutes: max(1, (life + 30) / 60), in: language)
        let brand = clean(brand ?? "")
        if let domain {
            let line = "\n\n@\(domain) #\(code)"
            let room = GSM7.segment - sentence.count - line.count
            if room >= min(brand.count, shortestBrand) { return shorten(brand, to: room) + sentence + line }
        }
        return shorten(brand, to: GSM7.segment - sentence.count) + sentence
    }

    /// What follows the brand. Spanish goes without the accent of "código", which the alphabet does not have.
    private static func sentence(_ code: String, minutes: Int, in language: Language) -> String {
        switch language {
        case .en: " code: \(code). Expires in \(minutes) min. Never share it."
        case .es: " codigo: \(code). Vence en \(minutes) min. No lo comparta."
        }
    }

    /// Whether `text` is a host name as it stands in a link: dots between labels of letters, digits and
    /// hyphens.
    static func isHost(_ text: String) -> Bool {
        guard (1...253).contains(text.utf8.count) else { return false }
        return text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy {
            label in
            (1...63).contains(label.count) && label.first != UInt8(ascii: "-")
                && label.last != UInt8(ascii: "-")
                && label.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                        UInt8(ascii: "-"):
                        true
                    default: false
                    }
                }
        }
    }

    /// A brand as it may stand in a text: one line in the GSM alphabet, without what phones turn into links
    /// or take for a code's line: `@`, `#`, `/`, `:`, and dots inside of words.
    static func clean(_ brand: String) -> String {
        var cleaned = ""
        let characters = brand.compactMap { GSM7.nearest($0) }.filter { !"@#/:".contains($0) }
        for (index, character) in characters.enumerated() {
            let isInside = index + 1 < characters.count && characters[index + 1] != " "
            if character == "." && isInside { continue }
            if character == " " && (cleaned.isEmpty || cleaned.last == " ") { continue }
            cleaned.append(character)
        }
        let brand = shorten(cleaned, to: longestBrand)
        return brand.isEmpty ? defaultBrand : brand
    }

    private static func shorten(_ brand: String, to length: Int) -> String {
        var short = brand.prefix(max(0, length))
        while short.last == " " { short.removeLast() }
        return String(short)
    }
}
