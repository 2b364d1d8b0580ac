/// The default alphabet of text messages, GSM 03.38 (3GPP TS 23.038, section 6.2.1).
///
/// A text within it takes seven bits a character, 160 to a message; one character outside of it makes the
/// whole text UCS-2 with 70, and so two or three messages at their price.
enum GSM7 {
    /// What one message holds.
    static let segment = 160

    /// The septets that `text` takes; nil where it has a character outside of the alphabet.
    static func septets(_ text: String) -> Int? {
        var count = 0
        for scalar in text.unicodeScalars {
            if basic.contains(scalar) {
                count += 1
            } else if escaped.contains(scalar) {
                count += 2
            } else {
                return nil
            }
        }
        return count
    }

    /// The character of the one-septet alphabet that is, or looks most like, `character`; nil where none
    /// does.
    static func nearest(_ character: Character) -> Character? { nearest[character] }

    private static let letters =
        "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
        + "abcdefghijklmnopqrstuvwxyzäöñüà"

    private static let basic = Set((letters + "\n\r").unicodeScalars)

    /// Written as an escape and a septet.
    private static let escaped = Set("\u{C}^{}\\[~]|€".unicodeScalars)

    // A Character's equality is canonical, so that decomposed letters are found here too and come out
    // composed.
    private static let nearest: [Character: Character] = {
        var table: [Character: Character] = [:]
        for letter in letters { table[letter] = letter }
        let alike: [(Character, String)] = [
            ("a", "áâãāăą"), ("e", "êëēĕėęě"), ("i", "íîïīĭįı"), ("o", "óôõōŏő"), ("u", "úûūŭůűų"),
            ("y", "ýÿ"),
            ("A", "ÁÀÂÃĀĂĄ"), ("E", "ÈÊËĒĔĖĘĚ"), ("I", "ÍÌÎÏĪĬĮİ"), ("O", "ÓÒÔÕŌŎŐ"), ("U", "ÚÙÛŪŬŮŰŲ"),
            ("Y", "ÝŸ"),
            ("c", "çćĉċč"), ("C", "ĆĈĊČ"), ("l", "łĺļľ"), ("L", "ŁĹĻĽ"), ("n", "ńņň"), ("N", "ŃŅŇ"),
            ("s", "śŝşš"), ("S", "ŚŜŞŠ"), ("z", "źżž"), ("Z", "ŹŻŽ"), ("g", "ĝğġģ"), ("G", "ĜĞĠĢ"),
            ("r", "ŕŗř"), ("R", "ŔŖŘ"),
            ("t", "ţť"), ("T", "ŢŤ"), ("d", "ďđ"), ("D", "ĎĐ"),
            ("'", "‘’‚′`´"), ("\"", "“”„«»"), ("-", "‐‑‒–—−"), (" ", "\u{A0}\u{2009}\u{202F}\t"), ("+", "＋"),
            ("&", "＆"),
        ]
        for (letter, others) in alike {
            for other in others { table[other] = letter }
        }
        return table
    }()
}
