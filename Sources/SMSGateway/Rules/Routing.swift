import Wire

/// Which provider a message is offered to: the first of the operator's order that it may still go to and that
/// works.
///
/// One that is merely busy is waited for rather than passed over: the order is the operator's, by price or by
/// quality. One that is silent is passed over at once: it may never answer again.
struct Routing: Sendable {
    struct Route: Sendable {
        let provider: String
        /// How many messages it takes now.
        var room: Int
        /// When it takes messages again, where it is shut by its circuit breaker.
        var opens: Timestamp?
        /// Whether it has messages and does not answer: nothing more goes there while others answer.
        var isSilent = false
    }

    /// First choice first.
    private(set) var routes: [Route]

    init(_ routes: [Route]) { self.routes = routes }

    /// Whether any message could be placed.
    var hasRoom: Bool { room > 0 }

    /// How many messages can be placed.
    var room: Int { routes.reduce(0) { $0 + ($1.opens == nil ? $1.room : 0) } }

    enum Choice: Equatable, Sendable {
        case route(String)
        /// Its provider has as much as it takes; a place will be free.
        case wait
        /// All that may take it are shut, the first of them until then.
        case shut(until: Timestamp)
        /// No provider may take it.
        case none
    }

    /// Whether there is anything to be done now about messages that may not go to what is `ruledOut`: one of them
    /// can be placed, or no provider is left for it.
    func mayMove(ruledOut: Set<String>, tried: Set<String>) -> Bool {
        var trial = self
        return switch trial.choose(ruledOut: ruledOut, tried: tried) {
        case .route, .none: true
        case .wait, .shut: false
        }
    }

    /// Chooses, and counts the place as taken.
    ///
    /// The message is never offered to what is `ruledOut`, and to what it was `tried` with only where there
    /// is no other.
    mutating func choose(ruledOut: Set<String>, tried: Set<String>) -> Choice {
        let possible = routes.indices.filter { !ruledOut.contains(routes[$0].provider) }
        guard !possible.isEmpty else { return .none }
        let open = possible.filter { routes[$0].opens == nil }
        guard !open.isEmpty else {
            return .shut(until: possible.compactMap { routes[$0].opens }.min() ?? Timestamp(milliseconds: 0))
        }
        let heard = open.filter { !routes[$0].isSilent }
        let answering = heard.isEmpty ? open : heard
        let index = answering.first { !tried.contains(routes[$0].provider) } ?? answering[0]
        guard routes[index].room > 0 else { return .wait }
        routes[index].room -= 1
        return .route(routes[index].provider)
    }
}
