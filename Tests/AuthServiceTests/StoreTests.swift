import AuditLog
import Cryptography
import Storage
import Testing
import Wire

@testable import AuthService

@Suite("The database", .timeLimit(.minutes(2)))
struct StoreTests {
    @Test("every column of a person, a firm, a session and a device comes back as it went in")
    @Loop func roundTrip() async throws {
        let world = try await World()
        let now = world.clock.now
        try await world.change(world.ana) { person in
            person.requiredByPro = true
            person.requiredBySelf = true
            person.declined = true
            person.factors = [.authenticator, .sms]
            person.phone = FakeOTP.phone
            person.enrolledAt = now
            person.epoch = 7
            person.overriddenAt = now + 1
            person.overriddenBy = "Piet"
            person.lastLogIn = now + 2
            person.codesLockedUntil = now + 3
        }
        var expected = world.ana
        expected.requiredByPro = true
        expected.requiredBySelf = true
        expected.declined = true
        expected.factors = [.authenticator, .sms]
        expected.phone = FakeOTP.phone
        expected.enrolledAt = now
        expected.epoch = 7
        expected.overriddenAt = now + 1
        expected.overriddenBy = "Piet"
        expected.lastLogIn = now + 2
        expected.codesLockedUntil = now + 3
        #expect(try world.person(world.ana) == expected)

        try await world.settings { settings in
            settings.twoFactorRequired = true
            settings.enforceFrom = now + 9
            settings.prosTwoFactorRequired = true
            settings.trustedDeviceDays = 3
            settings.idleMinutes = 12
        }
        let firm = try world.service.store.read { try $0.firm(slug: "acme") }
        #expect(
            firm?.settings
                == Auth.Settings(
                    twoFactorRequired: true, enforceFrom: now + 9, prosTwoFactorRequired: true,
                    trustedDeviceDays: 3,
                    idleMinutes: 12, version: 2))

