import Wire

/// How many wrong codes a factor takes: five at once, then one after each wait, and a hundred in a row at most.
///
/// Each subject has a counter for each kind of code (authenticator, SMS, recovery), so that wrong guesses at one never
/// shut another. NIST SP 800-63B-4, section 3.2.2: no more than 100 consecutive failures for an authenticator, with
/// waits that grow in between, and a new start when the right code comes.
enum AttemptPolicy {
    /// Wrong codes before the first wait.
    static let quickTries = 5
    /// Wrong codes in a row after which a PRO must help.
    static let most = 100
    /// The first wait and the longest, in seconds; each is twice the one before.
    static let firstWait = 30
    static let longestWait = 3_600

    /// What is kept of the wrong codes. The right code, a reset and a PRO's unlocking each put back `Counter()`.
    struct Counter: Equatable, Sendable {
        /// Wrong codes since the last right one.
        var wrong = 0
        /// When the last wrong one came.
        var last: Timestamp?
    }

    enum Decision: Equatable, Sendable {
        /// A code may be tried; that many may be wrong before there is a wait.
        case allowed(attemptsLeft: Int)
        /// No code is looked at before so many seconds have passed, the right one neither.
        case wait(seconds: Int)
        /// No code is looked at any more.
        case stopped
    }

    /// Whether a code may be tried now. What it gives for the counter after a wrong code is what the answer tells.
    static func decide(_ counter: Counter, now: Timestamp) -> Decision {
        guard counter.wrong < most else { return .stopped }
        guard counter.wrong >= quickTries, let last = counter.last else {
            return .allowed(attemptsLeft: max(1, quickTries - counter.wrong))
        }
        let left = Wait.left(of: wait(after: counter.wrong), since: last, now: now)
        return left > 0 ? .wait(seconds: left) : .allowed(attemptsLeft: 1)
    }

    /// The counter with one wrong code more.
    static func afterWrong(_ counter: Counter, now: Timestamp) -> Counter {
        Counter(wrong: min(counter.wrong + 1, most), last: now)
    }

    /// Seconds to wait after so many wrong codes: 30, 60, 120 … 3,600 from the fifth on.
    private static func wait(after wrong: Int) -> Int {
        min(longestWait, firstWait << min(wrong - quickTries, 16))
    }
}
