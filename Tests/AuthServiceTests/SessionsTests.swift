import Testing
import Wire

@testable import AuthService

@Suite("Sessions", .timeLimit(.minutes(2)))
struct SessionsTests {
    @Test("a session is over when it was idle for the firm's minutes, and use keeps it")
    @Loop func idle() async throws {
        let world = try await World()
        let session = try await world.logIn(world.ana).session
        for _ in 0..<3 {
            world.clock.advance(30 * 60 - 1)
            #expect(try await world.decision(session) == .allow)
        }
        world.clock.advance(30 * 60)
        #expect(try await world.decision(session) == .logIn)
        #expect(
            await refusal { try await world.call(Auth.ListSessions(session: session)) }?.isFor(.noSession)
                == true)
    }

    @Test("other calls are use too")
    @Loop func otherUse() async throws {
        let world = try await World()
        let session = try await world.logIn(world.ana).session
        world.clock.advance(20 * 60)
        _ = try await world.call(Auth.ListSessions(session: session))
        world.clock.advance(20 * 60)
        #expect(try await world.decision(session) == .allow)
    }

    @Test("fewer idle minutes end sessions on the very next page")
    @Loop func idleMinutes() async throws {
        let world = try await World()
        let session = try await world.logIn(world.ana).session
        #expect(try await world.decision(session) == .allow)
        world.clock.advance(5 * 60)
        try await world.settings { $0.idleMinutes = 5 }
        #expect(try await world.decision(session) == .logIn)
    }

    @Test("a session is over after twelve hours, however busy, and says so from the beginning")
    @Loop func absolute() async throws {
        let world = try await World()
        let login = try await world.logIn(world.ana)
        while world.clock.now + 20 * 60 < login.expires {
            world.clock.advance(20 * 60)
            let answer = try await world.authorize(login.session)
            #expect(answer.decision == .allow && answer.expires == login.expires)
        }
        world.clock.advance(20 * 60)
        #expect(try await world.decision(login.session) == .logIn)
    }

    @Test("a new token does not make the session last longer")
    @Loop func noExtension() async throws {
        let world = try await World()
        let login = try await world.logIn(world.ana)
        world.clock.advance(60)
        let fresh = try await world.call(Auth.StepUp(session: login.session, password: World.password))
            .session
        #expect(try await world.authorize(fresh).expires == login.expires)
    }

    @Test("the last use is written down within a minute, so that it outlives a restart")
    @Loop func written() async throws {
        let world = try await World()
        let session = try await world.logIn(world.ana).session
        world.clock.advance(25 * 60)
        _ = try await world.authorize(session)
        try await world.restart()
        world.clock.advance(25 * 60)
        #expect(try await world.decision(session) == .allow)
    }

    @Test("the same use is written down once a minute at most")
    @Loop func batches() async throws {
        let world = try await World()
        let session = try await world.logIn(world.ana).session
        for _ in 0..<10 {
            world.clock.advance(10)
            _ = try await world.authorize(session)
        }
        #expect(world.service.sessions.takeUses().count == 1)
    }

    @Test("log-out ends the session in any state, and once more is no error")
    @Loop func logOut() async throws {
        let world = try await World(clients: true)
        let session = try await world.logIn(world.ana).session
        #expect(try await world.decision(session) == .setUp)
        for _ in 0..<2 { _ = try await world.call(Auth.LogOut(session: session)) }
        _ = try await world.call(Auth.LogOut(session: "no such token"))
        #expect(try await world.decision(session, "/help") == .logIn)
        #expect(try world.events(of: world.ana) == ["log_in.succeeded", "log_out"])
    }

    @Test("one sees one's own sessions and devices, and which of them is asking")
    @Loop func list() async throws {
        let world = try await World(clients: true)
        let first = try await world.setUp(try await world.logIn(world.ana).session)
        world.clock.advance(60)
        let second = try await world.verify(try await world.logIn(world.ana).session, trustDevice: true)
            .session
        _ = try await world.logIn(world.pro)
        let list = try await world.call(Auth.ListSessions(session: second))
        #expect(list.sessions.count == 2 && list.sessions.count { $0.current } == 1)
        let current = try #require(list.sessions.first { $0.current })
        #expect(
            current.address == World.address && current.agent == "Firefox"
                && current.created == world.clock.now)
        #expect(list.devices.count == 1 && list.devices[0].agent == "Firefox")
        #expect(try await world.decision(first) == .allow)
    }

    @Test("one ends one's own sessions, and nobody else's")
    @Loop func end() async throws {
        let world = try await World()
        let (first, second) = (
            try await world.logIn(world.ana).session, try await world.logIn(world.ana).session
        )
        let piet = try await world.logIn(world.pro).session
        #expect(try await world.decision(first) == .allow)
        let other = try #require(
            try await world.call(Auth.ListSessions(session: second)).sessions.first { !$0.current })
        let stranger = await refusal { try await world.call(Auth.EndSession(session: piet, id: other.id)) }
        #expect(stranger?.isFor(.noSuchSession) == true)
        #expect(try await world.decision(first) == .allow)
        _ = try await world.call(Auth.EndSession(session: second, id: other.id))
        #expect(try await world.decision(first) == .logIn)
        #expect(try await world.decision(second) == .allow)
    }

    @Test("the trust in a device ends, and what stood on it owes a code on the next page")
    @Loop func endDevice() async throws {
        let world = try await World(clients: true)
        let open = try await world.setUp(try await world.logIn(world.ana).session)
        let device = try await world.verify(try await world.logIn(world.ana).session, trustDevice: true)
            .device
        let trusted = try await world.logIn(world.ana, device: device).session
        #expect(try await world.decision(trusted) == .allow)
        let entry = try #require(try await world.call(Auth.ListSessions(session: open)).devices.first)
        _ = try await world.call(Auth.EndSession(session: open, id: entry.id))
        #expect(try await world.decision(trusted) == .verify)
        #expect(try await world.decision(open) == .allow)
        #expect(try await world.logIn(world.ana, device: device).gate.state == .verify)
    }

    @Test("locked sessions neither list nor end, nor change the password")
    @Loop func locked() async throws {
        let world = try await World(clients: true)
        let session = try await world.logIn(world.ana).session
        #expect(
            await refusal { try await world.call(Auth.ListSessions(session: session)) }?.isFor(.locked)
                == true)
        #expect(
            await refusal { try await world.call(Auth.EndSession(session: session, id: world.ana.id)) }?
                .isFor(.locked)
                == true)
        #expect(
            await refusal {
                try await world.call(
                    Auth.ChangePassword(
                        session: session, current: World.password, new: "something else entirely"))
            }?.isFor(.locked) == true)
    }

    @Test("no call takes a session that there is not")
    @Loop func noSession() async throws {
        let world = try await World()
        let token = String(repeating: "a", count: 43)
        let refusals = [
            await refusal { try await world.call(Auth.BeginSetUp(session: token, method: .sms)) },
            await refusal {
                try await world.call(Auth.ConfirmSetUp(session: token, method: .sms, code: "1"))
            },
            await refusal { try await world.call(Auth.SendCode(session: token)) },
            await refusal { try await world.call(Auth.Delivery(session: token)) },
            await refusal { try await world.call(Auth.Verify(session: token, method: .sms, code: "1")) },
            await refusal { try await world.call(Auth.DeferSetUp(session: token)) },
            await refusal { try await world.call(Auth.RemoveMethod(session: token, method: .sms)) },
            await refusal { try await world.call(Auth.NewRecoveryCodes(session: token)) },
            await refusal { try await world.call(Auth.StepUp(session: token, password: "x")) },
            await refusal { try await world.call(Auth.ListSessions(session: token)) },
            await refusal { try await world.call(Auth.EndSession(session: token, id: world.ana.id)) },
            await refusal {
                try await world.call(Auth.ChangePassword(session: token, current: "x", new: "y"))
            },
        ]
        #expect(Set(refusals) == [Refusal(.noSession)])
    }
}

