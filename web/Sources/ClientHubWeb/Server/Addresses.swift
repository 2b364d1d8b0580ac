import Glibc

/// Where the front end listens. It speaks no TLS, so it is reached from its own host alone.
enum ListenAddress: Equatable, Sendable {
    case unix(path: String)
    case loopback(host: String, port: Int)

    /// Reads `unix:/PATH`, `127.0.0.1:PORT`, `localhost:PORT` or `[::1]:PORT`; port 0 is any free one.
    init?(_ text: String) {
        if text.hasPrefix("unix:/"), text.utf8.count <= "unix:".utf8.count + 107 {
            self = .unix(path: String(text.dropFirst("unix:".count)))
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return nil }
        switch text[..<colon] {
        case "127.0.0.1", "localhost": self = .loopback(host: "127.0.0.1", port: port)
        case "[::1]": self = .loopback(host: "::1", port: port)
        default: return nil
        }
    }
}

/// What a browser's address bar shows before the path (RFC 6454): scheme, host and port.
struct Origin: Equatable, Sendable {
    let text: String
    /// The host, without the port.
    let host: String

    init?(_ text: String) {
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { return nil }
        let authority = text.dropFirst(scheme.count)
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, host.utf8.count <= 253, parts.count <= 2,
            host.utf8.allSatisfy({
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E
            }),
            parts.count == 1 || Int(parts[1]).map((1...65_535).contains) == true
        else { return nil }
        self.text = text
        self.host = String(host)
    }

    var isSecure: Bool { text.hasPrefix("https://") }
    /// Whether browsers take it for secure without TLS, since it never leaves the host.
    var isLoopback: Bool { host == "localhost" || host == "127.0.0.1" }
}

/// The address of a film for the help page.
struct HelpVideo: Equatable, Sendable {
    let url: String

    init?(_ text: String) {
        guard text.hasPrefix("https://"), text.utf8.count > "https://".utf8.count,
            text.utf8.allSatisfy({
                $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x3B && $0 != 0x2C && $0 != 0x27
            })
        else { return nil }
        url = text
    }

    /// Whether it is a file that a browser plays, and not a page to frame.
    var isFile: Bool {
        let path = url.prefix { $0 != "?" && $0 != "#" }
        return path.hasSuffix(".mp4") || path.hasSuffix(".webm")
    }

    /// Scheme and host, for the Content-Security-Policy.
    var origin: String {
        let rest = url.dropFirst("https://".count)
        return "https://" + rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    }
}

/// A range of IP addresses, by the bits that they have in common.
struct AddressRange: Equatable, Sendable {
    private let network: IPAddress
    private let bits: Int

    /// Reads an address, or an address, a slash and a number of bits.
    init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(parts[0])) else { return nil }
        network = address
        if parts.count == 2 {
            guard let bits = Int(parts[1]), (0...address.bytes.count * 8).contains(bits) else { return nil }
            self.bits = bits
        } else {
            bits = address.bytes.count * 8
        }
    }

    func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == network.bytes.count else { return false }
        let whole = bits / 8
        guard address.bytes[..<whole] == network.bytes[..<whole] else { return false }
        guard bits % 8 > 0 else { return true }
        let mask = UInt8.max << (8 - bits % 8)
        return address.bytes[whole] & mask == network.bytes[whole] & mask
    }
}

/// An IPv4 or IPv6 address. An IPv4 address in IPv6's clothes (`::ffff:…`) is the IPv4 address.
struct IPAddress: Equatable, Sendable, CustomStringConvertible {
    let bytes: [UInt8]

    init?(_ text: String) {
        var v4 = in_addr()
        var v6 = in6_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            bytes = withUnsafeBytes(of: &v4) { Array($0) }
        } else if inet_pton(AF_INET6, text, &v6) == 1 {
            let all = withUnsafeBytes(of: &v6) { Array($0) }
            let isMapped = all[..<10].allSatisfy { $0 == 0 } && all[10] == 0xFF && all[11] == 0xFF
            bytes = isMapped ? Array(all[12...]) : all
        } else {
            return nil
        }
    }

    var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        _ = bytes.withUnsafeBytes {
            inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, $0.baseAddress, &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// Who a request comes from.
enum ClientAddress {
    /// The visitor's address: the peer's, or where the peer is a trusted proxy the last one in X-Forwarded-For that no
    /// trusted proxy has. What stands further to the left is what anybody could have written.
    ///
    /// `peer` is nil on a Unix socket, whose peer is the proxy. Nil where nobody could tell.
    static func find(peer: String?, forwarded: [String], trusted: [AddressRange]) -> String? {
        func isTrusted(_ address: IPAddress) -> Bool { trusted.contains { $0.contains(address) } }
        if let peer {
            guard let address = IPAddress(peer) else { return nil }
            guard isTrusted(address) else { return address.description }
        }
        let hops = forwarded.joined(separator: ",").split(separator: ",")
            .map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
        for hop in hops.reversed() {
            guard let address = IPAddress(hop) else { break }
            if !isTrusted(address) { return address.description }
        }
        return peer.flatMap(IPAddress.init)?.description
    }
}
