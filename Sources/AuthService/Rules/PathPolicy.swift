/// What a path is, as far as it matters to who may open it. The list of pages that a locked session reaches stands here
/// and nowhere else: a front end cannot widen it.
enum PathPolicy {
    enum Kind: Hashable, Sendable {
        /// Set-up, verification, help and log-out: reached by a locked session too.
        case alwaysOpen
        /// A PRO's page.
        case staff
        case other
        /// Not in normal form, so that two programs may read it differently. Nobody gets in by it.
        case unclear
    }

    /// Reads a path as it was sent, without the query.
    ///
    /// Normal form: it begins with `/`; each segment is of RFC 3986's `pchar`s, not empty (`/` alone has none) and not a dot
    /// segment, with path parameters (`;…`) left aside too; percent encodings are complete, and none hides a separator, a
    /// control character, a dot, another unreserved character (RFC 3986, section 6.2.2.2), or a second encoding.
    static func kind(of path: String) -> Kind {
        var path = path
        return path.withUTF8 { bytes in unsafe kind(of: bytes.span) }
    }

    private static func kind(of path: Span<UInt8>) -> Kind {
        guard path.count > 0, path[0] == slash, isNormal(path) else { return .unclear }
        if alwaysOpen.contains(where: { begins(path, with: $0, anyCase: false) }) { return .alwaysOpen }
        // A front end that takes `/Clients` for `/clients` must not open it to a client.
        if staff.contains(where: { begins(path, with: $0, anyCase: true) }) { return .staff }
        return .other
    }

    private static let alwaysOpen: [StaticString] = ["/two-factor", "/help", "/log-out"]
    private static let staff: [StaticString] = ["/clients", "/settings"]
    private static let slash = UInt8(ascii: "/")

    /// Whether `page` is the path or its first segment.
    private static func begins(_ path: Span<UInt8>, with page: StaticString, anyCase: Bool) -> Bool {
        let count = page.utf8CodeUnitCount
        guard path.count >= count, path.count == count || path[count] == slash else { return false }
        for index in 0..<count {
            let wanted = unsafe page.utf8Start[index]
            guard path[index] == wanted || anyCase && lower(path[index]) == wanted else { return false }
        }
        return true
    }

    private static func isNormal(_ path: Span<UInt8>) -> Bool {
        guard path.count > 1 else { return true }
        var index = 1
        var segment = Segment()
        while index < path.count {
            let byte = path[index]
            switch byte {
            case slash:
                guard segment.isNormal else { return false }
                segment = Segment()
            case UInt8(ascii: "%"):
                guard index + 2 < path.count, let high = hex(path[index + 1]), let low = hex(path[index + 2]),
                    mayBeEncoded(high << 4 | low)
                else { return false }
                if high << 4 | low == UInt8(ascii: "%"), index + 4 < path.count,
                    hex(path[index + 3]) != nil, hex(path[index + 4]) != nil
                {
                    return false
                }
                segment.take(byte)
                index += 2
            default:
                guard isPlain(byte) else { return false }
                segment.take(byte)
            }
            index += 1
        }
        return segment.isNormal
    }

    /// What must be known of a segment to tell `.`, `..`, `..;x` and the empty one.
    private struct Segment {
        private var length = 0
        private var onlyDots = true
        private var inParameters = false

        mutating func take(_ byte: UInt8) {
            if byte == UInt8(ascii: ";") { inParameters = true }
            guard !inParameters else { return }
            length += 1
            if byte != UInt8(ascii: ".") { onlyDots = false }
        }

        /// More than two dots name a file; still nobody calls one that, and some systems climb by them.
        var isNormal: Bool { length > 0 && !onlyDots }
    }

    /// RFC 3986's `pchar` without the percent sign. Quotes, backslashes, spaces and bytes over 0x7F are not among them.
    private static func isPlain(_ byte: UInt8) -> Bool {
        if isUnreserved(byte) { return true }
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"),
            UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: "@"):
            return true
        default: return false
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func mayBeEncoded(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7F && byte != slash && byte != UInt8(ascii: "\\") && !isUnreserved(byte)
    }

    private static func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

    private static func hex(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
