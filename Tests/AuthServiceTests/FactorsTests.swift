import Testing
import Wire

@testable import AuthService

@Suite("Removing factors, and recovery codes", .timeLimit(.minutes(2)))
struct FactorsTests {
    @Loop private func enrolled(_ world: World, _ methods: FactorMethod...) async throws -> String {
        var session = try await world.logIn(world.ana).session
        for method in methods { session = try await world.setUp(session, method) }
        return session
    }

    @Test("the last factor cannot be removed while the firm or a PRO requires 2FA", arguments: [true, false])
    @Loop func last(byFirm: Bool) async throws {
        let world = try await World(clients: byFirm)
        if !byFirm { try await world.change(world.ana) { $0.requiredByPro = true } }
        let session = try await enrolled(world, .authenticator)
        let refused = await refusal {
            try await world.call(Auth.RemoveMethod(session: session, method: .authenticator))
        }
        #expect(refused?.isFor(.lastMethod) == true)
        #expect(try await world.authorize(session).gate?.methods == [.authenticator, .recovery])
        #expect(try world.tasks(of: world.ana).isEmpty)
    }

    @Test("one of two factors can, and counts no more at once; OTPService is told")
    @Loop func oneOfTwo() async throws {
        let world = try await World(clients: true)
        let session = try await enrolled(world, .authenticator, .sms)
        let gate = try await world.call(Auth.RemoveMethod(session: session, method: .sms)).gate
        #expect(gate.methods == [.authenticator, .recovery] && gate.phone == nil && gate.state == .open)
        #expect(
            await refusal { try await world.call(Auth.SendCode(session: session)) }?.isFor(.notSetUp) == true)
        try await world.until { world.otp.confirmed[world.ana.id] == [.authenticator] }
        try await world.until { try world.tasks(of: world.ana).isEmpty }
    }

    @Test("a removed factor does not come back by the next set-up, though OTPService has not heard of it yet")
    @Loop func removedStaysRemoved() async throws {
        let world = try await World(clients: true)
        let session = try await enrolled(world, .authenticator, .sms)
        world.otp.refusals["Remove"] = Refusal(.unreachable)
        _ = try await world.call(Auth.RemoveMethod(session: session, method: .sms))
        #expect(await refusal { try await world.setUp(session, .sms) }?.isFor(.unreachable) == true)
        #expect(try world.person(world.ana).factors == [.authenticator, .recovery])
        world.otp.refusals = [:]
        let again = try await world.setUp(session, .sms)
        #expect(try await world.authorize(again).gate?.methods == [.authenticator, .sms, .recovery])
        #expect(world.otp.calls.suffix(5) == ["Remove", "Methods", "Begin", "Confirm", "Methods"])
    }

    @Test("who chose 2FA may give it up: all ends, with the recovery codes and the proof")
    @Loop func ownChoice() async throws {
        let world = try await World()
        let session = try await enrolled(world, .authenticator)
        let gate = try await world.call(Auth.RemoveMethod(session: session, method: .authenticator)).gate
        #expect(gate.state == .open && !gate.required && gate.methods.isEmpty)
        try await world.until { world.otp.count("Reset") == 1 }
        #expect(try await world.logIn(world.ana).gate.state == .open)
        try await world.settings { $0.twoFactorRequired = true }
        #expect(try await world.decision(session) == .setUp, "what was proved by the factor ended with it")
    }

    @Test("what is not set up cannot be removed, and recovery codes are no factor")
    @Loop func notSetUp() async throws {
        let world = try await World(clients: true)
        let session = try await enrolled(world, .authenticator)
        #expect(
            await refusal { try await world.call(Auth.RemoveMethod(session: session, method: .sms)) }?.isFor(
                .notSetUp)
                == true)
        #expect(
            await refusal { try await world.call(Auth.RemoveMethod(session: session, method: .recovery)) }?
                .field
                == "method")
    }

    @Test("removing a factor ends the trust in devices")
    @Loop func devices() async throws {
        let world = try await World(clients: true)
        _ = try await enrolled(world, .authenticator, .sms)
        let verified = try await world.verify(try await world.logIn(world.ana).session, trustDevice: true)
        _ = try await world.call(Auth.RemoveMethod(session: verified.session, method: .sms))
        #expect(try await world.logIn(world.ana, device: verified.device).gate.state == .verify)
    }

    @Test("new recovery codes are ten, and need a fresh proof and a factor")
    @Loop func recoveryCodes() async throws {
        let world = try await World(clients: true)
        world.otp.setRecoveryLeft(0, of: world.ana.id)
        let session = try await enrolled(world, .authenticator)
        #expect(try await world.call(Auth.NewRecoveryCodes(session: session)).recoveryCodes.count == 10)
        #expect(try world.person(world.ana).factors.contains(.recovery))
        let piet = try await world.logIn(world.pro).session
        #expect(
            await refusal { try await world.call(Auth.NewRecoveryCodes(session: piet)) }?.isFor(.notSetUp)
                == true)
    }

    @Test("a locked session removes nothing and gets no codes")
    @Loop func locked() async throws {
        let world = try await World(clients: true)
        _ = try await enrolled(world, .authenticator, .sms)
        let owing = try await world.logIn(world.ana).session
        #expect(
            await refusal { try await world.call(Auth.RemoveMethod(session: owing, method: .sms)) }?.isFor(
                .locked)
                == true)
        #expect(
            await refusal { try await world.call(Auth.NewRecoveryCodes(session: owing)) }?.isFor(.locked)
                == true)
    }
}
