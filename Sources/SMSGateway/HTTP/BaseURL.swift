/// An `https` URL that others begin with: a host, a port where it is not 443, and a path without a slash at its end.
struct BaseURL: Sendable, Equatable {
    let text: String
    /// The host, and the port where it is given.
    let authority: String

    /// What a setting for one may be.
    static let bounds = "an https URL without query"

    init?(_ text: String) {
        guard text.hasPrefix("https://"), text.utf8.count <= 512 else { return nil }
        let rest = text.dropFirst("https://".count)
        let authority = rest.prefix { $0 != "/" }
        let path = rest[authority.endIndex...]
        guard Self.isAuthority(authority), path.utf8.allSatisfy(Self.isPath) else { return nil }
        self.text = String(text.reversed().drop { $0 == "/" }.reversed())
        self.authority = String(authority)
    }

    /// The host without the port.
    var host: Substring {
        guard let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") else {
            return authority[...]
        }
        return authority[..<colon]
    }

    /// A host name or an address, and a port if there is one.
    private static func isAuthority(_ text: Substring) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if text.hasPrefix("[") {
            return text.dropFirst().prefix { $0 != "]" }.allSatisfy { $0.isHexDigit || $0 == ":" }
                && text.contains("]")
        }
        guard (1...2).contains(parts.count), !parts[0].isEmpty, parts[0].utf8.allSatisfy(isHost) else {
            return false
        }
        return parts.count == 1 || UInt16(parts[1]).map { $0 > 0 } == true
    }

    private static func isHost(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || isPath(byte) && byte != UInt8(ascii: "/") && byte != UInt8(ascii: "~")
    }

    private static func isPath(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || FormText.isUnreserved(byte)
    }
}
