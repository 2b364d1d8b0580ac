import Testing
import Wire

@testable import AuthService

@Suite("auth.OverrideTwoFactor", .timeLimit(.minutes(2)))
struct AdministeredOverrideTests {
    @Loop private func override(
        _ world: World, _ session: String, _ person: Person, reason: String = "lost the phone",
        identifiedBy: String? = nil
    ) async throws -> Auth.Client {
        try await world.call(
            Auth.OverrideTwoFactor(
                session: session, client: person.id, reason: reason, identifiedBy: identifiedBy))
    }

    @Test("the factors end, and the client is prompted to set up at the next log-in")
    @Loop func ends() async throws {
        let world = try await World(clients: true)
        _ = try await world.enterSettingUp(world.ana)
        let pro = try await world.enter(world.pro)
        let before = try await world.call(Auth.GetClient(session: pro, client: world.ana.id)).twoFactor
        #expect(before.state == .active && before.methods == [.authenticator, .recovery])
        #expect(before.since == world.clock.now && before.requiredBy == .firm && before.overriddenAt == nil)

        let after = try await override(world, pro, world.ana)
        #expect(
            after.twoFactor.state == .pending && after.twoFactor.methods.isEmpty
                && after.twoFactor.since == nil)
        #expect(after.twoFactor.overriddenAt == world.clock.now && after.twoFactor.overriddenBy == "Piet")
        #expect(try await world.call(Auth.GetClient(session: pro, client: world.ana.id)) == after)
        #expect(try await world.logIn(world.ana).gate.state == .setUp)
    }

    @Test("an open session goes on, deferred")
    @Loop func openSession() async throws {
        let world = try await World(clients: true)
        let open = try await world.enterSettingUp(world.ana)
        #expect(try await override(world, try await world.enter(world.pro), world.ana).sessions == 1)
        let answer = try await world.authorize(open)
        #expect(answer.decision == .allow && answer.gate?.deferred == true)
    }

    @Test("a session that owed a code ends")
    @Loop func owingSession() async throws {
        let world = try await World(clients: true)
        _ = try await world.enterSettingUp(world.ana)
        let owing = try await world.enter(world.ana)
        #expect(try await world.decision(owing) == .verify)
        _ = try await override(world, try await world.enter(world.pro), world.ana)
        #expect(try await world.decision(owing, "/help") == .logIn)
    }

    @Test("a session with a half-done set-up goes on")
    @Loop func halfDone() async throws {
        let world = try await World(clients: true)
        let session = try await world.enter(world.ana)
        _ = try await world.call(Auth.BeginSetUp(session: session, method: .authenticator))
        #expect(try await world.decision(session) == .setUp)
        _ = try await override(world, try await world.enter(world.pro), world.ana)
        #expect(try await world.decision(session) == .allow)
    }

    @Test("trusted devices end")
    @Loop func devices() async throws {
        let world = try await World(clients: true)
        _ = try await world.enterSettingUp(world.ana)
        let device = try await world.verify(try await world.enter(world.ana), trustDevice: true).device
        _ = try await override(world, try await world.enter(world.pro), world.ana)
        #expect(
            try world.service.store.read { try $0.devices(of: world.ana.id, at: world.clock.now) }.isEmpty)
        let login = try await world.logIn(world.ana, device: device)
        _ = try await world.setUp(login.session)
        #expect(try await world.logIn(world.ana, device: device).gate.state == .verify)
    }

    @Test("the firm's setting stays as it is, and so does everybody else")
    @Loop func onlyOne() async throws {
        let world = try await World(clients: true)
        let other = try #require(try await world.add(clients: ["Bea"]) { $1.factors = [.sms] }.first)
        _ = try await world.enterSettingUp(world.ana)
        let settings = try world.settings()
        _ = try await override(world, try await world.enter(world.pro), world.ana)
        #expect(try world.settings() == settings)
        #expect(try world.person(other) == other)
    }

    @Test("the log has who, why, how the client was identified, when, and what it did")
    @Loop func event() async throws {
        let world = try await World(clients: true)
        _ = try await world.enterSettingUp(world.ana)
        _ = try await world.enter(world.ana)
        let pro = try await world.enter(world.pro)
        world.otp.isDown = true
        world.clock.advance(60)
        _ = try await override(
            world, pro, world.ana, reason: " lost the phone\nin the = sea ",
            identifiedBy: "called back, 100% sure")
        let event = try world.lastEvent()
        #expect(
            event.event == "two_factor.overridden" && event.client == world.ana.id
                && event.at == world.clock.now)
        #expect(event.actor == Auth.EventActor(id: world.pro.id, role: "pro", name: "Piet"))
        #expect(
            event.detail == [
                "reason": "lost the phone\nin the = sea", "identifiedBy": "called back, 100% sure",
                "methods": "authenticator recovery", "sessionsEnded": "1", "sessionsDeferred": "1",
            ])
    }

    @Test("it works while OTPService is down; the wipe is stored and done when it is back")
    @Loop func down() async throws {
        let world = try await World(clients: true)
        _ = try await world.enterSettingUp(world.ana)
        world.otp.isDown = true
        #expect(
            try await override(world, try await world.enter(world.pro), world.ana).twoFactor.state == .pending
        )
        try await world.until { try world.tasks(of: world.ana).first?.tries ?? 0 > 0 }
        #expect(world.otp.confirmed[world.ana.id] == [.authenticator])
        world.otp.isDown = false
        world.clock.advance(3_600)
        try await world.restart()
        try await world.until { try world.tasks(of: world.ana).isEmpty }
        #expect(world.otp.confirmed[world.ana.id] == nil)
    }

    @Test("again, it finds nothing left to do and leaves the same state")
    @Loop func again() async throws {
        let world = try await World(clients: true)
        let open = try await world.enterSettingUp(world.ana)
        let pro = try await world.enter(world.pro)
        let first = try await override(world, pro, world.ana)
        try await world.until { try world.tasks(of: world.ana).isEmpty }
        let second = try await override(world, pro, world.ana)
        #expect(first == second)
        #expect(try await world.decision(open) == .allow)
        try await world.until { try world.tasks(of: world.ana).isEmpty }
        #expect(try world.events(of: world.ana).count { $0 == "two_factor.overridden" } == 2)
    }

    @Test("it works for a client who never set anything up", arguments: [false, true])
    @Loop func nothingToVoid(required: Bool) async throws {
        let world = try await World(clients: required)
        let client = try await override(world, try await world.enter(world.pro), world.ana)
        #expect(client.twoFactor.state == (required ? .pending : .off))
    }

    @Test("it ends a lockout of codes")
    @Loop func lockout() async throws {
        let world = try await World(clients: true)
        _ = try await world.enterSettingUp(world.ana)
        let end = world.clock.now + 3_600
        try await world.change(world.ana) { $0.codesLockedUntil = end }
        #expect(try await override(world, try await world.enter(world.pro), world.ana).lockedUntil == nil)
    }

    @Test("a reason must be given", arguments: ["", "  \n\t ", "\u{3000}"])
    @Loop func reasonMissing(reason: String) async throws {
        let world = try await World(clients: true)
        let open = try await world.enterSettingUp(world.ana)
        let pro = try await world.enter(world.pro)
        expect(
            await refusal { try await override(world, pro, world.ana, reason: reason) }, .reasonMissing,
            field: "reason")
        #expect(try await world.authorize(open).gate?.deferred == false)
        #expect(try world.person(world.ana).factors.isEnrolled)
    }

    @Test(
        "what is too long or garbles the log is refused",
        arguments: [
            (String(repeating: "x", count: 1_001), "ok", "reason"),
            ("a\u{1B}[2Jb", "ok", "reason"),
            ("lost", String(repeating: "x", count: 1_001), "identifiedBy"),
            ("lost", "call\u{202E}back", "identifiedBy"),
        ])
    @Loop func bounds(reason: String, identifiedBy: String, field: String) async throws {
        let world = try await World()
        let pro = try await world.enter(world.pro)
        expect(
            await refusal {
                try await override(world, pro, world.ana, reason: reason, identifiedBy: identifiedBy)
            },
            .malformed, field: field)
    }

    @Test("the longest reason is kept whole, and nothing said of how is kept as nothing")
    @Loop func longest() async throws {
        let world = try await World()
        let reason = String(repeating: "ü", count: 1_000)
        _ = try await override(
            world, try await world.enter(world.pro), world.ana, reason: reason, identifiedBy: "  ")
        let events = try world.service.store.read {
            try $0.events(of: world.firm.id, about: world.ana.id, before: nil, limit: 9)
        }
        let event = try #require(events.first { $0.event.event == "two_factor.overridden" })
        #expect(event.event.detail["reason"] == reason && event.event.detail["identifiedBy"] == nil)
    }

    @Test("the owner may name a PRO; a PRO may not, nor anybody the owner")
    @Loop func pros() async throws {
        let world = try await World(pros: true)
        let piet = try await world.enterSettingUp(world.pro)
        let olga = try await world.enterSettingUp(world.owner)
        expect(await refusal { try await override(world, piet, world.owner) }, .noSuchClient)
        expect(await refusal { try await override(world, piet, world.pro) }, .noSuchClient)
        expect(await refusal { try await override(world, olga, world.owner) }, .noSuchClient)
        let helped = try await override(world, olga, world.pro)
        #expect(
            helped.name == "Piet" && helped.twoFactor.state == .pending
                && helped.twoFactor.overriddenBy == "Olga")
        #expect(try await world.decision(piet, "/clients") == .allow)
        #expect(try await world.logIn(world.pro).gate.state == .setUp)
    }

    @Test(
        "a PRO who was overridden has a fresh proof only by the password, and changes nothing else without one"
    )
    @Loop func afterwards() async throws {
        let world = try await World(pros: true)
        let piet = try await world.enterSettingUp(world.pro)
        let olga = try await world.enterSettingUp(world.owner)
        world.clock.advance(16 * 60)
        let fresh = try await world.call(
            Auth.StepUp(session: olga, method: .authenticator, code: FakeOTP.code)
        ).session
        _ = try await override(world, fresh, world.pro)
        expect(await refusal { try await override(world, piet, world.ana) }, .stepUp)
    }
}

