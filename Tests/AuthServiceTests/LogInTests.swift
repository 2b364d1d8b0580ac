import Cryptography
import Storage
import Testing
import Wire

@testable import AuthService

@Suite("Log-in", .timeLimit(.minutes(2)))
struct LogInTests {
    @Loop private func attempt(
        _ world: World, firm: String = "acme", email: String = "ana@example.com",
        password: String = "wrong password",
        device: String? = nil, address: String? = "198.51.100.9"
    ) async -> Refusal? {
        await refusal {
            try await world.call(
                Auth.LogIn(firm: firm, email: email, password: password, device: device, address: address))
        }
    }

    @Test("it gives a session, who one is, and when it ends at the latest")
    @Loop func answer() async throws {
        let world = try await World()
        let login = try await world.logIn(world.ana)
        #expect(login.session.utf8.count == 43)
        #expect(login.expires == world.clock.now + 12 * 60 * 60)
        #expect(
            login.actor
                == Auth.Actor(
                    id: world.ana.id, role: .client, name: "Ana", email: "ana@example.com", firm: "acme"))
        #expect(try world.person(world.ana).lastLogIn == world.clock.now)
        #expect(try world.events(of: world.ana) == ["log_in.succeeded"])
    }

    @Test("the address is taken in any letters")
    @Loop func letters() async throws {
        let world = try await World()
        let login = try await world.call(
            Auth.LogIn(firm: "acme", email: " ANA@Example.com ", password: World.password))
        #expect(login.actor.id == world.ana.id)
    }

    @Test(
        "an unknown firm, an unknown address, a wrong password and an invitation that is open get the same answer"
    )
    @Loop func sameAnswer() async throws {
        let world = try await World()
        let invited = Person(
            id: ID(now: world.clock.now), firm: world.firm.id, role: .client, name: "Eva",
            email: "eva@example.com",
            created: world.clock.now)
        try await world.service.store.write { try $0.insert(invited, password: nil) }
        let refusals = [
            await attempt(world, firm: "nobody"), await attempt(world, email: "nobody@example.com"),
            await attempt(world, email: "no address"), await attempt(world),
            await attempt(world, email: "eva@example.com"),
            await attempt(world, email: "eva@example.com", password: ""),
        ]
        #expect(Set(refusals) == [Refusal(.badCredentials)])
    }

    @Test("lock-outs tell nothing either: they come after as many tries for who exists as for who does not")
    @Loop func sameLockout() async throws {
        let world = try await World()
        var answers: [[Refusal?]] = [[], []]
        for _ in 0..<12 {
            answers[0].append(await attempt(world))
            answers[1].append(await attempt(world, email: "nobody@example.com"))
        }
        #expect(answers[0] == answers[1])
        #expect(answers[0].prefix(10).allSatisfy { $0 == Refusal(.badCredentials) })
        #expect(answers[0][10] == Refusal(.tooManyAttempts, retryAfter: 30))
    }

    @Test("after ten wrong tries the right password waits too, and is taken afterwards")
    @Loop func lockout() async throws {
        let world = try await World()
        for _ in 0..<10 { _ = await attempt(world) }
        #expect(await attempt(world, password: World.password)?.isFor(.tooManyAttempts) == true)
        world.clock.advance(29)
        #expect(await attempt(world, password: World.password)?.retryAfter == 1)
        world.clock.advance(1)
        _ = try await world.logIn(world.ana, address: "198.51.100.9")
        // And the count begins anew.
        for _ in 0..<9 { #expect(await attempt(world)?.isFor(.badCredentials) == true) }
        _ = try await world.logIn(world.ana, address: "198.51.100.9")
        try await world.until { try world.events(of: world.ana).contains("log_in.locked") }
    }

    @Test("many tries at once get no more than one after the other")
    @Loop func atOnce() async throws {
        let world = try await World()
        let refusals = await together(30) { _ in await attempt(world) }.map { try? $0.get() }
        #expect(refusals.count { $0?.isFor(.badCredentials) == true } == 10)
        #expect(refusals.count { $0?.isFor(.tooManyAttempts) == true } == 20)
    }

    @Test("the count outlives a restart")
    @Loop func restart() async throws {
        let world = try await World()
        for _ in 0..<10 { _ = await attempt(world) }
        try await world.restart()
        #expect(await attempt(world)?.isFor(.tooManyAttempts) == true)
    }

    // MARK: strangers and owners

    @Test("a stranger cannot lock the owner out, who comes from an address that the account knows")
    @Loop func knownAddress() async throws {
        let world = try await World()
        _ = try await world.logIn(world.ana)
        for number in 0..<60 { _ = await attempt(world, address: "198.51.100.\(number % 30)") }
        #expect(
            await attempt(world, address: "203.0.113.1")?.isFor(.tooManyAttempts) == true, "strangers wait")
        _ = try await world.logIn(world.ana)
    }

    @Test("nor who comes with a trusted device, from anywhere")
    @Loop func knownDevice() async throws {
        let world = try await World(clients: true)
        _ = try await world.setUp(try await world.logIn(world.ana, address: nil).session)
        let device = try await world.verify(
            try await world.logIn(world.ana, address: nil).session, trustDevice: true
        ).device
        for number in 0..<60 { _ = await attempt(world, address: "198.51.100.\(number % 30)") }
        #expect(
            await attempt(world, password: World.password, address: "203.0.113.1")?.isFor(.tooManyAttempts)
                == true)
        #expect(try await world.logIn(world.ana, device: device, address: "203.0.113.1").gate.state == .open)
    }

    @Test("who has a known address has a budget of its own there, and no more than that")
    @Loop func knownBudget() async throws {
        let world = try await World()
        _ = try await world.logIn(world.ana)
        for _ in 0..<10 { _ = await attempt(world, address: World.address) }
        #expect(await attempt(world, address: World.address)?.isFor(.tooManyAttempts) == true)
        #expect(
            await attempt(world)?.isFor(.badCredentials) == true, "elsewhere a stranger's budget is untouched"
        )
    }

    @Test("one address that tries many people waits after a hundred, and its own log-ins do not count")
    @Loop func spraying() async throws {
        let world = try await World()
        for number in 0..<99 { _ = await attempt(world, email: "person\(number)@example.com") }
        _ = try await world.logIn(world.ana, address: "198.51.100.9")
        #expect(await attempt(world, email: "one@example.com")?.isFor(.badCredentials) == true)
        #expect(await attempt(world, email: "two@example.com")?.isFor(.tooManyAttempts) == true)
        _ = try await world.logIn(world.pro)
    }

    // MARK: trusted devices

    @Test("a trusted device stands in for the code, until its days are over")
    @Loop func trusted() async throws {
        let world = try await World(clients: true, devices: 7)
        _ = try await world.setUp(try await world.logIn(world.ana).session)
        let device = try #require(
            try await world.verify(try await world.logIn(world.ana).session, trustDevice: true).device)
        #expect(device.utf8.count == 43)
        world.clock.advance(7 * 24 * 60 * 60 - 1)
        let login = try await world.logIn(world.ana, device: device)
        #expect(login.gate.state == .open)
        #expect(try await world.decision(login.session) == .allow)
        world.clock.advance(1)
        #expect(try await world.logIn(world.ana, device: device).gate.state == .verify)
    }

    @Test("a device is trusted for the one who trusted it alone")
    @Loop func othersDevice() async throws {
        let world = try await World(clients: true, pros: true)
        for person in [world.ana, world.pro] {
            _ = try await world.setUp(try await world.logIn(person).session)
        }
        let device = try await world.verify(try await world.logIn(world.ana).session, trustDevice: true)
            .device
        #expect(try await world.logIn(world.pro, device: device).gate.state == .verify)
    }

    @Test("where the firm trusts no device, none is made")
    @Loop func noDevices() async throws {
        let world = try await World(clients: true, devices: 0)
        _ = try await world.setUp(try await world.logIn(world.ana).session)
        #expect(
            try await world.verify(try await world.logIn(world.ana).session, trustDevice: true).device == nil)
    }

    @Test("a log-in by a trusted device is no fresh proof for the sensitive calls")
    @Loop func noProof() async throws {
        let world = try await World(clients: true)
        _ = try await world.setUp(try await world.logIn(world.ana).session)
        let device = try await world.verify(try await world.logIn(world.ana).session, trustDevice: true)
            .device
        let session = try await world.logIn(world.ana, device: device).session
        #expect(
            await refusal { try await world.call(Auth.NewRecoveryCodes(session: session)) }?.isFor(.stepUp)
                == true)
    }

    // MARK: the pool

    @Test("what the pool has no room for is refused at once, before a try is counted")
    @Loop func overload() async throws {
        let world = try await World {
            $0.passwords.queue = 1; $0.passwords.threads = 1
        }
        let refusals = await together(50) { number in
            try await world.call(
                Auth.LogIn(firm: "acme", email: "a\(number)@example.com", password: "x", address: nil))
        }.map(\.refusal)
        let shed = refusals.compactMap { $0 }.filter { $0.isFor(.overloaded) }
        #expect(!shed.isEmpty && shed.allSatisfy { $0.status == .resourceExhausted && $0.retryAfter != nil })
        #expect(refusals.allSatisfy { $0?.isFor(.overloaded) == true || $0?.isFor(.badCredentials) == true })
    }

    @Test("a try that was shed is not counted")
    @Loop func shedUncounted() async throws {
        let world = try await World {
            $0.passwords.queue = 1
            $0.passwords.threads = 1
        }
        var wrong = 0
        // More than ten would have to wait.
        while wrong < 8 {
            let results = await together(3) { _ in
                try await world.call(
                    Auth.LogIn(
                        firm: "acme", email: "ana@example.com", password: "wrong password", address: nil))
            }
            wrong += results.count { $0.refusal?.isFor(.badCredentials) == true }
            let counted = try world.service.store.read { database in
                try database.first("SELECT max(tries) FROM attempt") { $0.intOrNil(0) ?? 0 } ?? 0
            }
            #expect(counted == wrong)
        }
    }

    @Test("a password is hashed for whoever is named, there or not, and whatever comes of it")
    @Loop func sameWork() async throws {
        let world = try await World()
        for (firm, email) in [
            ("acme", "ana@example.com"), ("acme", "nobody@example.com"), ("nobody", "x"), ("", ""),
        ] {
            let before = world.service.passwords.done
            _ = await attempt(world, firm: firm, email: email)
            #expect(world.service.passwords.done == before + 1)
        }
    }

    @Test("a hash of another cost is made anew at log-in")
    @Loop func rehash() async throws {
        let world = try await World()
        let id = world.ana.id
        let old = try await world.service.store.write { try $0.password(of: id) }
        let other = try await PasswordPool(
            PasswordPool.Settings(cost: .init(memory: 128, passes: 1, lanes: 1))
        )
        .hash(World.password, until: .after(milliseconds: 30_000))
        try await world.service.store.write { try $0.setPassword(other, of: id) }
        _ = try await world.logIn(world.ana)
        let new = try await world.service.store.write { try $0.password(of: id) }
        #expect(new != other && new?.contains("m=64,") == true && old?.contains("m=64,") == true)
        _ = try await world.logIn(world.ana)
    }

    @Test("nobody has more than fifty sessions: the oldest ends")
    @Loop func fifty() async throws {
        let world = try await World()
        let first = try await world.logIn(world.ana).session
        for _ in 0..<49 {
            world.clock.advance(1)
            _ = try await world.logIn(world.ana)
        }
        #expect(try await world.decision(first) == .allow)
        world.clock.advance(1)
        _ = try await world.logIn(world.ana)
        #expect(try await world.decision(first) == .logIn)
    }
}
