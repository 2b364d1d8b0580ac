/// The North American Numbering Plan, +1: one country code for the US, Canada and two dozen islands and
/// territories.
///
/// A number is an area code, an exchange and four digits: NXX-NXX-XXXX, where N is 2 to 9.
enum NorthAmerica {
    /// Whose a number is, by the ten digits after +1; nil where they cannot be a number.
    ///
    /// An area code that no table has is taken for one of the US: nearly all new ones are.
    static func country(_ digits: Substring) -> String? {
        let area = digits.prefix(3)
        guard digits.count == 10, isAreaCode(area), isExchange(digits.dropFirst(3).prefix(3)) else {
            return nil
        }
        if canada.contains(area) { return "CA" }
        return others[area] ?? "US"
    }

    /// All the countries of the plan.
    static var countries: Set<String> { Set(others.values).union(["US", "CA"]) }

    /// The special kind of a number, by the ten digits after +1.
    static func special(_ digits: Substring) -> NumberingPlan.Special? {
        let area = digits.prefix(3)
        let exchange = digits.dropFirst(3).prefix(3)
        if area == "900" || exchange == "976" { return .premium }
        if tollFree.contains(area) { return .tollFree }
        if personal.contains(area) { return .personal }
        // 700 is the carriers' own, 710 the US government's, 555-1212 directory assistance.
        if area == "700" || area == "710" || area == "456" || digits.dropFirst(3) == "5551212" {
            return .service
        }
        return nil
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

    // MARK: the tables

    private static let canada = codes(
        """
        204 226 236 249 250 257 263 273 289 306 343 354 365 367 368 382 403 416 418 428 431 437 438 450 468 474
        506 514 519 548 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873
        879 902 905 942
        """)

    /// Neither the US nor Canada. The US territories are countries of their own in ISO 3166, and so on the
    /// allow-list.
    private static let others: [Substring: String] = [
        "242": "BS", "246": "BB", "264": "AI", "268": "AG", "284": "VG", "340": "VI", "345": "KY",
        "441": "BM",
        "473": "GD", "649": "TC", "658": "JM", "664": "MS", "670": "MP", "671": "GU", "684": "AS",
        "721": "SX",
        "758": "LC", "767": "DM", "784": "VC", "787": "PR", "809": "DO", "829": "DO", "849": "DO",
        "868": "TT",
        "869": "KN", "876": "JM", "939": "PR",
    ]

    private static let tollFree = codes(
        "800 822 833 844 855 866 877 880 881 882 883 884 885 886 887 888 889")

    /// Follow-me and machine numbers, without a place.
    private static let personal = codes(
        """
        500 521 522 523 524 525 526 527 528 529 532 533 535 538 542 543 544 545 546 547 549 550 552 553 554 556 566
        569 577 578 588 589 600 622 633 644 655 677 688
        """)

    private static func codes(_ text: String) -> Set<Substring> {
        Set(text.split(whereSeparator: \.isWhitespace))
    }
}
