import Wire

/// The languages of the pages.
enum PageLanguage: String, CaseIterable, Sendable {
    case english = "en"
    case spanish = "es"

    /// What it calls itself.
    var ownName: String {
        switch self {
        case .english: "English"
        case .spanish: "Español"
        }
    }

    /// The language of the text messages that go with the pages.
    var ofMessages: Wire.Language {
        switch self {
        case .english: .en
        case .spanish: .es
        }
    }

    /// The first of a browser's languages that there is (RFC 9110, section 12.5.4), else English.
    init(acceptLanguage header: String?) {
        let wishes = (header ?? "").split(separator: ",").prefix(16).map { wish in
            let parts = wish.split(separator: ";")
            let quality = parts.dropFirst().compactMap { part -> Double? in
                let text = part.drop { $0 == " " }
                return text.hasPrefix("q=") ? Double(text.dropFirst(2)) : nil
            }
            let tag = (parts.first ?? "").drop { $0 == " " }.prefix { $0 != "-" && $0 != " " }
            return (language: PageLanguage(rawValue: tag.lowercased()), quality: quality.first ?? 1)
        }
        let best = wishes.filter { $0.language != nil && $0.quality > 0 }.max { $0.quality < $1.quality }
        // Of equal wishes `max` gives the last, and the first is meant.
        self = wishes.first { $0.language != nil && $0.quality == best?.quality }?.language ?? .english
    }
}
