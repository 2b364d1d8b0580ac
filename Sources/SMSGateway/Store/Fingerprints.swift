import Cryptography
import Wire

/// Keyed hashes: what a number is found again by without standing anywhere. Without the key they cannot be
/// tried out, though there are few enough numbers for that.
struct Fingerprints: Sendable {
    private let key: [UInt8]

    /// - Parameter key: 32 random bytes, the same for as long as the database lives.
    init(key: [UInt8]) { self.key = key }

    /// Of a whole number, in E.164.
    func number(_ e164: String) -> [UInt8] { hash("number", e164) }

    /// Of a number less its last four digits, which sends are counted by.
    func neighbours(_ number: PhoneNumber) -> [UInt8] { hash("neighbours", number.prefix) }

    /// Of a beginning of numbers that is blocked: `+` and 1 to 15 digits.
    func block(_ prefix: String) -> [UInt8] { hash("block", prefix) }

    /// Of every beginning that a block of the number `e164` could have, the number itself last.
    func blocks(of e164: String) -> [[UInt8]] {
        (2...max(2, e164.count)).map { block(String(e164.prefix($0))) }
    }

    /// Of what a key of `sms.Submit` must be used for each time.
    func order(_ number: PhoneNumber, code: String, purpose: Purpose) -> [UInt8] {
        hash("order", "\(number.e164) \(code) \(purpose.rawValue)")
    }

    private func hash(_ what: String, _ text: String) -> [UInt8] {
        HMAC.sha256(key: key, Array("\(what)\0\(text)".utf8))
    }
}