@Suite("auth.OverrideOwner", .timeLimit(.minutes(2)))
struct OverrideOwnerTests {
    @Test("the host's admin helps an owner whom nobody in the firm can help")
    @Loop func owner() async throws {
        let world = try await World(pros: true)
        let olga = try await world.enterSettingUp(world.owner)
        let owing = try await world.enter(world.owner)
        world.otp.isDown = true
        let reply = try await world.call(
            Auth.OverrideOwner(firm: "acme", reason: "phone stolen", identifiedBy: "passport"))
        #expect(reply.owner == world.owner.id)
        #expect(try await world.decision(olga) == .allow)
        #expect(try await world.decision(owing) == .logIn)
        #expect(try await world.logIn(world.owner).gate.state == .setUp)
        #expect(try world.tasks(of: world.owner).count == 1)
        let events = try world.service.store.read {
            try $0.events(of: world.firm.id, about: world.owner.id, before: nil, limit: 9)
        }
        let event = try #require(events.first { $0.event.event == "two_factor.overridden" }?.event)
        #expect(event.actor.role == "admin" && event.actor.id == nil && event.actor.name.hasPrefix("uid "))
        #expect(event.detail["reason"] == "phone stolen" && event.detail["identifiedBy"] == "passport")
    }

    @Test("it needs a firm and a reason")
    @Loop func refusals() async throws {
        let world = try await World()
        expect(
            await refusal { try await world.call(Auth.OverrideOwner(firm: "acme", reason: " ")) },
            .reasonMissing,
            field: "reason")
        expect(
            await refusal { try await world.call(Auth.OverrideOwner(firm: "none", reason: "x")) }, .noSuchFirm
        )
    }
}
