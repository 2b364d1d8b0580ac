import Wire

/// Visits to AuthService alone: people log in, and open pages by sessions that they have.
@Loop
struct AuthVisits {
    let site: Site

    func journeys(_ mix: Mix) -> [Journey] {
        [
            Journey(mix(0.005, 0.05, 0.01)) { visit in _ = try await logIn(visit) },
            Journey(mix(0.995, 0.95, 0.99)) { visit in
                try await authorize(site.session(for: visit), "/documents", visit)
            },
        ]
    }

    /// Logs in as the client whose turn it is.
    func logIn(_ visit: Visit) async throws -> (client: Int, reply: Auth.LogIn.Reply) {
        let client = try site.anybodysTurn()
        return (client, try await logIn(client, visit))
    }

    func logIn(_ client: Int, _ visit: Visit) async throws -> Auth.LogIn.Reply {
        let people = site.population
        let request = Auth.LogIn(
            firm: people.slug(of: people.firm(of: client)), email: people.email(of: client),
            password: Population.password, address: people.address(of: client), agent: "hubload")
        return try await visit.call(request, on: site.auth(visit))
    }

    /// Asks whether a page may be opened, which it may.
    func authorize(_ session: String, _ path: String, _ visit: Visit) async throws {
        let reply = try await visit.call(Auth.Authorize(session: session, path: path), on: site.auth(visit))
        guard reply.decision == .allow else { throw Unexpected("decision \(reply.decision.rawValue)") }
    }
}

/// Visits to OTPService, as AuthService makes them: codes are checked, and sent.
@Loop
struct OTPVisits {
    let site: Site

    func journeys(_ mix: Mix) -> [Journey] {
        [
            Journey(mix(0.8, 0.85, 0.65), byApp),
            Journey(site.inbox == nil ? 0 : mix(0.05, 0.1, 0.25), byText),
            Journey(mix(0.15, 0.05, 0.1)) { visit in
                let client = Int(scrambled(UInt64(visit.number)) % UInt64(site.population.clients))
                let request = OTP.Methods(subject: site.population.id(ofClient: client))
                _ = try await visit.call(request, on: site.otp(visit))
            },
        ]
    }

    func byApp(_ visit: Visit) async throws {
        let client = try site.authenticatorsTurn()
        let request = OTP.Verify(
            subject: site.population.id(ofClient: client), method: .authenticator, code: site.code(of: client)
        )
        _ = try await visit.call(request, on: site.otp(visit))
    }

    func byText(_ visit: Visit) async throws {
        let client = try site.phonesTurn()
        let people = site.population
        let subject = people.id(ofClient: client)
        let number = people.phone(of: client)
        site.inbox?.forget(number)
        let firm = people.id(ofFirm: people.firm(of: client))
        _ = try await visit.call(OTP.Send(subject: subject, firm: firm), on: site.otp(visit))
        let code = try await visit.measure("message") {
            try await site.inbox?.code(to: number, within: 30_000) ?? ""
        }
        let request = OTP.Verify(subject: subject, method: .sms, code: code)
        _ = try await visit.call(request, on: site.otp(visit))
    }
}

/// Visits to SMSGateway, as OTPService makes them.
@Loop
struct SMSVisits {
    let site: Site
    func journeys(_ mix: Mix) -> [Journey] {
        [
            Journey(mix(0.1, 0.1, 0.1)) { visit in _ = try await submit(visit) },
            Journey(mix(0.9, 0.9, 0.9)) { visit in
                let message = try await submit(visit)
                // Where a page waits for the message it asks how far it has come.
                for _ in 0..<Int(mix(1, 1, 2)) {
                    _ = try await visit.call(SMS.Status(message: message), on: site.sms(visit))
                }
                _ = try await visit.call(SMS.Verified(message: message), on: site.sms(visit))
            },
        ]
    }

    private func submit(_ visit: Visit) async throws -> ID {
        let client = try site.anybodysTurn()
        let people = site.population
        let request = SMS.Submit(
            key: "hubload-\(ID())", to: people.phone(of: client), code: "123456", expires: .now + 300,
            firm: people.id(ofFirm: people.firm(of: client)), purpose: .verify)
        return try await visit.call(request, on: site.sms(visit)).message
    }
}
