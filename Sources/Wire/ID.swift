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
    public var description: String { String(unsafeUninitializedCapacity: 36, initializingUTF8With: write) }

    /// Writes the 36 characters of ``description`` to `text`, and gives their number.
    func write(to text: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let target = UnsafeMutableRawBufferPointer(text)
        func put(_ characters: UInt64, at offset: Int) {
            target.storeBytes(of: characters.bigEndian, toByteOffset: offset, as: UInt64.self)
        }
        // Eight digits at a time, each group of them where it belongs, and the dashes into the gaps.
        let (second, third) = (hexDigits(UInt32(truncatingIfNeeded: high)), hexDigits(UInt32(low >> 32)))
        put(hexDigits(UInt32(high >> 32)), at: 0)
        put(second, at: 9)
        put(second << 32, at: 14)
        put(third, at: 19)
        put(third << 32, at: 24)
        put(hexDigits(UInt32(truncatingIfNeeded: low)), at: 28)
        text[8] = UInt8(ascii: "-")
        text[13] = UInt8(ascii: "-")
        text[18] = UInt8(ascii: "-")
        text[23] = UInt8(ascii: "-")
        return 36
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

/// The eight lower-case hexadecimal digits of a number, as ASCII, the first in the highest byte.
private func hexDigits(_ number: UInt32) -> UInt64 {
    var digits = UInt64(number)
    digits = (digits << 16 | digits) & 0x0000_FFFF_0000_FFFF
    digits = (digits << 8 | digits) & 0x00FF_00FF_00FF_00FF
    digits = (digits << 4 | digits) & 0x0F0F_0F0F_0F0F_0F0F
    // 1 in each byte that is over 9, and so a letter.
    let letters = (digits + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    return digits + 0x3030_3030_3030_3030 + letters * 0x27
}
