import Cryptography
import Wire

/// The codes that go out by text message, and what is kept of them to compare with.
enum SMSCode {
    static let digits = 6

    /// Six random digits, each of the million with the same chance (OWASP ASVS 5.0, 6.5.3 and 6.5.4).
    static func new() -> String {
        TypedCode.text(Random.uniform(below: 1_000_000), count: digits)
    }

    /// The keyed hash that a code is compared by, 32 bytes. It binds the code to the subject, the purpose and the phone
    /// (OWASP ASVS 5.0, 6.6.2). `key` is the subject's own, kept sealed: a code has only 20 bits, so that a hash
    /// without a key would give it away.
    static func tag(_ code: String, subject: ID, purpose: Purpose, phone: String, key: [UInt8]) -> [UInt8] {
        // No part but the first, which has a fixed length, can hold a zero byte.
        let parts = [purpose.rawValue, phone, code].map { Array($0.utf8) }
        return HMAC.sha256(key: key, subject.bytes + parts.joined(separator: [0]))
    }

    /// Whether `typed` is the code that `tag` was made of.
    static func matches(
        _ typed: String, tag: [UInt8], subject: ID, purpose: Purpose, phone: String, key: [UInt8]
    ) -> Bool {
        guard let code = TypedCode.digits(typed, count: digits) else { return false }
        return ConstantTime.equal(
            tag, self.tag(code, subject: subject, purpose: purpose, phone: phone, key: key))
    }
}
