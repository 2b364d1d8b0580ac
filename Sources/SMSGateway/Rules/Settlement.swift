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
        var provider: String
        var ruledOut: Set<String>
        var tried: Set<String>
    }

    /// Decides; nil where the outcome changes nothing, because the message is where nothing leads out of.
    ///
    /// `providers` are all there are, first choice first; `random` is 0 up to 1.
    init?(_ outcome: Outcome, _ facts: Facts, providers: [String], random: Double, now: Timestamp) {
        state = facts.state
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
