import Wire

/// Whole visits, through AuthService to both others: a log-in, its code, some pages, and the log-out.
@Loop
struct ChainVisits {
    let site: Site
    private var auth: AuthVisits { AuthVisits(site: site) }
    /// Pages of somebody who has just logged in, and of somebody who was inside already.
    private static let pages = (afterLogIn: 5, inside: 10)

    func journeys(_ mix: Mix) -> [Journey] {
        [
            Journey(mix(0.2, 0.55, 0.3), byApp),
            Journey(site.inbox == nil ? 0 : mix(0.1, 0.3, 0.2), byText),
            Journey(mix(0.7, 0.15, 0.5)) { visit in
                let session = site.session(for: visit)
                for page in 0..<Self.pages.inside {
                    try await auth.authorize(session, "/documents/\(page)", visit)
                }
            },
        ]
    }

    private func byApp(_ visit: Visit) async throws {
        let client = try site.authenticatorsTurn()
        let session = try await locked(auth.logIn(client, visit))
        // As late as possible: the step may end while the log-in waits.
        let request = Auth.Verify(session: session, method: .authenticator, code: site.code(of: client))
        try await read(visit.call(request, on: site.auth(visit)).session, visit)
    }

    private func byText(_ visit: Visit) async throws {
        let client = try site.phonesTurn()
        let number = site.population.phone(of: client)
        let session = try await locked(auth.logIn(client, visit))
        site.inbox?.forget(number)
        _ = try await visit.call(Auth.SendCode(session: session), on: site.auth(visit))
        let code = try await visit.measure("message") {
            try await site.inbox?.code(to: number, within: 30_000) ?? ""
        }
        let request = Auth.Verify(session: session, method: .sms, code: code)
        try await read(visit.call(request, on: site.auth(visit)).session, visit)
    }

    /// The session of a log-in that owes a code, as it must.
    private func locked(_ reply: Auth.LogIn.Reply) throws -> String {
        guard reply.gate.state == .verify else { throw Unexpected("gate \(reply.gate.state.rawValue)") }
        return reply.session
    }

    private func read(_ session: String, _ visit: Visit) async throws {
        for page in 0..<Self.pages.afterLogIn {
            try await auth.authorize(session, "/documents/\(page)", visit)
        }
        _ = try await visit.call(Auth.LogOut(session: session), on: site.auth(visit))
    }
}
