import Wire

/// Log in and log out.
enum LogInPage {
    static let routes: [Route] = [
        .get("/log-in", for: .everybody, show),
        .post("/log-in", for: .everybody, logIn),
        .post("/log-out", for: .everybody, logOut),
        .get("/log-out", for: .everybody) { .redirect(to: $0.actor == nil ? LocalPath("/log-in") : .home) },
    ]

    @Sendable static func show(_ visit: Visit) async throws -> Answer {
        // Whoever is inside already, in another tab perhaps, goes on.
        if visit.gate != nil { return .redirect(to: LocalPath("/two-factor").then(visit.next)) }
        return visit.page("log-in", view(visit))
    }

    @Sendable static func logIn(_ visit: Visit) async throws -> Answer {
        try await visit.form("log-in", view(visit), fields: [.badCredentials: "password"]) {
            let reply = try await visit.call(
                Auth.LogIn(
                    firm: visit.site.configuration.firm ?? visit.form["firm"]?.lowercased() ?? "",
                    email: visit.form["email"] ?? "", password: visit.form.exact("password"),
                    device: visit.browser.device, address: visit.address, agent: visit.agent))
            return try await enter(visit, session: reply.session, gate: reply.gate, next: visit.next)
        }
    }

    @Sendable static func logOut(_ visit: Visit) async throws -> Answer {
        if !visit.session.isEmpty { _ = try await visit.call(Auth.LogOut(session: visit.session)) }
        return Answer.redirect(to: LocalPath("/log-in")).setting(.session, nil).leaving(Notes())
            .saying("loggedOut", visit)
    }

    /// Gives the browser its new session and sends it where the gate says; a code that only a phone can get is sent at once.
    static func enter(_ visit: Visit, session: String, gate: Auth.Gate, next: LocalPath) async throws
        -> Answer
    {
        var notes = Notes()
        var place = next
        switch gate.state {
        case .setUp: place = LocalPath("/two-factor/set-up").then(next)
        case .verify:
            place = LocalPath("/two-factor/verify").then(next)
            if VerifyPage.firstMethod(gate) == .sms {
                // Where it may not be sent again yet, the page has a button for it.
                notes.sent = try? await VerifyPage.send(visit, session: session)
            }
        case .open where gate.offer: place = LocalPath("/two-factor/set-up").then(next)
        case .open: break
        }
        return Answer.redirect(to: place).setting(.session, session).leaving(notes)
    }

    private static func view(_ visit: Visit) -> View {
        [
            "title": visit.texts("logIn", "title"), "next": visit.next.description,
            "asksFirm": visit.site.configuration.firm == nil,
            "firm": visit.form["firm"] ?? visit.query["firm"] ?? "", "email": visit.form["email"] ?? "",
            "demoAccounts": visit.site.configuration.isDemo,
        ]
    }
}
