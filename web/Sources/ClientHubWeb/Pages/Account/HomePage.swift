import Wire

/// A client's home: the way into what the firm shares, and how well the account is protected. Who works at the firm has
/// the clients there instead.
enum HomePage {
    static let routes: [Route] = [
        .get("/", show),
        .post("/two-factor/not-now", notNow),
    ]

    @Sendable static func show(_ visit: Visit) async throws -> Answer {
        guard !visit.isPro else { return .redirect(to: LocalPath("/clients")) }
        var view: View = [
            "title": visit.texts("home", "title"),
            "welcome": visit.texts("home", "welcome", ["name": visit.actor?.name ?? ""]),
        ]
        if let gate = visit.gate {
            view["deferred"] = gate.deferred
            view["offer"] = gate.offer
            view["state"] = OwnTwoFactor.view(gate, visit.texts)
        }
        return visit.page("home", view)
    }

    /// Declines the offer to set up 2FA. Where it is required meanwhile there is nothing to decline: the set-up follows.
    @Sendable static func notNow(_ visit: Visit) async throws -> Answer {
        do {
            _ = try await visit.call(Auth.DeferSetUp(session: visit.session))
        } catch let refusal as Refusal where refusal.isFor(.setUpRequired) {
            return .redirect(to: LocalPath("/two-factor/set-up").then(visit.next))
        }
        return Answer.redirect(to: visit.next).saying("offerDeclined", visit)
    }
}
