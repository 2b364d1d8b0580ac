import Testing
import Wire

@testable import AuthService

@Suite("Proving a factor", .timeLimit(.minutes(2)))
struct VerifyTests {
    /// Ana with these factors, and a session that owes a code.
    @Loop private func owing(_ methods: FactorMethod...) async throws -> (World, String) {
        let world = try await World(clients: true)
        var session = try await world.logIn(world.ana).session
        for method in methods { session = try await world.setUp(session, method) }
        return (world, try await world.logIn(world.ana).session)
    }

    @Test("a code is sent to the phone that is enrolled, for the log-in or for the step-up and nothing else")
    @Loop func sendCode() async throws {
        let (world, session) = try await owing(.sms)
        let sent = try await world.call(Auth.SendCode(session: session))
        #expect(sent.phone == FakeOTP.phone && sent.resendAfter == 30)
        let open = try await world.verify(session, .sms).session
        _ = try await world.call(Auth.SendCode(session: open))
        _ = try await world.call(Auth.StepUp(session: open, method: .sms, code: FakeOTP.code))
        #expect(world.otp.purposes == [.verify, .verify, .stepUp, .stepUp])
    }

    @Test("a code is asked for in the language of the page, English where none is named")
    @Loop func language() async throws {
        let (world, session) = try await owing(.sms)
        _ = try await world.call(Auth.SendCode(session: session, language: .es))
        let other = try await world.logIn(world.pro).session
        _ = try await world.call(
            Auth.BeginSetUp(session: other, method: .sms, phone: "+14155552671", language: .es))
        #expect(world.otp.languages == [nil, .es, .es])
    }

