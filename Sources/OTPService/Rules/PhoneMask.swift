/// A phone number as it may be shown to who has given no second factor yet, and in a log.
enum PhoneMask {
    /// `•••• ••71`: the last two digits and nothing else, neither the country nor how long the number is.
    static func mask(_ phone: String) -> String {
        let digits = phone.utf8.filter { (0x30...0x39).contains($0) }
        return "•••• ••" + String(decoding: digits.suffix(2), as: UTF8.self)
    }
}
