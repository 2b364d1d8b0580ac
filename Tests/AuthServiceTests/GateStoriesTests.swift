import Testing
import Wire

@testable import AuthService

@Suite("The gate, on open and new sessions", .timeLimit(.minutes(2)))
struct GateStoriesTests {
    @Test("a client whose firm requires 2FA is locked in set-up until a factor is confirmed")
    @Loop func setUp() async throws {
        let world = try await World(clients: true)
        let login = try await world.logIn(world.ana)
        #expect(login.gate.state == .setUp && login.gate.required && login.gate.requiredBy == .firm)
        #expect(try await world.decision(login.session) == .setUp)
        #expect(try await world.decision(login.session, "/two-factor/authenticator") == .allow)
        #expect(try await world.decision(login.session, "/help") == .allow)
        #expect(try await world.decision(login.session, "/log-out") == .allow)

        let session = try await world.setUp(login.session)
        let answer = try await world.authorize(session)
        #expect(answer.decision == .allow)
        #expect(answer.gate?.methods == [.authenticator, .recovery] && answer.gate?.state == .open)
        #expect(try await world.decision(login.session) == .logIn, "the old token is dead")
    }

    @Test("a half-done set-up satisfies nothing and asks for no code, and can be begun again")
    @Loop func halfDone() async throws {
        let world = try await World(clients: true)
        let session = try await world.logIn(world.ana).session
        for method in [FactorMethod.sms, .sms, .authenticator] {
            _ = try await world.call(Auth.BeginSetUp(session: session, method: method, phone: "+14155552671"))
            #expect(try await world.authorize(session).gate?.state == .setUp)
        }
        #expect(await refusal { try await world.verify(session) }?.isFor(.notSetUp) == true)
        let wrong = await refusal {
            try await world.call(
                Auth.ConfirmSetUp(session: session, method: .authenticator, code: FakeOTP.wrongCode))
        }
        #expect(wrong?.isFor(.wrongCode) == true && wrong?.attemptsLeft == 4)
        #expect(try await world.decision(session) == .setUp)
        let next = try await world.logIn(world.ana)
        #expect(next.gate.state == .setUp && next.gate.methods.isEmpty)
    }

    @Test(
        "a client with a factor is asked for its code at the next log-in, and every page is locked until then"
    )
    @Loop func verify() async throws {
        let world = try await World(clients: true)
        _ = try await world.setUp(try await world.logIn(world.ana).session)
        let login = try await world.logIn(world.ana)
        #expect(login.gate.state == .verify && login.gate.methods == [.authenticator, .recovery])
        #expect(try await world.decision(login.session) == .verify)
        #expect(try await world.decision(login.session, "/clients") == .verify)
        let verified = try await world.verify(login.session)
        #expect(verified.gate.state == .open && verified.device == nil)
        #expect(try await world.decision(verified.session) == .allow)
        #expect(try await world.decision(login.session) == .logIn)
    }

    @Test("the toggle bites on the very next page of sessions that are open already, on and off and on again")
    @Loop func toggle() async throws {
        let world = try await World()
        let session = try await world.logIn(world.ana).session
        #expect(try await world.decision(session) == .allow)
        try await world.settings { $0.twoFactorRequired = true }
        #expect(try await world.decision(session) == .setUp)
        let open = try await world.setUp(session)
        #expect(try await world.decision(open) == .allow)

        // Off: the factor is dormant, also for a session that never gave a code.
        try await world.settings { $0.twoFactorRequired = false }
        let dormant = try await world.logIn(world.ana)
        #expect(dormant.gate.state == .open && !dormant.gate.offer && !dormant.gate.required)
        #expect(dormant.gate.methods == [.authenticator, .recovery])
        #expect(try await world.decision(dormant.session) == .allow)

        // On again: the code is asked for, not a new set-up; who gave it before is not asked again.
        try await world.settings { $0.twoFactorRequired = true }
        #expect(try await world.decision(dormant.session) == .verify)
        #expect(try await world.decision(open) == .allow)
        #expect(try await world.decision(world.verify(dormant.session).session) == .allow)
    }

