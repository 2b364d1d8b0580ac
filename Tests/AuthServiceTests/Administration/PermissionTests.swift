import ServiceKit
import Testing
import Wire

@testable import AuthService

/// A call of the administration, ready to be made by anybody's session, about people of Acme.
struct Errand: Sendable, CustomTestStringConvertible {
    enum Who: Sendable { case anyone, pro, owner }

    let name: String
    let who: Who
    let isSensitive: Bool
    /// What somebody of another firm is told, where the call names a person.
    let stranger: Reason?
    let make: @Loop @Sendable (World, String) async throws -> Void

    var testDescription: String { name }

    init<C: Call>(
        _ call: C.Type, _ who: Who, sensitive: Bool = false, stranger: Reason? = nil,
        _ make: @escaping @Loop @Sendable (World, String) -> C
    ) {
        name = C.method
        self.who = who
        isSensitive = sensitive
        self.stranger = stranger
        self.make = { world, session in _ = try await world.call(make(world, session)) }
    }

    static let all: [Errand] = [
        Errand(Auth.GetSettings.self, .pro) { Auth.GetSettings(session: $1) },
        Errand(Auth.UpdateSettings.self, .pro, sensitive: true) {
            Auth.UpdateSettings(session: $1, version: 1, idleMinutes: 20)
        },
        Errand(Auth.ListClients.self, .pro) { Auth.ListClients(session: $1) },
        Errand(Auth.CountClients.self, .pro) { Auth.CountClients(session: $1) },
        Errand(Auth.GetClient.self, .pro, stranger: .noSuchClient) {
            Auth.GetClient(session: $1, client: $0.ana.id)
        },
        Errand(Auth.OverrideTwoFactor.self, .pro, sensitive: true, stranger: .noSuchClient) {
            Auth.OverrideTwoFactor(session: $1, client: $0.ana.id, reason: "lost the phone")
        },
        Errand(Auth.RequireTwoFactor.self, .pro, sensitive: true, stranger: .noSuchClient) {
            Auth.RequireTwoFactor(session: $1, client: $0.ana.id, required: true)
        },
        Errand(Auth.UnlockClient.self, .pro, sensitive: true, stranger: .noSuchClient) {
            Auth.UnlockClient(session: $1, client: $0.ana.id)
        },
        Errand(Auth.InviteClient.self, .pro, sensitive: true, stranger: .noSuchClient) {
            Auth.InviteClient(session: $1, name: "Ana", email: $0.ana.email, reset: true)
        },
        Errand(Auth.InvitePro.self, .owner, sensitive: true) {
            Auth.InvitePro(session: $1, name: "Paul", email: "paul@acme.example")
        },
        Errand(Auth.ListPros.self, .pro) { Auth.ListPros(session: $1) },
        Errand(Auth.RemovePro.self, .owner, sensitive: true, stranger: .noSuchPro) {
            Auth.RemovePro(session: $1, pro: $0.pro.id)
        },
        Errand(Auth.ListActivity.self, .anyone, stranger: .noSuchClient) {
            Auth.ListActivity(session: $1, client: $0.ana.id)
        },
    ]
}

@Suite("Who may make the calls of the administration", .timeLimit(.minutes(2)))
struct PermissionTests {
    @Test("nobody without a session", arguments: Errand.all)
    @Loop func noSession(errand: Errand) async throws {
        let world = try await World()
        for token in ["", String(repeating: "a", count: 43)] {
            expect(await refusal { try await errand.make(world, token) }, .noSession)
        }
    }

    @Test("a client makes none but the list of what concerns itself", arguments: Errand.all)
    @Loop func client(errand: Errand) async throws {
        let world = try await World()
        let session = try await world.enter(world.ana)
        switch errand.who {
        case .anyone: try await errand.make(world, session)
        case .pro: expect(await refusal { try await errand.make(world, session) }, .notAPro)
        case .owner: expect(await refusal { try await errand.make(world, session) }, .notTheOwner)
        }
    }

    @Test("a PRO makes all but the owner's", arguments: Errand.all)
    @Loop func pro(errand: Errand) async throws {
        let world = try await World()
        let session = try await world.enter(world.pro)
        if errand.who == .owner {
            expect(await refusal { try await errand.make(world, session) }, .notTheOwner)
            #expect(try world.person(world.pro).role == .pro)
        } else {
            try await errand.make(world, session)
        }
    }

    @Test("the owner makes all", arguments: Errand.all)
    @Loop func owner(errand: Errand) async throws {
        let world = try await World()
        try await errand.make(world, try await world.enter(world.owner))
    }

    @Test("a session locked in set-up makes none", arguments: Errand.all)
    @Loop func lockedInSetUp(errand: Errand) async throws {
        let world = try await World(pros: true)
        let session = try await world.enter(world.owner)
        expect(await refusal { try await errand.make(world, session) }, .locked)
    }

