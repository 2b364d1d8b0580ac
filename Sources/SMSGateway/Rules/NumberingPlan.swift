/// What the beginning of a number tells: whose numbers they are, and whether they are of a kind that no code
/// is sent to.
///
/// Out of ``NumberingTable``, and by hand what that does not have. A range that neither names counts as an ordinary
/// one of its country, since new ranges are opened every month and an old table must not lock a client out; the
/// allow-list of countries bounds what that can cost.
enum NumberingPlan {
    /// A kind of number that no code is sent to: it costs more, or is nobody's mobile phone.
    enum Special: String, CaseIterable {
        case premium = "premium-rate"
        case shared = "shared-cost"
        case tollFree = "toll-free"
        case satellite = "satellite"
        case international = "international service"
        case personal = "personal or pager"
        case service = "service"
    }

    /// ISO 3166 code of the country that `digits`, a number without its `+`, belongs to; nil where no country
    /// has them.
    static func country(_ digits: Substring) -> String? {
        if digits.first == "1", !NorthAmerica.isNumber(digits.dropFirst()) { return nil }
        return longest(digits, in: countries)
    }

    /// The special range that a number of these digits is in, if any.
    static func special(_ digits: Substring) -> Special? {
        if digits.first == "1", NorthAmerica.isService(digits.dropFirst()) { return .service }
        return longest(digits, in: specials)
    }

    /// How many digits numbers of a country have, its code with them; none where there is no such country.
    static func lengths(of country: String) -> Set<Int> { lengths[country] ?? [] }

    /// Whether numbers of the country with this ISO 3166 code can be told.
    static func isCountry(_ code: String) -> Bool { lengths[code] != nil }

    /// The value of the longest beginning of `digits` that `table` has.
    private static func longest<Value>(_ digits: Substring, in table: [Prefix: Value]) -> Value? {
        var prefix = Prefix()
        var found: Value?
        for digit in digits.utf8.prefix(longestPrefix) {
            prefix.append(digit)
            found = table[prefix] ?? found
        }
        return found
    }

    /// A beginning of numbers, as a number: its digits after a 1, so that a 0 in front counts too.
    private struct Prefix: Hashable {
        private var value = 1

        init() {}

        init(_ digits: Substring) { for digit in digits.utf8 { append(digit) } }

        mutating func append(_ digit: UInt8) { value = value * 10 + Int(digit) - Int(UInt8(ascii: "0")) }
    }

    // MARK: the tables

    /// Three digits of a country's code and six after it.
    private static let longestPrefix = 9

    /// Country codes, and the ranges below one that are another country's.
    private static let countries: [Prefix: String] = {
        var table: [Prefix: String] = [:]
        for entry in words(NumberingTable.countries, each: 3) where table[Prefix(entry[1])] == nil {
            table[Prefix(entry[1])] = String(entry[0])
        }
        for entry in words(NumberingTable.foreign, each: 2) { table[Prefix(entry[0])] = String(entry[1]) }
        return table
    }()

    private static let lengths: [String: Set<Int>] = words(NumberingTable.countries, each: 3).reduce(into: [:]
    ) {
        table, entry in
        table[String(entry[0])] = Set(
            entry[2].split(separator: ",").compactMap { Int($0) }.map { $0 + entry[1].count })
    }

    /// The ITU's global services, which are no country's.
    private static let global: [(kind: Special, prefixes: String)] = [
        (.satellite, "870 881"), (.international, "882 883 888 991"), (.personal, "878"), (.tollFree, "800"),
        (.shared, "808"), (.premium, "979"),
    ]

    private static let specials: [Prefix: Special] = (NumberingTable.costly + global).reduce(into: [:]) {
        table, range in
        for prefix in range.prefixes.split(whereSeparator: \.isWhitespace) {
            table[Prefix(prefix)] = range.kind
        }
    }

    /// The words of a text, so many to an entry.
    private static func words(_ text: String, each count: Int) -> [[Substring]] {
        let words = text.split(whereSeparator: \.isWhitespace)
        return stride(from: 0, to: words.count, by: count).map { at in
            Array(words[at..<min(at + count, words.count)])
        }
    }
}
