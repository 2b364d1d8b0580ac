/// The identity of a firm, a person, a session, a message: a UUID of version 7 (RFC 9562, section 5.7), so that later
/// ones sort after earlier ones. On the wire its lower-case text.
public struct ID: Hashable, Comparable, Sendable {
    /// The 16 bytes, as two big-endian halves.
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new one, made at `now`; the random bits come from the system's cryptographic generator.
    public init(now: Timestamp = .now) {
        var random = SystemRandomNumberGenerator()
        let time = UInt64(clamping: now.milliseconds) & 0xFFFF_FFFF_FFFF
        high = time << 16 | 0x7000 | random.next() & 0x0FFF
        low = 0x8000_0000_0000_0000 | random.next() >> 2
    }

    /// Reads 16 bytes, as ``bytes`` writes them.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        high = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
    }

    public var bytes: [UInt8] {
        (0..<16).map { index in
            let half = index < 8 ? high : low
            return UInt8(truncatingIfNeeded: half >> UInt64(56 - index % 8 * 8))
        }
    }

    public static func < (one: ID, other: ID) -> Bool {
        (one.high, one.low) < (other.high, other.low)
    }
}

extension ID: CustomStringConvertible, LosslessStringConvertible {
    public var description: String {
        String(unsafeUninitializedCapacity: 36) { text in
            var at = 0
            for index in 0..<32 {
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    text[at] = UInt8(ascii: "-")
                    at += 1
                }
                let half = index < 16 ? high : low
                let nibble = UInt8(half >> UInt64(60 - index % 16 * 4) & 0xF)
                text[at] = nibble < 10 ? 0x30 + nibble : 0x57 + nibble
                at += 1
            }
            return at
        }
    }

    /// Reads the 36 characters of a UUID; upper-case digits are taken too.
    public init?(_ text: String) {
        let characters = text.utf8
        guard characters.count == 36 else { return nil }
        var halves: (UInt64, UInt64) = (0, 0)
        var position = 0
        for character in characters {
            defer { position += 1 }
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard character == UInt8(ascii: "-") else { return nil }
                continue
            }
            let nibble: UInt8
            switch character {
            case 0x30...0x39: nibble = character - 0x30
            case 0x61...0x66: nibble = character - 0x57
            case 0x41...0x46: nibble = character - 0x37
            default: return nil
            }
            if position < 18 {
                halves.0 = halves.0 << 4 | UInt64(nibble)
            } else {
                halves.1 = halves.1 << 4 | UInt64(nibble)
            }
        }
        self.init(high: halves.0, low: halves.1)
    }
}

extension ID: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = ID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a UUID")
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
