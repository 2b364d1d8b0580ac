import Wire

/// A client's home as nobody's, without the gate: what the gate costs a page is measured beside it (`make bench`). In
/// demonstrations alone; it shows nothing of anybody.
enum UngatedHomePage {
    static func routes(_ configuration: WebConfiguration) -> [Route] {
        configuration.isDemo ? [.get("/demo/home-without-gate", for: .machine, show)] : []
    }

    @Sendable static func show(_ visit: Visit) async throws -> Answer {
        var visit = visit
        visit.actor = Auth.Actor(
            id: ID(high: 0, low: 0), role: .client, name: "Nobody", email: "nobody@demo.example", firm: "demo"
        )
        visit.gate = Auth.Gate(
            state: .open, required: false, requiredBy: nil, methods: [], deferred: false, offer: true)
        return try await HomePage.show(visit)
    }
}
