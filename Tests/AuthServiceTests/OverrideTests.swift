import Testing
import Wire

@testable import AuthService

@Suite("The override, as sessions see it", .timeLimit(.minutes(2)))
struct OverrideTests {
    @Test(
        "an open session goes on, deferred; one that owed a code ends; the next log-in is prompted to set up anew"
    )
    @Loop func sessions() async throws {
        let world = try await World(clients: true)
        let open = try await world.setUp(try await world.logIn(world.ana).session)
        let owing = try await world.logIn(world.ana).session
        #expect(try await world.decision(owing) == .verify)

        try await world.override(world.ana)
        let gate = try #require(try await world.authorize(open).gate)
        #expect(
            gate.state == .open && gate.deferred && gate.required && gate.methods.isEmpty && gate.phone == nil
        )
        #expect(try await world.decision(open) == .allow)
        #expect(try await world.decision(owing) == .logIn)
        #expect(try await world.logIn(world.ana).gate.state == .setUp)
    }

    @Test("a session that was locked in set-up is unlocked")
    @Loop func lockedInSetUp() async throws {
        let world = try await World(clients: true)
        let session = try await world.logIn(world.ana).session
        _ = try await world.call(Auth.BeginSetUp(session: session, method: .authenticator))
        try await world.override(world.ana)
        let answer = try await world.authorize(session)
        #expect(answer.decision == .allow && answer.gate?.deferred == true)
    }

    @Test(
        "a deferred session owes the code once a factor is set up at the next log-in: it has not proved that one"
    )
    @Loop func deferredThenEnrolled() async throws {
        let world = try await World(clients: true)
        let old = try await world.setUp(try await world.logIn(world.ana).session)
        try await world.override(world.ana)
        #expect(try await world.decision(old) == .allow)
        _ = try await world.setUp(try await world.logIn(world.ana).session)
        #expect(try await world.decision(old) == .verify)
    }

    @Test("the deferred session itself may set up, and is open by its own proof then")
    @Loop func setUpInDeferred() async throws {
        let world = try await World(clients: true)
        let old = try await world.setUp(try await world.logIn(world.ana).session)
        try await world.override(world.ana)
        let new = try await world.setUp(old, .sms)
        let gate = try #require(try await world.authorize(new).gate)
        #expect(gate.state == .open && !gate.deferred && gate.phone == FakeOTP.phone)
    }

    @Test("trusted devices end: the next log-in is asked, and no session stands on one")
    @Loop func devices() async throws {
        let world = try await World(clients: true)
        _ = try await world.setUp(try await world.logIn(world.ana).session)
        let device = try await world.verify(try await world.logIn(world.ana).session, trustDevice: true)
            .device
        #expect(try await world.logIn(world.ana, device: device).gate.state == .open)
        try await world.override(world.ana)
        let login = try await world.logIn(world.ana, device: device)
        #expect(login.gate.state == .setUp)
        _ = try await world.setUp(login.session)
        #expect(try await world.logIn(world.ana, device: device).gate.state == .verify)
    }

    @Test("where nobody requires 2FA, it is offered again, also to who had declined")
    @Loop func offeredAgain() async throws {
        let world = try await World()
        let first = try await world.logIn(world.ana).session
        _ = try await world.call(Auth.DeferSetUp(session: first))
        try await world.override(world.ana)
        #expect(try await world.authorize(first).gate?.offer == false, "not in the session that goes on")
        #expect(try await world.logIn(world.ana).gate.offer)
    }

    @Test("a choice of one's own ends with the factors that it was made for")
    @Loop func ownChoice() async throws {
        let world = try await World()
        _ = try await world.setUp(try await world.logIn(world.ana).session)
        try await world.override(world.ana)
        let gate = try await world.logIn(world.ana).gate
        #expect(gate.state == .open && !gate.required && gate.offer)
    }

    @Test("a PRO's requirement stays")
    @Loop func requirementStays() async throws {
        let world = try await World()
        try await world.change(world.ana) { $0.requiredByPro = true }
        _ = try await world.setUp(try await world.logIn(world.ana).session)
        try await world.override(world.ana)
        let gate = try await world.logIn(world.ana).gate
        #expect(gate.state == .setUp && gate.requiredBy == .pro)
    }

    // MARK: OTPService, out of reach or late

    @Test("it works at once while OTPService is down, and is finished when it comes back")
    @Loop func down() async throws {
        let world = try await World(clients: true)
        let open = try await world.setUp(try await world.logIn(world.ana).session)
        world.otp.isDown = true
        try await world.override(world.ana)
        #expect(try await world.decision(open) == .allow)
        let login = try await world.logIn(world.ana)
        #expect(login.gate.state == .setUp && login.gate.methods.isEmpty)
        try await world.until { try world.tasks(of: world.ana).first?.tries ?? 0 > 0 }
        #expect(world.otp.confirmed[world.ana.id] == [.authenticator])

        world.otp.isDown = false
        world.clock.advance(3_600)
        world.service.tasks.kick()
        try await world.until { try world.tasks(of: world.ana).isEmpty }
        #expect(world.otp.confirmed[world.ana.id] == nil)
        #expect(try world.events(of: world.ana).last == "two_factor.wiped")
    }

    @Test("it is finished across a restart")
    @Loop func restart() async throws {
        let world = try await World(clients: true)
        _ = try await world.setUp(try await world.logIn(world.ana).session)
        world.otp.isDown = true
        try await world.override(world.ana)
        try await world.until { try world.tasks(of: world.ana).first?.tries ?? 0 > 0 }
        world.otp.isDown = false
        world.clock.advance(3_600)
        try await world.restart()
        try await world.until { try world.tasks(of: world.ana).isEmpty }
        #expect(world.otp.count("Reset") == 1 && world.otp.confirmed[world.ana.id] == nil)
    }

    @Test("until the wipe is done the old factor satisfies nothing, and no new one can be begun")
    @Loop func oldFactor() async throws {
        let world = try await World(clients: true)
        _ = try await world.setUp(try await world.logIn(world.ana).session)
        world.otp.isDown = true
        try await world.override(world.ana)
        let session = try await world.logIn(world.ana).session
        #expect(await refusal { try await world.verify(session) }?.isFor(.notSetUp) == true)
        let begun = await refusal {
            try await world.call(Auth.BeginSetUp(session: session, method: .sms, phone: "+14155552671"))
        }
        #expect(begun?.isFor(.unreachable) == true)

        // The set-up itself has the wipe done first, and does not take the old factor over.
        world.otp.isDown = false
        let new = try await world.setUp(session, .sms)
        #expect(try await world.authorize(new).gate?.methods == [.sms, .recovery])
        #expect(world.otp.confirmed[world.ana.id] == [.sms])
        #expect(try world.tasks(of: world.ana).isEmpty)
    }

    @Test("a set-up that was in flight when the override came counts for nothing")
    @Loop func inFlight() async throws {
        let world = try await World(clients: true)
        let session = try await world.logIn(world.ana).session
        _ = try await world.call(Auth.BeginSetUp(session: session, method: .authenticator))
        world.otp.holds = ["Confirm"]
        async let confirm = refusal {
            try await world.call(
                Auth.ConfirmSetUp(session: session, method: .authenticator, code: FakeOTP.code))
        }
        try await world.until { world.otp.isHolding }
        try await world.override(world.ana)
        world.otp.release()
        #expect(await confirm?.isFor(.notBegun) == true)
        #expect(try world.person(world.ana).factors == [])
        try await world.until { try world.tasks(of: world.ana).isEmpty }
        #expect(world.otp.confirmed[world.ana.id] == nil)
    }

    @Test("a code that was in flight when the override came opens nothing")
    @Loop func codeInFlight() async throws {
        let world = try await World(clients: true)
        let open = try await world.setUp(try await world.logIn(world.ana).session)
        let owing = try await world.logIn(world.ana).session
        world.otp.holds = ["Verify"]
        async let verify = refusal { try await world.verify(owing) }
        try await world.until { world.otp.isHolding }
        try await world.override(world.ana)
        world.otp.release()
        #expect(await verify?.isFor(.notSetUp) == true)
        #expect(try await world.decision(owing) == .logIn)
        #expect(try await world.decision(open) == .allow)
    }

    @Test("a step-up that was in flight when the override came proves nothing")
    @Loop func stepUpInFlight() async throws {
        let world = try await World(clients: true)
        let open = try await world.setUp(try await world.logIn(world.ana).session)
        world.otp.holds = ["Verify"]
        async let stepUp = refusal {
            try await world.call(Auth.StepUp(session: open, method: .authenticator, code: FakeOTP.code))
        }
        try await world.until { world.otp.isHolding }
        try await world.override(world.ana)
        world.otp.release()
        #expect(await stepUp?.isFor(.notSetUp) == true)
        #expect(try await world.authorize(open).gate?.deferred == true)
    }
}
