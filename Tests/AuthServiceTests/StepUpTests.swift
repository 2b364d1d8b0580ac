import Testing
import Wire

@testable import AuthService

@Suite("Fresh proofs", .timeLimit(.minutes(2)))
struct StepUpTests {
    @Test("the password is a proof where no factor is enrolled, and replaces the token")
    @Loop func password() async throws {
        let world = try await World()
        let session = try await world.logIn(world.ana).session
        let fresh = try await world.call(Auth.StepUp(session: session, password: World.password)).session
        #expect(fresh != session)
        #expect(try await world.decision(session) == .logIn)
        #expect(try await world.decision(fresh) == .allow)
    }

    @Test("where a factor is enrolled the password is no proof, required or not")
    @Loop func passwordNotEnough() async throws {
        let world = try await World(clients: true)
        let session = try await world.setUp(try await world.logIn(world.ana).session)
        for required in [true, false] {
            try await world.settings { $0.twoFactorRequired = required }
            let refused = await refusal {
                try await world.call(Auth.StepUp(session: session, password: World.password))
            }
            #expect(refused?.isFor(.malformed) == true && refused?.field == "code")
        }
    }

    @Test("a factor that is not set up proves nothing, and nothing at all is asked for by name")
    @Loop func missing() async throws {
        let world = try await World()
        let session = try await world.logIn(world.ana).session
        let code = await refusal {
            try await world.call(Auth.StepUp(session: session, method: .authenticator, code: FakeOTP.code))
        }
        #expect(code?.isFor(.notSetUp) == true)
        let nothing = await refusal { try await world.call(Auth.StepUp(session: session)) }
        #expect(nothing?.isFor(.malformed) == true && nothing?.field == "password")
    }

    @Test("a dormant factor is what proves, in a session that never gave its code")
    @Loop func dormant() async throws {
        let world = try await World(clients: true)
        _ = try await world.setUp(try await world.logIn(world.ana).session)
        try await world.settings { $0.twoFactorRequired = false }
        let session = try await world.logIn(world.ana).session
        let remove = { (session: String) in Auth.RemoveMethod(session: session, method: .authenticator) }
        #expect(await refusal { try await world.call(remove(session)) }?.isFor(.stepUp) == true)
        let fresh = try await world.call(
            Auth.StepUp(session: session, method: .authenticator, code: FakeOTP.code)
        ).session
        _ = try await world.call(remove(fresh))
    }

    @Test("a log-in with the second factor is fresh for 15 minutes, and so is a step-up")
    @Loop func quarter() async throws {
        let world = try await World(clients: true)
        var session = try await world.setUp(try await world.logIn(world.ana).session)
        for _ in 0..<2 {
            world.clock.advance(15 * 60 - 1)
            _ = try await world.call(Auth.NewRecoveryCodes(session: session))
            world.clock.advance(1)
            let stale = session
            #expect(
                await refusal { try await world.call(Auth.NewRecoveryCodes(session: stale)) }?.isFor(.stepUp)
                    == true)
            session = try await world.call(
                Auth.StepUp(session: session, method: .authenticator, code: FakeOTP.code)
            ).session
        }
    }

    @Test(
        "a wrong password is refused, recorded, and after ten tries has to wait; log-in has a count of its own"
    )
    @Loop func lockout() async throws {
        let world = try await World()
        let session = try await world.logIn(world.ana).session
        for _ in 0..<10 {
            #expect(
                await refusal { try await world.call(Auth.StepUp(session: session, password: "nope nope")) }?
                    .isFor(.badCredentials) == true)
        }
        let waits = await refusal {
            try await world.call(Auth.StepUp(session: session, password: World.password))
        }
        #expect(waits == Refusal(.tooManyAttempts, retryAfter: 30))
        #expect(try world.events(of: world.ana).count { $0 == "password.wrong" } == 10)
        _ = try await world.logIn(world.ana)
        world.clock.advance(30)
        _ = try await world.call(Auth.StepUp(session: session, password: World.password))
    }

    @Test("a locked session gets no proof", arguments: [true, false])
    @Loop func locked(enrolled: Bool) async throws {
        let world = try await World(clients: true)
        var session = try await world.logIn(world.ana).session
        if enrolled {
            _ = try await world.setUp(session)
            session = try await world.logIn(world.ana).session
        }
        let locked = session
        #expect(
            await refusal { try await world.call(Auth.StepUp(session: locked, password: World.password)) }?
                .isFor(.locked)
                == true)
    }
}
