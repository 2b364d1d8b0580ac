import Wire

/// What can grow, and the calls that should take as long all the same.
enum GrowthAxis: String, CaseIterable, Sendable, Codable {
    case clients, sessions, firms, events, connections

    /// The sizes that are measured, up to a bound: powers of ten.
    func sizes(upTo most: Int) -> [Int] {
        let range =
            switch self {
            case .clients, .sessions, .events: 1_000...1_000_000
            case .firms: 1...Population.mostFirms
            case .connections: 1...10_000
            }
        let all = sequence(first: range.lowerBound) { $0 * 10 }
        return Array(all.prefix { $0 <= min(most, range.upperBound) })
    }

    /// What the databases hold at a size. Nothing but the axis changes with it.
    func filling(_ size: Int, seed: Int) -> Filling {
        func filling(clients: Int, firms: Int = 1, sessions: Int = 100, events: Int = 0) -> Filling {
            Filling(
                population: Population(firms: firms, clients: clients, seed: seed), sessions: sessions,
                events: events)
        }
        return switch self {
        case .clients: filling(clients: size)
        // Twenty for each client at most: a person may have fifty.
        case .sessions: filling(clients: 50_000, sessions: size)
        case .firms: filling(clients: 10_000, firms: size)
        case .events: filling(clients: 2_000, events: size)
        case .connections: filling(clients: 2_000)
        }
    }

    /// Connections to AuthService that are open and idle.
    func idleConnections(_ size: Int) -> Int { self == .connections ? size : 0 }
}

/// Visits that make each call whose latency should not depend on how much there is.
@Loop
struct GrowthVisits {
    let site: Site
    let axis: GrowthAxis
    private var auth: AuthVisits { AuthVisits(site: site) }

    var itinerary: Itinerary { Itinerary([Journey(1, visit)]) }

    private func visit(_ visit: Visit) async throws {
        for page in 0..<20 {
            // Another session each time, so that not all of them are the last ones that were used.
            let number = scrambled(UInt64(visit.number * 20 + page)) % UInt64(max(1, site.sessions))
            try await auth.authorize(site.population.token(ofSession: Int(number)), "/documents", visit)
        }
        _ = try await auth.logIn(visit)
        switch axis {
        case .clients:
            _ = try await OTPVisits(site: site).byApp(visit)
            let list = Auth.ListClients(session: ownersSession, limit: 50)
            _ = try await visit.call(list, on: site.auth(visit))
        case .events:
            let list = Auth.ListActivity(session: ownersSession, limit: 50)
            _ = try await visit.call(list, on: site.auth(visit))
        case .sessions, .firms, .connections: break
        }
    }

    private var ownersSession: String { site.population.token(ofSession: Generator.ownersSession) }
}
