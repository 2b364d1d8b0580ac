import Cryptography
import Wire

/// The codes of an authenticator app: RFC 6238 over HMAC-SHA-1, a code for each 30 seconds.
struct TOTP: Equatable, Sendable {
    /// Seconds that a step lasts (RFC 6238, section 5.2).
    static let period: Int64 = 30
    /// 160 bits, as RFC 4226 (section 4, R6) recommends.
    static let secretSize = 20
    /// Steps before and after the present one whose codes are taken. RFC 6238, section 5.2, has one for the time
    /// that a code is under way; one ahead is for a phone whose clock is fast.
    static let window: Int64 = 1
    /// Steps within which a refused code tells that the phone's clock is off.
    static let drift: Int64 = 10

    private let secret: [UInt8]
    private let digits: Int

    /// - Precondition: `digits` is 6 to 8 (RFC 4226, section 5.3).
    init(secret: [UInt8], digits: Int = 6) {
        precondition((6...8).contains(digits), "a code has 6 to 8 digits")
        self.secret = secret
        self.digits = digits
    }

    static func newSecret() -> [UInt8] { Random.bytes(secretSize) }

    /// The number of the step that `now` is in. Before 1970 it is the first one.
    static func step(at now: Timestamp) -> Int64 { max(0, now.milliseconds / (period * 1_000)) }

    /// The code of a step: RFC 4226, section 5.3, with the step as the counter.
    func code(at step: Int64) -> String {
        let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * Int64($0))) }
        let hash = HMAC.sha1(key: secret, counter)
        let offset = Int(hash[19] & 0x0F)
        let number = hash[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let modulus: UInt32 = [6: 1_000_000, 7: 10_000_000][digits, default: 100_000_000]
        return TypedCode.text(number % modulus, count: digits)
    }

    /// What a typed code turns out to be.
    enum Match: Equatable, Sendable {
        /// It is good. `step` must be on disk as the last used one before anybody is told.
        case accepted(step: Int64)
        /// It fits, but its step was used, or a later one (RFC 6238, section 5.2: accept it only once).
        case used
        /// It would be the code of `steps` later (or earlier, where negative): the phone's clock is off, or the code
        /// was typed late. Keep the step as `burnt` from then on.
        case clockOff(steps: Int)
        case wrong
    }

    /// Judges `code` at `now`.
    ///
    /// `lastUsedStep` is the last one accepted, nil if none was. `burnt` is the step of the last ``Match/clockOff(steps:)``:
    /// who was told that a guess is the code of some minutes later could come back with it then, while the phone whose
    /// clock is fast shows another code by that time.
    func match(_ code: String, now: Timestamp, lastUsedStep: Int64?, burnt: Int64? = nil) -> Match {
        guard let typed = TypedCode.digits(code, count: digits) else { return .wrong }
        let current = Self.step(at: now)
        let isSpent = { (step: Int64) in step <= lastUsedStep ?? -1 || step == burnt }

        let near = steps(fitting: typed, from: current - Self.window, through: current + Self.window)
        if let step = near.first(where: { !isSpent($0) }) { return .accepted(step: step) }
        if !near.isEmpty { return .used }

        let far = steps(fitting: typed, from: current - Self.drift, through: current + Self.drift)
        guard let step = far.min(by: { abs($0 - current) < abs($1 - current) }) else { return .wrong }
        return isSpent(step) ? .used : .clockOff(steps: Int(step - current))
    }

    /// The steps whose code is `typed`. Each is compared, in constant time, whatever the others were.
    private func steps(fitting typed: String, from first: Int64, through last: Int64) -> [Int64] {
        (max(0, first)...last).filter { ConstantTime.equal(code(at: $0), typed) }
    }
}
