import Wire

/// When a code goes out by text message, and whether one that comes back is good.
///
/// The sends of a subject for a purpose form a chain: the first one and what was sent again within five minutes each
/// time. Wrong tries count on the chain and not on the code, so that sending again never gives new guesses.
enum SMSCodePolicy {
    /// Seconds that a code is good for; OWASP ASVS 5.0, 6.5.5, and SP 800-63B-4, section 3.1.3.2, allow ten minutes.
    static let life = 300
    /// A code with less life than this, in seconds, is not sent again: a new one takes its place.
    static let leastLife = 60
    /// Seconds between a send and the next one; the last is for all that follow.
    static let intervals = [30, 60, 120]
    /// Wrong tries that a chain takes.
    static let tries = 5

    /// What is kept of a chain, beside the code itself (sealed, to be sent again) and its tag.
    struct Chain: Equatable, Sendable {
        /// Sends that were accepted for delivery: none while a code was made and did not go out yet.
        var sends: Int
        /// When the last one was; before the first, when the code was made.
        var lastSent: Timestamp
        /// When the code ends. Sending it again does not make it live longer.
        var expires: Timestamp
        /// Wrong tries, of all its codes.
        var wrong: Int
        /// Whether the code was accepted.
        var used: Bool

        var triesLeft: Int { max(0, tries - wrong) }
    }

    enum Send: Equatable, Sendable {
        /// Make a code, send it, and keep the chain in place of the one before.
        case new(Chain)
        /// Send the code that is there once more, and keep the chain.
        case again(Chain)
        /// The last send is too fresh.
        case wait(seconds: Int)
        /// There were too many wrong codes: nothing is sent while none would be looked at.
        case locked(seconds: Int)
        case stopped
    }

    /// Whether to send, and which code.
    ///
    /// `sameNumber` is whether the chain's code went to the number that is asked for now: a code that one phone got
    /// proves nothing about another. `isLost` is whether the chain's last message will not arrive, as far as anybody knows:
    /// then there is nothing to wait for. `attempts` is what ``AttemptPolicy`` says of the subject's SMS codes.
    static func send(
        _ chain: Chain?, sameNumber: Bool, isLost: Bool = false, attempts: AttemptPolicy.Decision,
        now: Timestamp
    ) -> Send {
        switch attempts {
        case .wait(let seconds): return .locked(seconds: seconds)
        case .stopped: return .stopped
        case .allowed: break
        }
        let first = Chain(sends: 1, lastSent: now, expires: now + life, wrong: 0, used: false)
        guard var next = chain, !isOver(next, now: now) else { return .new(first) }
        let wait = resendAfter(next, isLost: isLost, now: now)
        guard wait == 0 else { return .wait(seconds: wait) }
        next.sends += 1
        next.lastSent = now
        if sameNumber, next.triesLeft > 0, next.expires >= now + leastLife { return .again(next) }
        next.expires = now + life
        // An exhausted chain had its lockout, which `attempts` says is over; the next one may be tried again.
        if next.triesLeft == 0 { next.wrong = 0 }
        return .new(next)
    }

    /// Seconds until a code may be sent again. One that never went out, or is lost, may be at once.
    static func resendAfter(_ chain: Chain, isLost: Bool = false, now: Timestamp) -> Int {
        guard chain.sends > 0, !isLost else { return 0 }
        let interval = intervals[min(chain.sends, intervals.count) - 1]
        return Wait.left(of: interval, since: chain.lastSent, now: now)
    }

    /// Whether the chain has come to its end: its code was used, or nothing was sent for as long as a code lives.
    private static func isOver(_ chain: Chain, now: Timestamp) -> Bool {
        chain.used || Wait.left(of: life, since: chain.lastSent, now: now) == 0
    }

    enum Check: Equatable, Sendable {
        /// It is good. The chain must be on disk before anybody is told: no code works twice.
        case accepted(Chain)
        /// It is not. The chain and the attempt counter must be on disk before anybody is told.
        case wrong(Chain)
        /// It was good, and was used.
        case used
        /// The code has ended, by its time or by too many wrong tries; right and wrong ones get the same answer.
        case expired
        /// There is no code to check.
        case notSent
    }

    /// Judges a typed code; `matches` is whether it is the chain's code. ``AttemptPolicy`` is to be asked before.
    static func check(_ chain: Chain?, matches: Bool, now: Timestamp) -> Check {
        guard var chain else { return .notSent }
        if chain.used { return matches ? .used : .notSent }
        guard now < chain.expires, chain.triesLeft > 0 else { return .expired }
        guard matches else {
            chain.wrong += 1
            return .wrong(chain)
        }
        chain.used = true
        return .accepted(chain)
    }
}
