import Testing
import Wire

@testable import AuthService

@Suite("Setting up factors", .timeLimit(.minutes(2)))
struct SetUpTests {
    @Test("the first factor comes with recovery codes, once")
    @Loop func recoveryCodes() async throws {
        let world = try await World(clients: true)
        let session = try await world.logIn(world.ana).session
        let begun = try await world.call(Auth.BeginSetUp(session: session, method: .authenticator))
        #expect(begun.secret != nil && begun.uri != nil && begun.phone == nil)
        let first = try await world.call(
            Auth.ConfirmSetUp(session: session, method: .authenticator, code: FakeOTP.code))
        #expect(first.recoveryCodes?.count == 10)
        let sms = try await world.call(
            Auth.BeginSetUp(session: first.session, method: .sms, phone: "(415) 555-2671"))
        #expect(sms.phone == FakeOTP.phone && sms.secret == nil)
        let second = try await world.call(
            Auth.ConfirmSetUp(session: first.session, method: .sms, code: FakeOTP.code))
        #expect(second.recoveryCodes == nil)
        #expect(
            second.gate.methods == [.authenticator, .sms, .recovery] && second.gate.phone == FakeOTP.phone)
        #expect(
            try await world.decision(first.session) == .logIn, "each rise of privilege has a token of its own"
        )
    }

    @Test("a session that owes a code sets up nothing")
    @Loop func locked() async throws {
        let world = try await World(clients: true)
        _ = try await world.setUp(try await world.logIn(world.ana).session)
        let owing = try await world.logIn(world.ana).session
        #expect(await refusal { try await world.setUp(owing, .sms) }?.isFor(.locked) == true)
        #expect(
            await refusal {
                try await world.call(Auth.ConfirmSetUp(session: owing, method: .sms, code: FakeOTP.code))
            }?.isFor(.locked) == true)
    }

    @Test("another factor needs a fresh proof of the first, a first one needs none")
    @Loop func freshProof() async throws {
        let world = try await World(clients: true)
        let first = try await world.logIn(world.ana).session
        world.clock.advance(16 * 60)
        let session = try await world.setUp(first)
        world.clock.advance(15 * 60)
        #expect(await refusal { try await world.setUp(session, .sms) }?.isFor(.stepUp) == true)
        let fresh = try await world.call(
            Auth.StepUp(session: session, method: .authenticator, code: FakeOTP.code)
        ).session
        _ = try await world.setUp(fresh, .sms)
    }

    @Test("a proof that ages between begin and confirm is asked for again")
    @Loop func agedProof() async throws {
        let world = try await World(clients: true)
        let session = try await world.setUp(try await world.logIn(world.ana).session)
        _ = try await world.call(Auth.BeginSetUp(session: session, method: .sms, phone: "+14155552671"))
        world.clock.advance(15 * 60)
        let refused = await refusal {
            try await world.call(Auth.ConfirmSetUp(session: session, method: .sms, code: FakeOTP.code))
        }
        #expect(refused?.isFor(.stepUp) == true)
        #expect(try world.person(world.ana).factors == [.authenticator, .recovery])
    }

    @Test("a factor that is set up is not begun again, and recovery codes are none to set up")
    @Loop func alreadySetUp() async throws {
        let world = try await World(clients: true)
        let session = try await world.setUp(try await world.logIn(world.ana).session)
        #expect(await refusal { try await world.setUp(session) }?.isFor(.alreadySetUp) == true)
        let recovery = await refusal {
            try await world.call(Auth.BeginSetUp(session: session, method: .recovery))
        }
        #expect(recovery?.isFor(.malformed) == true && recovery?.field == "method")
    }

    @Test("what OTPService refuses is passed on as it is")
    @Loop func passedOn() async throws {
        let world = try await World(clients: true)
        let session = try await world.logIn(world.ana).session
        let wanted = Refusal(.badPhone, field: "phone")
        world.otp.refusals["Begin"] = wanted
        #expect(await refusal { try await world.setUp(session, .sms) } == wanted)
        world.otp.refusals = ["Confirm": Refusal(.tooManyAttempts, retryAfter: 60)]
        #expect(
            await refusal { try await world.setUp(session, .sms) }
                == Refusal(.tooManyAttempts, retryAfter: 60))
        #expect(try await world.decision(session) == .setUp, "wrong codes of a set-up end no session")
    }

    @Test("devices that were trusted with fewer factors are asked again")
    @Loop func devices() async throws {
        let world = try await World(clients: true)
        _ = try await world.setUp(try await world.logIn(world.ana).session)
        let verified = try await world.verify(try await world.logIn(world.ana).session, trustDevice: true)
        let byDevice = try await world.logIn(world.ana, device: verified.device).session
        #expect(try await world.decision(byDevice) == .allow)
        _ = try await world.setUp(verified.session, .sms)
        #expect(try await world.logIn(world.ana, device: verified.device).gate.state == .verify)
        #expect(try await world.decision(byDevice) == .verify, "what stood on the device owes a code")
    }

    @Test("a set-up that the firm's toggle meets half-way is no choice of one's own")
    @Loop func toggledMeanwhile() async throws {
        let world = try await World()
        let session = try await world.logIn(world.ana).session
        _ = try await world.call(Auth.BeginSetUp(session: session, method: .authenticator))
        try await world.settings { $0.twoFactorRequired = true }
        _ = try await world.call(
            Auth.ConfirmSetUp(session: session, method: .authenticator, code: FakeOTP.code))
        #expect(try world.person(world.ana).requiredBySelf == false)
    }

    // MARK: between OTPService's word and the commit

    @Test(
        "an answer that is lost after the code was right: the next try finds the factor and asks for its code"
    )
    @Loop func lostAnswer() async throws {
        let world = try await World(clients: true)
        let session = try await world.logIn(world.ana).session
        _ = try await world.call(Auth.BeginSetUp(session: session, method: .authenticator))
        world.otp.losesAnswers = ["Confirm"]
        let confirm = Auth.ConfirmSetUp(session: session, method: .authenticator, code: FakeOTP.code)
        #expect(await refusal { try await world.call(confirm) }?.isFor(.unreachable) == true)
        #expect(try await world.decision(session) == .setUp, "nothing counts that was not committed")

        world.otp.losesAnswers = []
        #expect(await refusal { try await world.call(confirm) }?.isFor(.notBegun) == true)
        #expect(try await world.decision(session) == .verify)
        #expect(try await world.verify(session).gate.state == .open)
    }

    @Test("the same, found by beginning again")
    @Loop func lostAnswerBegin() async throws {
        let world = try await World(clients: true)
        let session = try await world.logIn(world.ana).session
        _ = try await world.call(Auth.BeginSetUp(session: session, method: .sms, phone: "+14155552671"))
        world.otp.losesAnswers = ["Confirm"]
        _ = await refusal {
            try await world.call(Auth.ConfirmSetUp(session: session, method: .sms, code: FakeOTP.code))
        }
        world.otp.losesAnswers = []
        try await world.restart()
        let again = await refusal { try await world.setUp(session, .sms) }
        #expect(again?.isFor(.locked) == true)
        let person = try world.person(world.ana)
        #expect(person.factors == [.sms, .recovery] && person.phone == FakeOTP.phone)
        #expect(try await world.verify(session, .sms).gate.state == .open)
    }

    @Test("a caller that stops waiting does not part OTPService's word from the commit")
    @Loop func cancelled() async throws {
        let world = try await World(clients: true)
        let session = try await world.logIn(world.ana).session
        _ = try await world.call(Auth.BeginSetUp(session: session, method: .authenticator))
        world.otp.holds = ["Confirm"]
        let call = Task { @Loop in
            try await world.call(
                Auth.ConfirmSetUp(session: session, method: .authenticator, code: FakeOTP.code))
        }
        try await world.until { world.otp.isHolding }
        call.cancel()
        _ = await call.result
        world.otp.release()
        try await world.until { try world.person(world.ana).factors == [.authenticator, .recovery] }
        try await world.settle()
    }

    @Test(
        "a factor that OTPService has lost is not taken from anybody: it stays asked for until a PRO overrides"
    )
    @Loop func lostFactor() async throws {
        let world = try await World(clients: true)
        let session = try await world.setUp(try await world.logIn(world.ana).session)
        world.otp.forget(world.ana.id)
        #expect(await refusal { try await world.setUp(session) }?.isFor(.alreadySetUp) == true)
        #expect(try await world.logIn(world.ana).gate.state == .verify)
    }

    @Test("the set-up of one person at a time: two confirmations at once, and one of them counts")
    @Loop func twice() async throws {
        let world = try await World(clients: true)
        let session = try await world.logIn(world.ana).session
        _ = try await world.call(Auth.BeginSetUp(session: session, method: .authenticator))
        let confirm = Auth.ConfirmSetUp(session: session, method: .authenticator, code: FakeOTP.code)
        let results = await together(8) { _ in try await world.call(confirm) }
        #expect(results.count { $0.succeeded } == 1)
    }
}
