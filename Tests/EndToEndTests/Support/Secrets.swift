import Glibc
import Wire

/// All that was secret in a run, and the search for it where it must not be.
@Loop
final class Secrets {
    /// What is secret wherever it stands: passwords, tokens, TOTP secrets, recovery codes, numbers.
    private var words: [String: [UInt8]] = [:]
    /// Codes of six digits, which also occur by chance inside of long hexadecimal numbers.
    private var codes: Set<String> = []

    var count: Int { words.count + codes.count }

    func note(_ word: String) { words[word] = Array(word.utf8) }

    func note(code: String) { codes.insert(code) }

    /// A number without its `+`, and as people write it.
    func note(phone: String) {
        let digits = phone.filter(\.isNumber)
        note(String(digits.suffix(10)))
        let ten = Array(digits.suffix(10))
        note("\(String(ten[0..<3]))-\(String(ten[3..<6]))-\(String(ten[6...]))")
        note("(\(String(ten[0..<3]))) \(String(ten[3..<6]))-\(String(ten[6...]))")
    }

    /// The secret of an authenticator, in base32 and as bytes.
    func note(totp secret: String) {
        note(secret)
        var bytes: [UInt8] = []
        var (bits, count) = (0, 0)
        for character in secret.utf8 {
            let value = character >= 0x41 ? Int(character) - 0x41 : Int(character) - 0x32 + 26
            (bits, count) = (bits << 5 | value, count + 5)
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> count))
                bits &= 1 << count - 1
            }
        }
        words["the bytes of \(secret)"] = bytes
    }

    /// A recovery code as it is shown, and without its dashes.
    func note(recovery code: String) {
        note(code)
        note(code.filter { $0 != "-" })
    }

    /// The secrets that are in `bytes`.
    func shown(in bytes: [UInt8]) -> [String] {
        let plain = words.filter { !Self.places(of: $0.value, in: bytes).isEmpty }.map(\.key)
        let digits = codes.filter { code in
            Self.places(of: Array(code.utf8), in: bytes).contains { !Self.isInHexadecimal($0, bytes) }
        }
        return (plain + digits).sorted()
    }

    /// Where `word` begins in `bytes`.
    static func places(of word: [UInt8], in bytes: [UInt8]) -> [Int] {
        guard let first = word.first else { return [] }
        return bytes.withUnsafeBytes { bytes in
            var places: [Int] = []
            guard let start = bytes.baseAddress else { return [] }
            var from = 0
            // A plain loop over some megabytes takes a test compiled without optimisation minutes; memchr does not.
            while bytes.count - from >= word.count,
                let found = memchr(start + from, CInt(first), bytes.count - from - word.count + 1)
            {
                let place = start.distance(to: UnsafeRawPointer(found))
                if memcmp(found, word, word.count) == 0 { places.append(place) }
                from = place + 1
            }
            return places
        }
    }

    /// Whether what stands at `place` is part of an id or a digest: 32 hexadecimal digits or more, dashes among them.
    private static func isInHexadecimal(_ place: Int, _ bytes: [UInt8]) -> Bool {
        func isDigit(_ index: Int) -> Bool {
            switch bytes[index] {
            case 0x30...0x39, 0x61...0x66, 0x2D: true
            default: false
            }
        }
        var (first, last) = (place, place)
        while first > 0, isDigit(first - 1) { first -= 1 }
        while last + 1 < bytes.count, isDigit(last + 1) { last += 1 }
        return last - first >= 31
    }
}
