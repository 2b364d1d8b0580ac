import Cryptography
import Testing
import Wire

@testable import AuthService

@Suite("Invitations", .timeLimit(.minutes(2)))
struct InvitationTests {
    private let password = "four wet umbrellas"

    @Loop private func invite(_ world: World, reset: Bool? = nil, email: String = "ben@example.com")
        async throws
        -> Auth.InviteClient.Reply
    {
        let pro = try await world.enter(world.pro)
        return try await world.call(Auth.InviteClient(session: pro, name: "Ben", email: email, reset: reset))
    }

    @Loop private func accept(_ world: World, _ invitation: String, password: String? = nil) async throws
        -> Auth.LogIn.Reply
    {
        try await world.call(
            Auth.AcceptInvitation(firm: "acme", invitation: invitation, password: password ?? self.password))
    }

    @Loop private func logIn(_ world: World, _ email: String = "ben@example.com") async throws
        -> Auth.LogIn.Reply
    {
        try await world.call(Auth.LogIn(firm: "acme", email: email, password: password))
    }

    @Test("an invited client chooses a password and is in, and logs in with it from then on")
    @Loop func client() async throws {
        let world = try await World()
        let invited = try await invite(world, email: " Ben@Example.com ")
        #expect(invited.expires == world.clock.now + 7 * 86_400 && invited.invitation.utf8.count == 43)
        expect(await refusal { try await logIn(world) }, .badCredentials)

        let login = try await accept(world, invited.invitation)
        #expect(
            login.actor.id == invited.client && login.actor.role == .client
                && login.actor.email == "Ben@Example.com")
        #expect(login.gate.state == .open && login.gate.offer)
        #expect(try await world.decision(login.session) == .allow)
        #expect(try await logIn(world).actor == login.actor)
        let client = try await world.call(
            Auth.GetClient(session: try await world.enter(world.pro), client: invited.client))
        #expect(client.name == "Ben" && client.lastLogIn == world.clock.now && client.sessions == 2)
    }

    @Test("where 2FA is required, the invited client comes to its set-up first")
    @Loop func required() async throws {
        let world = try await World(clients: true)
        let login = try await accept(world, try await invite(world).invitation)
        #expect(login.gate.state == .setUp)
        #expect(try await world.decision(login.session) == .setUp)
    }

    @Test("an invited PRO is listed as invited until then")
    @Loop func pro() async throws {
        let world = try await World()
        let owner = try await world.enter(world.owner)
        let invited = try await world.call(
            Auth.InvitePro(session: owner, name: "Paul", email: "paul@acme.example"))
        let listed = try await world.call(Auth.ListPros(session: owner)).pros
        #expect(
            listed.map(\.name) == ["Olga", "Paul", "Piet"] && listed.map(\.invited) == [false, true, false])
        #expect(listed.map(\.role) == [.owner, .pro, .pro])
        let login = try await accept(world, invited.invitation)
        #expect(login.actor.role == .pro && login.actor.id == invited.pro)
        #expect(try await world.decision(login.session, "/clients") == .allow)
        let after = try await world.call(Auth.ListPros(session: owner)).pros[1]
        #expect(!after.invited && after.lastLogIn == world.clock.now)
    }

    @Test("a token works once, for its own firm, while it is the last one")
    @Loop func once() async throws {
        let world = try await World()
        _ = try await world.makeOtherFirm()
        let first = try await invite(world).invitation
        let second = try await invite(world, reset: true).invitation
        expect(await refusal { try await accept(world, first) }, .noSuchInvitation)
        expect(
            await refusal {
                try await world.call(
                    Auth.AcceptInvitation(firm: "other", invitation: second, password: password))
            }, .noSuchInvitation)
        _ = try await accept(world, second)
        expect(
            await refusal { try await accept(world, second, password: "another good password") },
            .noSuchInvitation)
        _ = try await logIn(world)
    }

    @Test("of two who use a token at once, one is in")
    @Loop func race() async throws {
        let world = try await World()
        let token = try await invite(world).invitation
        let results = await together(8) { number in
            try await accept(world, token, password: "password number \(number)")
        }
        #expect(results.allSatisfy { $0.succeeded || $0.refusal?.isFor(.noSuchInvitation) == true })
        #expect(results.count { $0.succeeded } == 1)
    }

    @Test("a token lasts seven days")
    @Loop func expiry() async throws {
        let world = try await World()
        let token = try await invite(world).invitation
        world.clock.advance(7 * 86_400)
        expect(await refusal { try await accept(world, token) }, .invitationExpired)
        let again = try await invite(world, reset: true).invitation
        world.clock.advance(7 * 86_400 - 1)
        _ = try await accept(world, again)
    }

    @Test(
        "a weak password leaves the invitation as it was", arguments: ["short", "password123", "benexample"])
    @Loop func weak(password: String) async throws {
        let world = try await World()
        let token = try await invite(world).invitation
        expect(
            await refusal { try await accept(world, token, password: password) }, .weakPassword,
            field: "password")
        _ = try await accept(world, token)
    }

    @Test("an address is one person's in a firm, client or PRO, and another firm's is free")
    @Loop func taken() async throws {
        let world = try await World()
        _ = try await world.makeOtherFirm()
        let owner = try await world.enter(world.owner)
        for email in [world.ana.email, "ANA@example.com", world.pro.email, world.owner.email] {
            expect(
                await refusal {
                    try await world.call(Auth.InviteClient(session: owner, name: "X", email: email))
                },
                .emailTaken, field: "email")
            expect(
                await refusal {
                    try await world.call(Auth.InvitePro(session: owner, name: "X", email: email))
                },
                .emailTaken, field: "email")
        }
        _ = try await invite(world, email: "carl@example.com")
    }

    @Test(
        "what is no name or no address is refused with its field",
        arguments: [
            ("", "a@b.example", "name"), (" \n ", "a@b.example", "name"), ("a\u{7}b", "a@b.example", "name"),
            (String(repeating: "x", count: 201), "a@b.example", "name"), ("A", "", "email"),
            ("A", "a@", "email"),
            ("A", "a b@c.example", "email"), ("A", "a@b..example", "email"),
        ])
    @Loop func fields(name: String, email: String, field: String) async throws {
        let world = try await World()
        let owner = try await world.enter(world.owner)
        expect(
            await refusal {
                try await world.call(Auth.InviteClient(session: owner, name: name, email: email))
            },
            .malformed, field: field)
        expect(
            await refusal { try await world.call(Auth.InvitePro(session: owner, name: name, email: email)) },
            .malformed, field: field)
    }

    @Test("the token stands nowhere in the database, nor the password")
    @Loop func secrets() async throws {
        let world = try await World()
        let invited = try await invite(world)
        #expect(!world.scratch.contains(invited.invitation) && world.scratch.contains("ben@example.com"))
        let login = try await accept(world, invited.invitation)
        #expect(!world.scratch.contains(login.session) && !world.scratch.contains(password))
    }

    @Test("the log has who invited whom, and that it was accepted")
    @Loop func events() async throws {
        let world = try await World()
        let invited = try await invite(world)
        let event = try world.lastEvent()
        #expect(
            event.event == "client.invited" && event.client == invited.client
                && event.actor.id == world.pro.id)
        #expect(event.detail == ["email": "ben@example.com", "reset": "false"])
        _ = try await accept(world, invited.invitation)
        let accepted = try world.lastEvent()
        #expect(accepted.event == "invitation.accepted" && accepted.actor.id == invited.client)
    }

    // MARK: resets

    @Test("a reset ends all sessions and trusted devices and the old password, and leaves 2FA as it is")
    @Loop func reset() async throws {
        let world = try await World(clients: true)
        let open = try await world.enterSettingUp(world.ana)
        let device = try await world.verify(try await world.enter(world.ana), trustDevice: true).device
        let reset = try await invite(world, reset: true, email: world.ana.email)
        #expect(reset.client == world.ana.id)
        #expect(try await world.decision(open) == .allow, "until it is used nothing changes")
        _ = try await world.logIn(world.ana)

        let login = try await accept(world, reset.invitation)
        #expect(login.gate.state == .verify && login.gate.methods.contains(.authenticator))
        #expect(try await world.decision(login.session) == .verify)
        #expect(try await world.decision(open) == .logIn)
        expect(await refusal { try await world.logIn(world.ana) }, .badCredentials)
        let next = try await world.call(
            Auth.LogIn(firm: "acme", email: world.ana.email, password: password, device: device))
        #expect(next.gate.state == .verify)
        #expect(try world.person(world.ana).name == "Ana", "the name that came with the reset is not taken")
        #expect(try await world.decision(try await world.verify(login.session).session) == .allow)
    }

    @Test("a reset lets in again who was locked out by wrong passwords")
    @Loop func lockedOut() async throws {
        let world = try await World()
        let wrong = Auth.LogIn(firm: "acme", email: world.ana.email, password: "wrong")
        for _ in 0..<10 { _ = await refusal { try await world.call(wrong) } }
        _ = try await accept(world, try await invite(world, reset: true, email: world.ana.email).invitation)
        _ = try await logIn(world, world.ana.email)
    }

    @Test("whom the firm does not have cannot be reset")
    @Loop func unknown() async throws {
        let world = try await World()
        expect(await refusal { try await invite(world, reset: true) }, .noSuchClient)
    }

    // MARK: guessing

    @Test("who tries tokens waits after a hundred; who has one does not")
    @Loop func throttle() async throws {
        let world = try await World()
        let token = try await invite(world).invitation
        for index in 0..<100 {
            expect(await refusal { try await accept(world, "no token \(index)") }, .noSuchInvitation)
        }
        let waits = await refusal { try await accept(world, "one more") }
        expect(waits, .tooManyAttempts)
        #expect(try #require(waits?.retryAfter) > 0)
        _ = try await accept(world, token)
    }

    // MARK: removing a PRO

    @Test("a PRO who is removed is out at once, with sessions, invitation and factors")
    @Loop func remove() async throws {
        let world = try await World(pros: true)
        let piet = try await world.enterSettingUp(world.pro)
        #expect(try await world.decision(piet, "/clients") == .allow)
        let owner = try await world.enterSettingUp(world.owner)
        let invited = try await world.call(
            Auth.InvitePro(session: owner, name: "Paul", email: "paul@acme.example"))
        _ = try await world.call(Auth.RemovePro(session: owner, pro: world.pro.id))
        _ = try await world.call(Auth.RemovePro(session: owner, pro: invited.pro))
        #expect(try await world.decision(piet, "/clients") == .logIn)
        expect(await refusal { try await world.call(Auth.ListClients(session: piet)) }, .noSession)
        expect(await refusal { try await world.logIn(world.pro) }, .badCredentials)
        expect(await refusal { try await accept(world, invited.invitation) }, .noSuchInvitation)
        try await world.until { world.otp.confirmed[world.pro.id] == nil }
        #expect(try await world.call(Auth.ListPros(session: owner)).pros.map(\.name) == ["Olga"])
        expect(
            await refusal { try await world.call(Auth.RemovePro(session: owner, pro: world.pro.id)) },
            .noSuchPro)

        let events = try await world.call(Auth.ListActivity(session: owner)).events
        let removed = try #require(events.first { $0.event == "pro.removed" && $0.client == world.pro.id })
        #expect(removed.detail == ["name": "Piet", "email": world.pro.email])
        #expect(events.contains { $0.actor.name == "Piet" }, "what the PRO did stays in the log")
        _ = try await world.call(Auth.InvitePro(session: owner, name: "Piet", email: world.pro.email))
    }
}
