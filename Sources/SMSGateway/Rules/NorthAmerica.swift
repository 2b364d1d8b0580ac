/// The North American Numbering Plan, +1: one country code for the US, Canada and two dozen islands and
/// territories.
///
/// A number is an area code, an exchange and four digits: NXX-NXX-XXXX, where N is 2 to 9. What is told here is
/// what holds for every area code; whose each of them is stands in ``NumberingTable``. One that stands nowhere is
/// taken for one of the US: nearly all new ones are.
enum NorthAmerica {
    /// Whether the ten digits after +1 can be a number.
    static func isNumber(_ digits: Substring) -> Bool {
        digits.count == 10 && isAreaCode(digits.prefix(3)) && isExchange(digits.dropFirst(3).prefix(3))
    }

    /// Whether it is nobody's phone: 976 sells by the minute in every area code, 700 is the carriers' own, 710 the
    /// US government's, 456 and 600 are for machines, 555-1212 is directory assistance.
    static func isService(_ digits: Substring) -> Bool {
        ["456", "600", "700", "710"].contains(digits.prefix(3)) || digits.dropFirst(3).prefix(3) == "976"
            || digits.dropFirst(3) == "5551212"
    }

    /// N11 are services such as 911; N9X, 37X and 96X are kept back for longer numbers to come.
    private static func isAreaCode(_ code: Substring) -> Bool {
        isNXX(code) && !code.hasSuffix("11") && code.dropFirst().first != "9" && !code.hasPrefix("37")
            && !code.hasPrefix("96")
    }

    private static func isExchange(_ code: Substring) -> Bool { isNXX(code) && !code.hasSuffix("11") }

    private static func isNXX(_ code: Substring) -> Bool {
        code.first.map { $0 >= "2" && $0 <= "9" } ?? false
    }
}
