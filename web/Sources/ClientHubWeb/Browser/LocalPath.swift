/// A path of this site, with its query: the only kind of place that a visitor is ever sent to. No text that leads to
/// another host can be one, so no link can make this site an open redirect.
struct LocalPath: Equatable, Sendable, CustomStringConvertible {
    let description: String

    /// Nil unless `text` begins with one slash, and is of the characters of a path and a query (RFC 3986) alone.
    init?(_ text: String?) {
        guard let text, text.utf8.count <= 1_024, text.utf8.first == UInt8(ascii: "/"),
            text.utf8.dropFirst().first != UInt8(ascii: "/"), text.utf8.allSatisfy(Self.isPlain)
        else { return nil }
        description = text
    }

    private init(unchecked text: String) { description = text }

    static let home = LocalPath("/")

    /// The same place with `name` and `value` in its query.
    func adding(_ name: StaticString, _ value: String) -> LocalPath {
        LocalPath(
            unchecked: description + (description.contains("?") ? "&" : "?") + "\(name)="
                + percentEncoded(value))
    }

    /// The same place, which then leads on to `next`; home is where people go unless told otherwise.
    func then(_ next: LocalPath) -> LocalPath { next == .home ? self : adding("next", next.description) }

    /// A backslash counts as a slash to some browsers, and what is no ASCII as whatever they like.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "\\") && byte != UInt8(ascii: "\"")
            && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">") && byte != UInt8(ascii: "#")
    }
}

/// A path that stands in the code.
extension LocalPath: ExpressibleByStringLiteral {
    init(stringLiteral path: StaticString) { description = "\(path)" }
}

/// `text` for a query or a path's segment: all but the unreserved characters as their bytes (RFC 3986, section 2).
func percentEncoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
            encoded.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            let hex = String(byte, radix: 16, uppercase: true)
            encoded += hex.count == 1 ? "%0" + hex : "%" + hex
        }
    }
    return encoded
}