    @Test("a session that owes a code makes none", arguments: Errand.all)
    @Loop func lockedByCode(errand: Errand) async throws {
        let world = try await World(pros: true)
        _ = try await world.enterSettingUp(world.owner)
        let session = try await world.enter(world.owner)
        expect(await refusal { try await errand.make(world, session) }, .locked)
    }

    @Test(
        "what changes something needs a proof from the last 15 minutes; what only looks does not",
        arguments: Errand.all)
    @Loop func stepUp(errand: Errand) async throws {
        let world = try await World(pros: true)
        let session = try await world.enterSettingUp(world.owner)
        world.clock.advance(15 * 60)
        guard errand.isSensitive else { return try await errand.make(world, session) }
        expect(await refusal { try await errand.make(world, session) }, .stepUp)
        let fresh = try await world.call(
            Auth.StepUp(session: session, method: .authenticator, code: FakeOTP.code)
        ).session
        try await errand.make(world, fresh)
    }

    @Test(
        "another firm's PRO and owner find nobody here, whatever they ask for",
        arguments: Errand.all.filter { $0.stranger != nil })
    @Loop func strangers(errand: Errand) async throws {
        let world = try await World()
        let other = try await world.makeOtherFirm()
        let before = try (world.person(world.ana), world.person(world.pro), world.events(of: world.ana))
        let reason = try #require(errand.stranger)
        expect(await refusal { try await errand.make(world, other.owner) }, reason)
        if errand.who != .owner {
            expect(await refusal { try await errand.make(world, other.proSession) }, reason)
        }
        #expect(try (world.person(world.ana), world.person(world.pro), world.events(of: world.ana)) == before)
    }

    @Test("settings, clients, PROs and events of another firm do not show")
    @Loop func otherFirm() async throws {
        let world = try await World()
        let other = try await world.makeOtherFirm()
        _ = try await world.call(
            Auth.UpdateSettings(session: other.owner, version: 1, twoFactorRequired: true, idleMinutes: 5))
        let session = try await world.enter(world.pro)
        #expect(try await world.call(Auth.GetSettings(session: session)).idleMinutes == 30)
        #expect(try await world.call(Auth.ListClients(session: session)).clients.map(\.name) == ["Ana"])
        #expect(try await world.call(Auth.ListPros(session: session)).pros.map(\.name) == ["Olga", "Piet"])
        let actors = try await world.call(Auth.ListActivity(session: session)).events.map(\.actor.name)
        #expect(Set(actors) == ["Piet"])
        #expect(try await world.call(Auth.ListClients(session: other.owner)).clients.map(\.name) == ["Carl"])
    }

    @Test("a PRO is no client, and a client no PRO")
    @Loop func wrongKind() async throws {
        let world = try await World()
        let session = try await world.enter(world.owner)
        let pro = world.pro.id
        expect(
            await refusal { try await world.call(Auth.GetClient(session: session, client: pro)) },
            .noSuchClient)
        expect(
            await refusal {
                try await world.call(Auth.RequireTwoFactor(session: session, client: pro, required: true))
            }, .noSuchClient)
        expect(
            await refusal { try await world.call(Auth.UnlockClient(session: session, client: pro)) },
            .noSuchClient)
        expect(
            await refusal {
                try await world.call(
                    Auth.InviteClient(session: session, name: "Piet", email: world.pro.email, reset: true))
            }, .noSuchClient)
        for id in [world.ana.id, world.owner.id, ID()] {
            expect(
                await refusal { try await world.call(Auth.RemovePro(session: session, pro: id)) }, .noSuchPro)
        }
    }

    @Test("the host's calls are for its admin users alone")
    @Loop func admins() async throws {
        let nobody = try Settings.read(
            text: "{ socket: 'a.sock', otp: 'o.sock', database: 'a.db', admins: ['4242'] }"
        ) { (settings: Settings) throws(SettingError) in try AuthConfiguration(settings) }
        let world = try await World { configuration in
            let passwords = configuration.passwords
            configuration = nobody
            configuration.passwords = passwords
        }
        let owner = Auth.Owner(name: "O", email: "o@x.example", password: OtherFirm.password)
        let refusals = [
            await refusal { try await world.call(Auth.CreateFirm(slug: "x", name: "X", owner: owner)) },
            await refusal {
                try await world.call(
                    Auth.CreateClient(
                        firm: "acme", name: "C", email: "c@x.example", password: OtherFirm.password))
            },
            await refusal { try await world.call(Auth.OverrideOwner(firm: "acme", reason: "lost")) },
            await refusal { try await world.call(Auth.Explain(firm: "acme", email: world.ana.email)) },
            await refusal { try await world.call(Auth.VerifyAudit(firm: "acme")) },
            await refusal { try await world.call(Auth.ExportAudit(firm: "acme")) },
            await refusal { try await world.call(Auth.ListFirms()) },
        ]
        for refusal in refusals { expect(refusal, .notAnAdmin) }
    }
}
