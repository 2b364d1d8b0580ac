import Testing
import Wire

@testable import AuthService

@Suite("The host's calls", .timeLimit(.minutes(2)))
struct HostTests {
    private let password = OtherFirm.password

    @Loop private func firm(
        _ world: World, slug: String = "new", name: String = "New Tax", owner: String = "Nora",
        email: String = "nora@new.example", password: String? = nil
    ) async throws -> Auth.CreateFirm.Reply {
        try await world.call(
            Auth.CreateFirm(
                slug: slug, name: name,
                owner: Auth.Owner(name: owner, email: email, password: password ?? self.password)))
    }

    @Test("a new firm has an owner who logs in, sets up 2FA and finds the settings as they begin")
    @Loop func createFirm() async throws {
        let world = try await World()
        let made = try await firm(world)
        let login = try await world.call(
            Auth.LogIn(firm: "new", email: "nora@new.example", password: password))
        #expect(
            login.actor
                == Auth.Actor(
                    id: made.owner, role: .owner, name: "Nora", email: "nora@new.example", firm: "new"))
        #expect(login.gate.state == .setUp && login.gate.requiredBy == .firm)
        let session = try await world.setUp(login.session)
        #expect(
            try await world.call(Auth.GetSettings(session: session))
                == Auth.Settings(
                    twoFactorRequired: false, enforceFrom: nil, prosTwoFactorRequired: true,
                    trustedDeviceDays: 30,
                    idleMinutes: 30, version: 1))
        let events = try await world.call(Auth.ListActivity(session: session)).events
        #expect(events.last?.event == "firm.created" && events.last?.actor.role == "admin")
        #expect(events.last?.detail == ["slug": "new", "name": "New Tax", "owner": "nora@new.example"])
        #expect(try await world.call(Auth.VerifyAudit(firm: "new")).intact)
    }

    @Test(
        "slugs are 1 to 63 of a-z, 0-9 and -",
        arguments: [
            ("a", true), ("0-9", true), (String(repeating: "x", count: 63), true), ("", false), ("A", false),
            ("a b", false), ("a.b", false), ("ü", false), ("a/b", false),
            (String(repeating: "x", count: 64), false),
        ])
    @Loop func slugs(slug: String, isGood: Bool) async throws {
        let world = try await World()
        if isGood {
            _ = try await firm(world, slug: slug)
        } else {
            expect(await refusal { try await firm(world, slug: slug) }, .malformed, field: "slug")
        }
    }

    @Test("what is wrong with a firm is said by its field, and nothing of it is made")
    @Loop func firmFields() async throws {
        let world = try await World()
        expect(await refusal { try await firm(world, slug: "acme") }, .slugTaken, field: "slug")
        expect(await refusal { try await firm(world, name: " ") }, .malformed, field: "name")
        expect(await refusal { try await firm(world, owner: "a\nb") }, .malformed, field: "owner.name")
        expect(await refusal { try await firm(world, email: "nora") }, .malformed, field: "owner.email")
        expect(
            await refusal { try await firm(world, password: "short") }, .weakPassword, field: "owner.password"
        )
        expect(
            await refusal { try await firm(world, password: "new-tax-nora") }, .weakPassword,
            field: "owner.password")
        _ = try await firm(world)
        expect(await refusal { try await firm(world) }, .slugTaken, field: "slug")
    }

    @Test("of two firms of one slug at once, one is made")
    @Loop func race() async throws {
        let world = try await World()
        let made = await together(6) { _ in try await firm(world) }
        #expect(made.allSatisfy { $0.succeeded || $0.refusal?.isFor(.slugTaken) == true })
        #expect(made.count { $0.succeeded } == 1)
    }

    @Test("a client made on the host logs in")
    @Loop func createClient() async throws {
        let world = try await World()
        let made = try await world.call(
            Auth.CreateClient(firm: "acme", name: " Ben ", email: "ben@example.com", password: password))
        let login = try await world.call(
            Auth.LogIn(firm: "acme", email: "BEN@example.com", password: password))
        #expect(login.actor.id == made.client && login.actor.name == "Ben" && login.actor.role == .client)
        let pro = try await world.enter(world.pro)
        #expect(try await world.call(Auth.ListClients(session: pro)).clients.map(\.name) == ["Ana", "Ben"])
    }

    @Test("what is wrong with a client is said by its field")
    @Loop func clientFields() async throws {
        let world = try await World()
        func make(
            firm: String = "acme", name: String = "Ben", email: String = "ben@example.com",
            password: String = OtherFirm.password
        ) async -> Refusal? {
            await refusal {
                try await world.call(
                    Auth.CreateClient(firm: firm, name: name, email: email, password: password))
            }
        }
        expect(await make(firm: "none"), .noSuchFirm)
        expect(await make(name: ""), .malformed, field: "name")
        expect(await make(email: "@"), .malformed, field: "email")
        expect(await make(email: "Ana@example.com"), .emailTaken, field: "email")
        expect(await make(email: world.pro.email), .emailTaken, field: "email")
        expect(await make(password: "12345678"), .weakPassword, field: "password")
    }

    // MARK: Explain

    @Test("it tells the gate of the next log-in, the rule in words, and the facts")
    @Loop func explain() async throws {
        let world = try await World(clients: true)
        func explain() async throws -> Auth.Explain.Reply {
            try await world.call(Auth.Explain(firm: "acme", email: "ANA@example.com"))
        }
        var reply = try await explain()
        #expect(reply.client == world.ana.id && reply.gate.state == .setUp && reply.gate.requiredBy == .firm)
        #expect(reply.rule == GatePolicy.Rule.setUp.sentence)
        #expect(reply.facts["requiredByFirm"] == "true" && reply.facts["enrolled"] == "false")
        #expect(reply.facts["twoFactorRequired"] == "true" && reply.facts["enforceFrom"] == "at once")

        _ = try await world.enterSettingUp(world.ana)
        reply = try await explain()
        #expect(reply.gate.state == .verify && reply.rule == GatePolicy.Rule.verify.sentence)
        #expect(reply.facts["methods"] == "authenticator recovery" && reply.facts["sessions"] == "1")
        #expect(reply.gate.state == (try await world.logIn(world.ana).gate.state))

        world.otp.isDown = true
        try await world.override(world.ana)
        reply = try await explain()
        #expect(reply.facts["overriddenBy"] == "Piet" && reply.facts["tasksForOTPService"] == "1")
        try await world.settings { $0.twoFactorRequired = false }
        #expect(try await explain().rule == GatePolicy.Rule.notRequired.sentence)
    }

    @Test("a toggle with a date to come is told apart from one that holds")
    @Loop func announced() async throws {
        let world = try await World(clients: true, from: TestClock().now + 60)
        let facts = try await world.call(Auth.Explain(firm: "acme", email: world.ana.email)).facts
        #expect(facts["requiredByFirm"] == "false" && facts["twoFactorRequired"] == "true")
        #expect(facts["enforceFrom"] == "\(world.clock.now + 60)")
    }

    @Test("PROs are explained by their own setting; who is not there is not explained")
    @Loop func pros() async throws {
        let world = try await World(pros: true)
        let reply = try await world.call(Auth.Explain(firm: "acme", email: world.owner.email))
        #expect(reply.gate.state == .setUp && reply.facts["prosTwoFactorRequired"] == "true")
        expect(
            await refusal { try await world.call(Auth.Explain(firm: "none", email: "x@y.example")) },
            .noSuchFirm)
        expect(
            await refusal { try await world.call(Auth.Explain(firm: "acme", email: "x@y.example")) },
            .noSuchClient)
    }
}
