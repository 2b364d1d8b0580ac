/// A phone number in the form of ITU-T E.164: `+`, the country's code and the rest, 7 to 15 digits in all.
///
/// Never printed whole: its description is masked.
struct PhoneNumber: Hashable, Sendable {
    /// `+14155552671`.
    let e164: String
    /// ISO 3166 code of the country; nil for a global service such as a satellite network.
    let country: String?
    /// The kind of number, where it is not an ordinary one.
    let special: NumberingPlan.Special?

    /// Reads E.164 with or without separators, or a US number as people write it: `(415) 555-2671` or
    /// `1 415 555 2671`.
    ///
    /// - Throws: ``BadNumber`` where it cannot be one. Whether one may be sent to, ``refusal(allowing:)`` tells.
    init(_ text: String) throws(BadNumber) {
        let digits = try Self.digits(of: text)
        e164 = "+" + digits
        special = NumberingPlan.special(digits)
        country = NumberingPlan.country(digits)
        if let country {
            if special == nil { try Self.checkLength(digits, of: country) }
            return
        }
        if digits.first == "1" {
            throw BadNumber(
                "is no number of the North American plan (+1): its area code or exchange cannot be")
        }
        if special == nil { throw BadNumber("begins with no country's code") }
    }

    /// The number less its last four digits: neighbours, among whom fraud shows.
    var prefix: String { String(e164.dropLast(4)) }

    /// The country's code and the last two digits, the rest as dots: `+1••••••••71`.
    var masked: String {
        let shown = e164.hasPrefix("+1") ? 2 : 3
        return e164.prefix(shown) + String(repeating: "•", count: e164.count - shown - 2) + e164.suffix(2)
    }

    /// Why no code is sent to this number, as a sentence; nil where one may be.
    func refusal(allowing countries: Set<String>) -> String? {
        if let special { return "No codes are sent to \(special.rawValue) numbers." }
        guard let country, countries.contains(country) else {
            return
                "No codes are sent to numbers of \(country ?? "this kind"), only of \(Self.list(countries))."
        }
        return nil
    }

    private static func list(_ countries: Set<String>) -> String {
        countries.sorted().joined(separator: ", ")
    }

    /// How many digits a number must have its country decides.
    private static func checkLength(_ digits: Substring, of country: String) throws(BadNumber) {
        let lengths = NumberingPlan.lengths(of: country)
        guard !lengths.contains(digits.count) else { return }
        let wanted = lengths.sorted().map { "\($0)" }.joined(separator: ", ")
        throw BadNumber("has \(digits.count) digits after its +; those of \(country) have \(wanted)")
    }

    /// The digits of E.164, without the `+`.
    private static func digits(of text: String) throws(BadNumber) -> Substring {
        guard text.utf8.count <= 64 else { throw BadNumber("is longer than a phone number") }
        var digits = ""
        var isInternational = false
        for character in text {
            switch character {
            case "0"..."9" where character.isASCII: digits.append(character)
            case "+" where digits.isEmpty && !isInternational: isInternational = true
            case " ", "\u{A0}", "-", "\u{2010}", "\u{2011}", "\u{2013}", ".", "(", ")", "/": continue
            default: throw BadNumber("has a character that no phone number has")
            }
        }
        if isInternational {
            guard digits.first != "0" else { throw BadNumber("has a 0 after its +") }
            guard (7...15).contains(digits.count) else {
                throw BadNumber("has \(digits.count) digits after its +, not 7 to 15")
            }
            return digits[...]
        }
        switch (digits.count, digits.first) {
        case (0, _): throw BadNumber("has no digits")
        case (11, "1"): return digits[...]
        case (10, _) where digits.first != "0" && digits.first != "1": return ("1" + digits)[...]
        default:
            throw BadNumber(
                "is no US number of ten digits; a number of another country begins with + and its code")
        }
    }
}

extension PhoneNumber: CustomStringConvertible, CustomReflectable {
    var description: String { masked }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Why a text is no phone number; does not repeat it.
struct BadNumber: Error, Equatable, CustomStringConvertible {
    /// What is wrong, to be read after the field's name: "has no digits".
    let problem: String

    init(_ problem: String) { self.problem = problem }

    var description: String { "The number \(problem)." }
}
