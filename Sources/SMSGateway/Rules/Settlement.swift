import Wire

/// What a provider made of a message.
enum Outcome: Sendable, Equatable {
    /// Taken. `providerID` is the provider's name for it.
    case sent(providerID: String?)
    /// Provably not taken: refused connection, no name resolution, too many requests. `after`, in seconds,
    /// where the provider said when.
    case retry(after: Int?, reason: String)
    /// Not taken, and not to be offered to this provider again; another one may take it.
    case otherRoute(reason: String)
    /// Nobody can deliver it: the number is no mobile phone, or does not exist. `optedOut`: its owner wants no
    /// messages, so that the gateway sends none there again.
    case permanent(reason: String, optedOut: Bool = false)
    /// Not taken because of a mistake in the provider's settings: wrong password, unregistered sender.
    case configuration(reason: String)
    /// Nobody knows whether it was taken: a time-out, a connection lost after writing, an answer that makes
    /// no sense.
    case uncertain(reason: String)
}

/// What is done about a message of which nobody knows whether its provider took it.
enum OnUncertain: String, CaseIterable, Sendable {
    /// It is said, and the page offers to send again: nobody gets a code twice.
    case report
    /// It is sent once more, the same text, where enough of its code's life is left: hardly anybody gets no code.
    case resendOnce
}

/// What becomes of a message after an ``Outcome``: what is written to its row. Pure; the courier does the
/// writing.
struct Settlement: Sendable, Equatable {
    var state: SMS.MessageState
    /// When it is tried again, for `queued`.
    var due: Timestamp?
    /// Why it is where it is, as a sentence.
    var error: String?
    var providerID: String?
    /// Whether nothing is to be sent to its number any more.
    var optsOut = false
    /// Whether it was sent once more though it may have been sent, now or before.
    var isResent: Bool
    /// Providers that it is not offered to any more.
    var ruledOut: Set<String>
    /// Providers that turned it away in this round.
    var tried: Set<String>

    /// What the settling of a message depends on.
    struct Facts: Sendable {
        /// Where it is now; an answer that comes late finds it elsewhere than in `sending`.
        var state: SMS.MessageState
        var attempts: Int
        var expires: Timestamp
        /// Whether it was cancelled on its way.
        var isUnwanted: Bool
        var isResent: Bool
        /// How often the process ended while it was on its way.
        var crashes: Int
        var provider: String
        var ruledOut: Set<String>
        var tried: Set<String>
    }

    /// Decides; nil where the outcome changes nothing, because the message is where nothing leads out of.
    ///
    /// `providers` are all there are, first choice first; `random` is 0 up to 1.
    init?(
        _ outcome: Outcome, _ facts: Facts, providers: [String], onUncertain: OnUncertain = .report,
        random: Double, now: Timestamp
    ) {
        state = facts.state
        isResent = facts.isResent
        ruledOut = facts.ruledOut
        tried = facts.tried
        switch outcome {
        case .sent(let id):
            guard follow(.take) else { return nil }
            providerID = id
        case .permanent(let reason, let isOptedOut):
            guard follow(.refuse) else { return nil }
            error = reason
            optsOut = isOptedOut
        case .uncertain(let reason):
            guard follow(.lose) else { return nil }
            error = reason
            guard onUncertain == .resendOnce, Self.mayResend(facts, now: now), follow(.resend) else { return }
            isResent = true
            due = now
            // Rather by another way than by the one that did not answer.
            tried.insert(facts.provider)
        case .otherRoute(let reason), .configuration(let reason):
            guard follow(.bounce) else { return nil }
            error = reason
            ruledOut.insert(facts.provider)
            goOn(facts, providers, random: random, retryAfter: nil, now: now)
        case .retry(let after, let reason):
            guard follow(.bounce) else { return nil }
            error = reason
            tried.insert(facts.provider)
            goOn(facts, providers, random: random, retryAfter: after, now: now)
        }
    }

    /// Seconds of life that a code must have left to be sent once more.
    static let resendSeconds = 60

    /// Never a second time, and never what broke the gateway: it might do so again.
    private static func mayResend(_ facts: Facts, now: Timestamp) -> Bool {
        !facts.isResent && !facts.isUnwanted && facts.crashes == 0 && facts.expires >= now + resendSeconds
    }

    /// What becomes of a message that is in the queue again.
    private mutating func goOn(
        _ facts: Facts, _ providers: [String], random: Double, retryAfter: Int?, now: Timestamp
    ) {
        let left = Set(providers).subtracting(ruledOut)
        var next: Timestamp? = now
        // Another provider may take it at once; once all were asked, a new round begins after a pause.
        if left.isSubset(of: tried) {
            tried = []
            next = RetryPolicy.next(
                round: facts.attempts / max(1, left.count), random: random, retryAfter: retryAfter, now: now,
                expires: facts.expires)
        }
        if facts.isUnwanted {
            _ = follow(.cancel)
        } else if left.isEmpty {
            _ = follow(.refuse)
        } else if let next, RetryPolicy.isWorthSending(facts.expires, now: next) {
            due = next
        } else {
            _ = follow(.lapse)
        }
    }

    private mutating func follow(_ event: MessageEvent) -> Bool {
        guard let next = state.after(event) else { return false }
        state = next
        return true
    }
}

extension Outcome {
    /// What it tells about the provider, whatever it means for the message.
    var observation: CircuitBreaker.Observation {
        switch self {
        case .sent, .otherRoute, .permanent: .works
        case .retry(after: nil, _), .uncertain: .fails
        case .retry: .tellsNothing
        case .configuration: .isMisconfigured
        }
    }
}
