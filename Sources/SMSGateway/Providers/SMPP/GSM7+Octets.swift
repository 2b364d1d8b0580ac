extension GSM7 {
    private static let escape: UInt8 = 0x1B

    /// The alphabet in its order (3GPP TS 23.038, section 6.2.1); 0x1B is the escape.
    private static let septets = Array(
        ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1B}ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà").unicodeScalars)

    /// What stands behind an escape (section 6.2.1.1).
    private static let extended: [(septet: UInt8, scalar: Unicode.Scalar)] = [
        (0x0A, "\u{C}"), (0x14, "^"), (0x28, "{"), (0x29, "}"), (0x2F, "\\"), (0x3C, "["), (0x3D, "~"),
        (0x3E, "]"), (0x40, "|"), (0x65, "€"),
    ]

    private static let codes: [Unicode.Scalar: [UInt8]] = {
        var codes: [Unicode.Scalar: [UInt8]] = [:]
        for (index, scalar) in septets.enumerated() where UInt8(index) != escape {
            codes[scalar] = [UInt8(index)]
        }
        for entry in extended { codes[entry.scalar] = [escape, entry.septet] }
        return codes
    }()

    /// The septets of a text, one in each byte; nil where it has a character outside of the alphabet.
    static func octets(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard let code = codes[scalar] else { return nil }
            bytes += code
        }
        return bytes
    }

    /// The text of septets, one in each byte. An escape that means nothing is a space, as the standard says.
    static func text(_ bytes: some Collection<UInt8>) -> String {
        var text = ""
        var isEscaped = false
        for byte in bytes {
            if byte == escape, !isEscaped {
                isEscaped = true
                continue
            }
            let plain = byte < 0x80 ? septets[Int(byte)] : "?"
            let scalar = isEscaped ? extended.first { $0.septet == byte }?.scalar ?? plain : plain
            text.unicodeScalars.append(scalar == "\u{1B}" ? " " : scalar)
            isEscaped = false
        }
        return text
    }
}