        var new = NewSession(of: world.ana.id, at: now)
        new.session.factorAt = now + 4
        new.session.device = ID(now: now)
        new.session.deferred = true
        let session = new.session
        let device = Device(
            id: ID(now: now), person: world.ana.id, created: now, expires: now + 5, agent: "Safari")
        let id = world.ana.id
        let (read, devices) = try await world.service.store.write { database in
            try database.insert(session, address: "::1", agent: nil)
            try database.insert(device, token: SHA256.digest("device"))
            return (try database.session(session.digest), try database.devices(of: id, at: now))
        }
        #expect(read == session && devices == [device])
    }

    @Test("settings change only from the version that was read")
    @Loop func version() async throws {
        let world = try await World()
        let firm = world.firm
        let changed = try await world.service.store.write { database in
            var settings = firm.settings
            settings.version = 2
            return [
                try database.update(settings, of: firm.id, from: 1),
                try database.update(settings, of: firm.id, from: 1),
            ]
        }
        #expect(changed == [true, false])
    }

    @Test("an address is one person's in a firm, in any letters")
    @Loop func unique() async throws {
        let world = try await World()
        var twin = Person(
            id: ID(now: world.clock.now), firm: world.firm.id, role: .pro, name: "Anna",
            email: "ANA@example.com",
            created: world.clock.now)
        twin.email = "ANA@example.com"
        let other = twin
        await #expect {
            try await world.service.store.write { try $0.insert(other, password: nil) }
        } throws: {
            ($0 as? StoreError)?.isUnique == true
        }
    }

    @Test("a person goes with its sessions, devices and addresses; its events stay")
    @Loop func deletion() async throws {
        let world = try await World(clients: true)
        _ = try await world.setUp(try await world.logIn(world.ana).session)
        _ = try await world.verify(try await world.logIn(world.ana).session, trustDevice: true)
        let id = world.ana.id
        let left = try await world.service.store.write { database in
            try database.deletePerson(id)
            return [
                try database.sessions(of: id).count,
                try database.devices(of: id, at: Timestamp(milliseconds: 0)).count,
                try database.exists("SELECT 1 FROM known_address") ? 1 : 0,
            ]
        }
        #expect(left == [0, 0, 0])
        #expect(try !world.events(of: world.ana).isEmpty)
    }

    @Test("what is over is swept away, and nothing else")
    @Loop func sweep() async throws {
        let world = try await World(clients: true, devices: 1)
        _ = try await world.setUp(try await world.logIn(world.ana).session)
        _ = try await world.verify(try await world.logIn(world.ana).session, trustDevice: true)
        _ = await refusal {
            try await world.call(Auth.LogIn(firm: "acme", email: "x@y.example", password: "wrong password"))
        }
        await world.service.upkeep.round()
        world.clock.advance(61 * 60)
        let alive = try await world.logIn(world.ana).session
        await world.service.upkeep.round()
        let id = world.ana.id
        let now = world.clock.now
        #expect(try world.service.store.read { try $0.sessions(of: id).count } == 1)
        #expect(try world.service.store.read { try $0.devices(of: id, at: now).count } == 1)
        #expect(try await world.decision(alive) == .verify)

        world.clock.advance(24 * 60 * 60)
        await world.service.upkeep.round()
        let left = try world.service.store.read { database in
            [
                try database.exists("SELECT 1 FROM session"), try database.exists("SELECT 1 FROM device"),
                try database.exists("SELECT 1 FROM attempt"),
            ]
        }
        #expect(left == [false, false, false])
    }

    // MARK: the audit log

    @Loop private func records(_ world: World) throws -> [AuditRecord] {
        try world.service.store.read { database in
            try database.all(
                """
                SELECT firm, number, at, actor, actor_role, actor_name, event, person, detail, previous, hash FROM event
                WHERE firm = ?1 ORDER BY number
                """, world.firm.id
            ) { row in
                AuditRecord(
                    firm: row.id(0), number: row.int(1), at: row.time(2),
                    actor: Auth.EventActor(id: row.idOrNil(3), role: row.string(4), name: row.string(5)),
                    event: row.string(6), person: row.idOrNil(7), detail: Detail.decode(row.string(8)),
                    previous: try row.digest(9), hash: try row.digest(10))
            }
        }
    }

    @Test("events are numbered and chained, whoever wrote them, and the end of the chain is kept")
    @Loop func chain() async throws {
        let world = try await World(clients: true)
        _ = try await world.setUp(try await world.logIn(world.ana).session)
        _ = try await world.logIn(world.pro)
        try await world.service.store.write { [firm = world.firm, now = world.clock.now] database in
            for kind in EventKind.allCases {
                try database.record(
                    AuditEvent(
                        firm: firm.id, at: now, actor: .admin(0), kind: kind, detail: ["reason": "a=b\nc%"]))
            }
        }
        let records = try records(world)
        #expect(records.count == EventKind.allCases.count + 3)
        var previous = AuditChain.start(of: world.firm.id)
        for (index, record) in records.enumerated() {
            #expect(
                record.number == index + 1 && record.previous == previous
                    && record.hash == record.computedHash)
            previous = record.hash
        }
        let head = try world.service.store.read { try $0.chain(of: world.firm.id) }
        #expect(head.number == records.count && head.hash == previous)
    }

    @Test("an event is undone with what it records")
    @Loop func undone() async throws {
        let world = try await World()
        _ = try await world.logIn(world.ana)
        let before = try records(world)
        let (firm, id, now) = (world.firm.id, world.ana.id, world.clock.now)
        _ = await refusal {
            try await world.service.store.write { database in
                try database.record(AuditEvent(firm: firm, at: now, actor: .system, kind: .wiped, person: id))
                throw Refusal(.noSession)
            }
        }
        #expect(try records(world) == before)
        _ = try await world.logIn(world.ana)
        #expect(try records(world).last?.previous == before.last?.hash)
    }

    // MARK: secrets

    @Test("no password, token, code or number stands in the database or its log in the clear")
    @Loop func secrets() async throws {
        let world = try await World(clients: true)
        var secrets = [World.password, FakeOTP.code, "4155552671", "555-2671", World.password.uppercased()]
        let login = try await world.logIn(world.ana)
        let begun = try await world.call(
            Auth.BeginSetUp(session: login.session, method: .sms, phone: "+14155552671"))
        #expect(begun.phone == FakeOTP.phone)
        let set = try await world.call(
            Auth.ConfirmSetUp(session: login.session, method: .sms, code: FakeOTP.code))
        let verified = try await world.verify(
            try await world.logIn(world.ana).session, .sms, trustDevice: true)
        let changed = try await world.call(
            Auth.ChangePassword(
                session: verified.session, current: World.password, new: "another tulip, in Gouda"))
        secrets += [
            login.session, set.session, verified.session, try #require(verified.device), changed.session,
        ]
        secrets += try #require(set.recoveryCodes)
        secrets.append("another tulip, in Gouda")
        #expect(world.scratch.names.contains("auth.db"))
        #expect(world.scratch.contains("ana@example.com"), "the search finds what is there")
        for secret in secrets { #expect(!world.scratch.contains(secret), "\(secret)") }
        await world.service.stop()
        for secret in secrets { #expect(!world.scratch.contains(secret), "\(secret)") }
    }
}