@Suite("Changing the password", .timeLimit(.minutes(2)))
struct ChangePasswordTests {
    private let new = "another tulip, in Gouda"

    @Test("the old password is dead, and with it all other sessions and trusted devices")
    @Loop func change() async throws {
        let world = try await World(clients: true)
        _ = try await world.setUp(try await world.logIn(world.ana).session)
        let verified = try await world.verify(try await world.logIn(world.ana).session, trustDevice: true)
        let other = try await world.verify(try await world.logIn(world.ana).session).session
        #expect(try await world.decision(other) == .allow)

        let changed = try await world.call(
            Auth.ChangePassword(session: verified.session, current: World.password, new: new)
        ).session
        #expect(try await world.decision(changed) == .allow)
        #expect(try await world.decision(verified.session) == .logIn)
        #expect(try await world.decision(other) == .logIn)
        #expect(await refusal { try await world.logIn(world.ana) }?.isFor(.badCredentials) == true)
        let login = try await world.call(
            Auth.LogIn(firm: "acme", email: world.ana.email, password: new, device: verified.device))
        #expect(login.gate.state == .verify)
        #expect(try world.events(of: world.ana).contains("password.changed"))
    }

    @Test("it takes the current password, and counts wrong ones")
    @Loop func current() async throws {
        let world = try await World()
        let session = try await world.logIn(world.ana).session
        for _ in 0..<10 {
            let refused = await refusal {
                try await world.call(Auth.ChangePassword(session: session, current: "not the one", new: new))
            }
            #expect(refused?.isFor(.badCredentials) == true)
        }
        let waits = await refusal {
            try await world.call(Auth.ChangePassword(session: session, current: World.password, new: new))
        }
        #expect(waits?.isFor(.tooManyAttempts) == true)
    }

    @Test(
        "a weak one is refused, and so is the old one",
        arguments: ["short", "password123", "acme-tax-1", World.password])
    @Loop func weak(password: String) async throws {
        let world = try await World()
        let session = try await world.logIn(world.ana).session
        let refused = await refusal {
            try await world.call(
                Auth.ChangePassword(session: session, current: World.password, new: password))
        }
        #expect(refused?.isFor(.weakPassword) == true && refused?.field == "new")
        _ = try await world.logIn(world.ana)
        #expect(try await world.decision(session) == .allow)
    }
}