    @Test("until its date the toggle announces; when the date comes it locks, without anything being changed")
    @Loop func date() async throws {
        let world = try await World(clients: true, from: TestClock().now + 600)
        let login = try await world.logIn(world.ana)
        #expect(login.gate.state == .open && !login.gate.required && login.gate.offer)
        world.clock.advance(599)
        #expect(try await world.decision(login.session) == .allow)
        world.clock.advance(1)
        #expect(try await world.decision(login.session) == .setUp)
    }

    @Test("a PRO's requirement for one client bites on the very next page, and can be taken back")
    @Loop func requirement() async throws {
        let world = try await World()
        let session = try await world.logIn(world.ana).session
        #expect(try await world.decision(session) == .allow)
        try await world.change(world.ana) { $0.requiredByPro = true }
        let answer = try await world.authorize(session)
        #expect(answer.decision == .setUp && answer.gate?.requiredBy == .pro)
        try await world.change(world.ana) { $0.requiredByPro = false }
        #expect(try await world.decision(session) == .allow)
    }

    @Test("who sets up 2FA without being asked to requires it of oneself from then on")
    @Loop func ownChoice() async throws {
        let world = try await World()
        let login = try await world.logIn(world.ana)
        #expect(login.gate.offer)
        let session = try await world.setUp(login.session)
        let gate = try #require(try await world.authorize(session).gate)
        #expect(gate.required && gate.requiredBy == .person && gate.state == .open && !gate.offer)
        #expect(try await world.logIn(world.ana).gate.state == .verify)
    }

    @Test("who sets up 2FA because the firm asks is free of it when the firm no longer does")
    @Loop func notSelf() async throws {
        let world = try await World(clients: true)
        _ = try await world.setUp(try await world.logIn(world.ana).session)
        try await world.settings { $0.twoFactorRequired = false }
        #expect(try await world.logIn(world.ana).gate.state == .open)
    }

    @Test("the offer comes with each log-in until it is declined")
    @Loop func offer() async throws {
        let world = try await World()
        let first = try await world.logIn(world.ana)
        #expect(first.gate.offer && first.gate.state == .open)
        #expect(try await world.logIn(world.ana).gate.offer)
        let declined = try await world.call(Auth.DeferSetUp(session: first.session))
        #expect(!declined.gate.offer)
        #expect(try await world.authorize(first.session).gate?.offer == false)
        #expect(try await !world.logIn(world.ana).gate.offer)
    }

    @Test("what is required cannot be put off")
    @Loop func cannotDecline() async throws {
        let world = try await World(clients: true)
        let session = try await world.logIn(world.ana).session
        #expect(
            await refusal { try await world.call(Auth.DeferSetUp(session: session)) }?.isFor(.setUpRequired)
                == true)
        #expect(try world.person(world.ana).declined == false)
    }

    @Test(
        "PROs and the owner have 2FA by their own setting, and clients none by it", arguments: [true, false])
    @Loop func pros(required: Bool) async throws {
        let world = try await World(pros: required)
        for person in [world.pro, world.owner] {
            let login = try await world.logIn(person)
            #expect(login.gate.state == (required ? .setUp : .open))
            #expect(try await world.decision(login.session, "/clients") == (required ? .setUp : .allow))
        }
        #expect(try await world.logIn(world.ana).gate.state == .open)
    }

    @Test("a client is forbidden a PRO's pages, however the path is written")
    @Loop func forbidden() async throws {
        let world = try await World()
        let ana = try await world.logIn(world.ana).session
        let piet = try await world.logIn(world.pro).session
        for path in [
            "/clients", "/clients/1", "/settings", "/Settings/x", "/%63lients", "//clients", "/a/../clients",
        ] {
            #expect(try await world.decision(ana, path) == .forbid, "\(path)")
        }
        #expect(try await world.decision(piet, "/clients") == .allow)
        #expect(try await world.decision(piet, "/settings/client-hub") == .allow)
        #expect(try await world.decision(piet, "/a/../clients") == .forbid)
    }

    @Test(
        "no session, or none that there is, is told to log in",
        arguments: ["", "x", String(repeating: "a", count: 43), String(repeating: "é", count: 43)])
    @Loop func noSession(token: String) async throws {
        let world = try await World()
        let answer = try await world.authorize(token)
        #expect(answer == Auth.Authorize.Reply(decision: .logIn))
    }
}
