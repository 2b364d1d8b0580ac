import Cryptography

/// The address that a QR code carries into an authenticator app, in the Key URI Format that the apps share:
/// `otpauth://totp/Smith%20%26%20Co:ann%40example.com?secret=…&issuer=Smith%20%26%20Co&…`.
enum KeyURI {
    /// The address for `secret`. `issuer`, the firm's name, and `account` are what the app shows.
    ///
    /// A colon parts the two in the label, so none may stand in either; what has one loses it. The algorithm, digits and
    /// period are the ones every app takes for granted, and are said all the same.
    static func totp(secret: [UInt8], issuer: String?, account: String) -> String {
        let issuer = encoded(issuer ?? "")
        let label = issuer.isEmpty ? encoded(account) : "\(issuer):\(encoded(account))"
        let source = issuer.isEmpty ? "" : "&issuer=\(issuer)"
        return "otpauth://totp/\(label)?secret=\(Base32.encode(secret))\(source)"
            + "&algorithm=SHA1&digits=6&period=\(TOTP.period)"
    }

    /// Percent-encodes all but the unreserved characters of RFC 3986, section 2.3; a blank becomes `%20`, since apps do
    /// not read `+` as one.
    private static func encoded(_ text: String) -> String {
        var encoded: [UInt8] = []
        for byte in text.utf8 where byte != UInt8(ascii: ":") {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.append(byte)
            default:
                encoded += [UInt8(ascii: "%")] + Array(Hex.encode([byte]).uppercased().utf8)
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