    @Test("whether a code arrives is told in set-up and where a code is owed, each for its own person")
    @Loop func delivery() async throws {
        let (world, session) = try await owing(.sms)
        let reply = OTP.Delivery.Reply(
            state: .failed, error: "It could not be delivered: the phone is off.", resendAfter: 0)
        world.otp.deliveries[world.ana.id] = reply
        let told = try await world.call(Auth.Delivery(session: session))
        #expect(told == Auth.Delivery.Reply(state: reply.state, error: reply.error, resendAfter: 0))
        let other = try await world.logIn(world.pro).session
        #expect(
            await refusal { try await world.call(Auth.Delivery(session: other)) }?.isFor(.notBegun) == true)
        world.otp.isDown = true
        #expect(
            await refusal { try await world.call(Auth.Delivery(session: session)) }?.status == .unavailable)
    }

    @Test("a page that asks for a code's delivery by itself does not keep its session from being idle")
    @Loop func deliveryIsNoUse() async throws {
        let (world, session) = try await owing(.sms)
        world.otp.deliveries[world.ana.id] = OTP.Delivery.Reply(state: .sent, resendAfter: 30)
        for _ in 0..<120 {
            world.clock.advance(60)
            guard (try? await world.call(Auth.Delivery(session: session))) != nil else { return }
        }
        Issue.record("the session is open after two hours")
    }

    @Test("no phone, no code; no factor, nothing to prove")
    @Loop func notSetUp() async throws {
        let (world, session) = try await owing(.authenticator)
        #expect(
            await refusal { try await world.call(Auth.SendCode(session: session)) }?.isFor(.notSetUp) == true)
        #expect(await refusal { try await world.verify(session, .sms) }?.isFor(.notSetUp) == true)
        let piet = try await world.logIn(world.pro).session
        #expect(await refusal { try await world.verify(piet, .recovery) }?.isFor(.notSetUp) == true)
        #expect(world.otp.count("Verify") == 0, "OTPService is not asked about factors that do not count")
    }

    @Test("a wrong code is passed on with the tries that are left, recorded, and opens nothing")
    @Loop func wrong() async throws {
        let (world, session) = try await owing(.authenticator)
        let refused = await refusal {
            try await world.call(
                Auth.Verify(session: session, method: .authenticator, code: FakeOTP.wrongCode))
        }
        #expect(refused?.isFor(.wrongCode) == true && refused?.attemptsLeft == 4)
        #expect(try await world.decision(session) == .verify)
        #expect(try world.events(of: world.ana).last == "two_factor.failed")
    }

    @Test("a lockout ends the half-done log-in, and shows until when")
    @Loop func lockout() async throws {
        let (world, session) = try await owing(.authenticator)
        world.otp.refusals["Verify"] = Refusal(.tooManyAttempts, retryAfter: 300)
        let refused = await refusal { try await world.verify(session) }
        #expect(refused == Refusal(.tooManyAttempts, retryAfter: 300))
        #expect(try await world.decision(session, "/two-factor") == .logIn)
        #expect(try world.person(world.ana).codesLockedUntil == world.clock.now + 300)
        #expect(try world.events(of: world.ana).last == "two_factor.locked")
        // The password is still right, and once the lockout is over so is the code.
        world.otp.refusals = [:]
        _ = try await world.verify(try await world.logIn(world.ana).session)
        #expect(try world.person(world.ana).codesLockedUntil == nil)
    }

    @Test("the last wrong code that is allowed is the lockout")
    @Loop func lastWrongCode() async throws {
        let (world, session) = try await owing(.authenticator)
        world.otp.refusals["Verify"] = Refusal(.wrongCode, retryAfter: 30, attemptsLeft: 0)
        let refused = await refusal { try await world.verify(session) }
        #expect(refused?.isFor(.wrongCode) == true && refused?.attemptsLeft == 0)
        #expect(try await world.decision(session) == .logIn)
        #expect(try world.person(world.ana).codesLockedUntil == world.clock.now + 30)
        #expect(try world.events(of: world.ana).last == "two_factor.locked")
    }

    @Test("a lockout that only a PRO can end says so")
    @Loop func untilHelped() async throws {
        let (world, session) = try await owing(.authenticator)
        world.otp.refusals["Verify"] = Refusal(.tooManyAttempts)
        _ = await refusal { try await world.verify(session) }
        let until = try world.person(world.ana).codesLockedUntil
        #expect(until == .untilHelped && until?.description == "9999-12-31T23:59:59.000Z")
    }

    @Test("a lockout at a step-up ends no session that is open")
    @Loop func lockoutInOpenSession() async throws {
        let (world, owing) = try await owing(.authenticator)
        let session = try await world.verify(owing).session
        world.otp.refusals["Verify"] = Refusal(.tooManyAttempts, retryAfter: 300)
        _ = await refusal {
            try await world.call(Auth.StepUp(session: session, method: .authenticator, code: FakeOTP.code))
        }
        #expect(try await world.decision(session) == .allow)
    }

    @Test("a recovery code opens as a factor does; when the last is used, none is offered any more")
    @Loop func recovery() async throws {
        let (world, session) = try await owing(.authenticator)
        world.otp.setRecoveryLeft(2, of: world.ana.id)
        let first = try await world.verify(try await world.logIn(world.ana).session, .recovery)
        #expect(first.recoveryLeft == 1 && first.gate.methods == [.authenticator, .recovery])
        let verified = try await world.verify(session, .recovery)
        #expect(verified.gate.state == .open && verified.gate.methods == [.authenticator])
        #expect(verified.recoveryLeft == 0)
        #expect(try await world.verify(try await world.logIn(world.ana).session).recoveryLeft == nil)
        let next = try await world.logIn(world.ana).session
        #expect(await refusal { try await world.verify(next, .recovery) }?.isFor(.notSetUp) == true)
    }

    @Test("while OTPService is out of reach the session stays as it was")
    @Loop func down() async throws {
        let (world, session) = try await owing(.authenticator)
        world.otp.isDown = true
        #expect(await refusal { try await world.verify(session) }?.status == .unavailable)
        #expect(try await world.decision(session) == .verify)
        world.otp.isDown = false
        #expect(try await world.verify(session).gate.state == .open)
    }

    @Test("a caller's time is passed on: OTPService gets no more than is left")
    @Loop func deadline() async throws {
        let (world, session) = try await owing(.authenticator)
        world.otp.holds = ["Verify"]
        let refused = await refusal {
            try await world.client.call(
                Auth.Verify(session: session, method: .authenticator, code: FakeOTP.code), within: 100)
        }
        #expect(refused?.isFor(.deadlineExceeded) == true)
        world.otp.release()
        try await world.settle()
    }

    @Test("two codes at once: one new token, and the other call finds its session gone")
    @Loop func twice() async throws {
        let (world, session) = try await owing(.authenticator)
        let results = await together(8) { _ in try await world.verify(session) }
        #expect(results.count { $0.succeeded } == 1)
    }
}
