import Cryptography
import Wire

/// The codes that stand in for a lost phone: ten of 80 random bits, each good once (NIST SP 800-63B-4, section 4.2.1.1,
/// asks for 64 bits).
///
/// Only keyed hashes of them are kept. OWASP ASVS 5.0, 6.5.2, and SP 800-63B-4, section 3.1.2, ask for a slow password
/// hash below 112 bits, since who has the table could otherwise search for the codes. Here the table is of no use
/// without a key that is not in the database, and with the key the search for one of a subject's ten codes takes 2^76
/// hashes, each for this subject alone. A check therefore costs microseconds, and no one can tie up the service with it.
enum RecoveryCodes {
    static let count = 10
    private static let size = 10
    private static let group = 4

    /// Ten new codes as they are shown: `ABCD-EFGH-IJKL-MNOP`.
    static func new() -> [String] {
        (0..<count).map { _ in
            let characters = Array(Base32.encode(Random.bytes(size)))
            return stride(from: 0, to: characters.count, by: group)
                .map { String(characters[$0..<min($0 + group, characters.count)]) }
                .joined(separator: "-")
        }
    }

    /// The hash to keep for a code, 32 bytes; nil where `typed` cannot be one. `key` is the subject's own, kept sealed.
    static func tag(_ typed: String, subject: ID, key: [UInt8]) -> [UInt8]? {
        guard var code = read(typed) else { return nil }
        defer { wipe(&code) }
        return HMAC.sha256(key: key, subject.bytes + code)
    }

    /// The place of `typed` in `tags`, those of the codes that are left; nil where it is none of them. All are compared.
    static func index(of typed: String, in tags: [[UInt8]], subject: ID, key: [UInt8]) -> Int? {
        guard let tag = tag(typed, subject: subject, key: key) else { return nil }
        return tags.indices.filter { ConstantTime.equal(tags[$0], tag) }.first
    }

    /// The bytes of a code in any case, with or without blanks and dashes. The digits 0, 1 and 8 are not in the alphabet
    /// and can only be an O, I and B that were misread on paper.
    private static func read(_ typed: String) -> [UInt8]? {
        let misread: [UInt8: UInt8] = [
            0x30: UInt8(ascii: "O"), 0x31: UInt8(ascii: "I"), 0x38: UInt8(ascii: "B"),
        ]
        let text = String(decoding: typed.utf8.map { misread[$0] ?? $0 }, as: UTF8.self)
        guard let code = Base32.decode(text), code.count == size else { return nil }
        return code
    }
}
