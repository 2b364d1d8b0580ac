import Wire

/// A provider, and what is known of it now: how busy it is, and whether it works.
@Loop
final class Route {
    let provider: any Provider
    /// How many messages may be on their way to it at once.
    let limit: Int
    /// What is done about a message that it may have taken.
    let onUncertain: OnUncertain
    private(set) var inFlight = 0
    private(set) var sent = 0
    private(set) var failed = 0
    private var breaker = CircuitBreaker()
    /// Since when it has had messages and not answered for any; nil where it has none.
    private var silentSince: Int64?
    /// Until when the provider itself asked for quiet.
    private var heldUntil = Int64.min

    init(_ provider: any Provider, limit: Int, onUncertain: OnUncertain) {
        self.provider = provider
        self.limit = limit
        self.onUncertain = onUncertain
    }

    var name: String { provider.name }

    /// Whether messages go to it; `steady` is in milliseconds of the monotonic clock.
    func isOpen(_ steady: Int64) -> Bool { steady >= heldUntil && breaker.admits(steady) }

    /// What the choice of a route needs to know.
    func routing(steady: Int64, wall: Timestamp) -> Routing.Route {
        var opens: Int64?
        if !breaker.admits(steady) {
            // While a probe is on its way it is worth looking again soon.
            opens = max(breaker.reopens ?? 0, steady + 1_000)
        }
        if steady < heldUntil { opens = max(opens ?? heldUntil, heldUntil) }
        return Routing.Route(
            provider: name, room: breaker.isHalfOpen ? 1 : max(0, limit - inFlight),
            opens: opens.map { Timestamp(milliseconds: wall.milliseconds + $0 - steady) },
            isSilent: silentSince.map { $0 + Self.patience <= steady } ?? false)
    }

    /// Milliseconds without any answer after which new messages go round it, so that they are out within two
    /// seconds though it is dead.
    private static let patience: Int64 = 1_500

    func began(at steady: Int64) {
        inFlight += 1
        silentSince = silentSince ?? steady
        breaker.began()
    }

    func ended(_ outcome: Outcome, at steady: Int64) {
        inFlight -= 1
        silentSince = inFlight > 0 ? steady : nil
        breaker.observe(outcome.observation, at: steady)
        switch outcome {
        case .sent: sent += 1
        case .retry(let after?, _): heldUntil = max(heldUntil, steady + Int64(min(max(after, 0), 60)) * 1_000)
        case .retry(nil, _), .otherRoute, .permanent, .configuration, .uncertain: failed += 1
        }
    }
}
