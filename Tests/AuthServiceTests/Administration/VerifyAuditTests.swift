import AuditLog
import Cryptography
import Storage
import Testing
import Wire

@testable import AuthService

@Suite("auth.VerifyAudit", .timeLimit(.minutes(2)))
struct VerifyAuditTests {
    /// A world whose firm has this many events.
    @Loop private func world(events: Int) async throws -> World {
        let world = try await World()
        let (firm, person, now) = (world.firm.id, world.ana.id, world.clock.now)
        try await world.service.store.write { database in
            for index in 0..<events {
                try database.record(
                    AuditEvent(
                        firm: firm, at: now + index, actor: index % 3 == 0 ? .system : .admin(7),
                        kind: .loggedOut,
                        person: index % 2 == 0 ? person : nil,
                        detail: index % 5 == 0 ? ["n": "\(index)\n="] : [:]))
            }
        }
        return world
    }

    @Loop private func verify(_ world: World) async throws -> Auth.VerifyAudit.Reply {
        try await world.call(Auth.VerifyAudit(firm: "acme"))
    }

    @Test("a log that nobody touched is intact", arguments: [0, 1, 499, 500, 501, 1_600])
    @Loop func intact(events: Int) async throws {
        let world = try await world(events: events)
        let reply = try await verify(world)
        #expect(reply.intact && reply.events == events && reply.firstBad == nil && reply.problem == nil)
        let end = try world.service.store.read { try $0.chain(of: world.firm.id) }
        #expect(reply.head == "\(end.hash)")
    }

    @Test("a log that the service's own calls wrote is intact")
    @Loop func written() async throws {
        let world = try await World(clients: true)
        let pro = try await world.enter(world.pro)
        _ = try await world.enterSettingUp(world.ana)
        for _ in 0..<3 {
            _ = try await world.call(
                Auth.OverrideTwoFactor(
                    session: pro, client: world.ana.id, reason: "a = b\nc % d", identifiedBy: "é"))
        }
        _ = try await world.call(Auth.UpdateSettings(session: pro, version: 1, idleMinutes: 7))
        _ = try await world.call(Auth.InviteClient(session: pro, name: "Ben", email: "ben@example.com"))
        let reply = try await verify(world)
        #expect(reply.intact && reply.events >= 10, "\(reply)")
    }

    @Test("one firm's log says nothing of another's")
    @Loop func otherFirm() async throws {
        let world = try await world(events: 3)
        _ = try await world.makeOtherFirm()
        let id = world.firm.id
        _ = try await world.service.store.write {
            try $0.run("UPDATE event SET actor_name = 'x' WHERE firm = ?1", id)
        }
        #expect(try await verify(world).firstBad == 1)
        #expect(try await world.call(Auth.VerifyAudit(firm: "other")).intact)
        expect(await refusal { try await world.call(Auth.VerifyAudit(firm: "none")) }, .noSuchFirm)
    }

    /// Ways to tamper with event 700 of 1,000 or the end, and the first event that must be named.
    enum Tampering: String, CaseIterable, Sendable {
        case at, actor, actorRole, actorName, event, person, detail, detailOrder, hash, previous, shortHash,
            shortActor

        case removed, swapped, inserted, changedAndRehashed, tail, tailOfOne, appended, endMoved, endRemoved,
            everything

        var firstBad: Int {
            switch self {
            case .changedAndRehashed: 701
            case .tail: 901
            case .tailOfOne: 1_000
            case .appended: 1_001
            case .endMoved: 1_000
            case .endRemoved, .everything: 1
            default: 700
            }
        }
    }

    @Test("whatever is done to it behind the service's back shows, and where", arguments: Tampering.allCases)
    @Loop func tampered(how: Tampering) async throws {
        let world = try await world(events: 1_000)
        #expect(try await verify(world).intact)
        let firm = world.firm.id
        try await world.service.store.write { try Self.tamper($0, how, firm) }
        let reply = try await verify(world)
        #expect(!reply.intact && reply.firstBad == how.firstBad, "\(reply)")
        #expect(reply.problem?.contains("\(how.firstBad)") == true)
        #expect(reply.events == how.firstBad - 1 || how == .endMoved)
    }

    private nonisolated static func tamper(_ database: Database, _ how: Tampering, _ firm: ID) throws {
        switch how {
        case .at: try database.run("UPDATE event SET at = at + 1 WHERE firm = ?1 AND number = 700", firm)
        case .actor: try database.run("UPDATE event SET actor = ?1 WHERE firm = ?1 AND number = 700", firm)
        case .actorRole:
            try database.run("UPDATE event SET actor_role = 'pro' WHERE firm = ?1 AND number = 700", firm)
        case .actorName:
            try database.run("UPDATE event SET actor_name = 'Eve' WHERE firm = ?1 AND number = 700", firm)
        case .event:
            try database.run("UPDATE event SET event = 'log_ou' WHERE firm = ?1 AND number = 700", firm)
        case .person: try database.run("UPDATE event SET person = ?1 WHERE firm = ?1 AND number = 700", firm)
        case .detail:
            try database.run("UPDATE event SET detail = 'a=b' WHERE firm = ?1 AND number = 700", firm)
        case .detailOrder:
            try database.run(
                "UPDATE event SET detail = detail || char(10) WHERE firm = ?1 AND number = 700", firm)
        case .hash:
            try database.run("UPDATE event SET hash = previous WHERE firm = ?1 AND number = 700", firm)
        case .previous:
            try database.run("UPDATE event SET previous = hash WHERE firm = ?1 AND number = 700", firm)
        case .shortHash:
            try database.run("UPDATE event SET hash = x'00' WHERE firm = ?1 AND number = 700", firm)
        case .shortActor:
            try database.run("UPDATE event SET actor = x'00' WHERE firm = ?1 AND number = 700", firm)
        case .removed: try database.run("DELETE FROM event WHERE firm = ?1 AND number = 700", firm)
        case .swapped:
            try database.run("UPDATE event SET number = -1 WHERE firm = ?1 AND number = 700", firm)
            try database.run("UPDATE event SET number = 700 WHERE firm = ?1 AND number = 701", firm)
            try database.run("UPDATE event SET number = 701 WHERE firm = ?1 AND number = -1", firm)
        case .inserted:
            // What comes after moves up, as if there had always been one more.
            try database.run("UPDATE event SET number = -number WHERE firm = ?1 AND number >= 700", firm)
            try database.run("UPDATE event SET number = 1 - number WHERE firm = ?1 AND number < 0", firm)
            try database.run(
                """
                INSERT INTO event SELECT firm, 700, at, actor, actor_role, actor_name, event, person, detail, previous, hash
                FROM event WHERE firm = ?1 AND number = 699
                """, firm)
            try database.run("UPDATE chain SET number = number + 1 WHERE firm = ?1", firm)
        case .changedAndRehashed:
            let event = try #require(
                try database.storedEvents(of: firm, after: 699, upTo: 700, limit: 1).first?.record)
            let hash = AuditChain.hash(
                firm: firm, number: 700, at: event.at, actor: .system, event: "forged", person: event.person,
                detail: event.detail, previous: event.previous)
            try database.run(
                """
                UPDATE event SET event = 'forged', actor = NULL, actor_role = 'system', actor_name = 'AuthService',
                    hash = ?2 WHERE firm = ?1 AND number = 700
                """, firm, hash)
        case .tail: try database.run("DELETE FROM event WHERE firm = ?1 AND number > 900", firm)
        case .tailOfOne: try database.run("DELETE FROM event WHERE firm = ?1 AND number = 1000", firm)
        case .appended:
            try database.run(
                """
                INSERT INTO event SELECT firm, 1001, at, actor, actor_role, actor_name, event, person, detail, hash, hash
                FROM event WHERE firm = ?1 AND number = 1000
                """, firm)
        case .endMoved: try database.run("UPDATE chain SET hash = zeroblob(32) WHERE firm = ?1", firm)
        case .endRemoved: try database.run("DELETE FROM chain WHERE firm = ?1", firm)
        case .everything: try database.run("DELETE FROM event WHERE firm = ?1", firm)
        }
    }

    @Test("events that come while it walks are none of its business")
    @Loop func meanwhile() async throws {
        let world = try await world(events: 3_000)
        async let reply = verify(world)
        for _ in 0..<5 { _ = try await world.enter(world.pro) }
        let checked = try await reply
        #expect(checked.intact && checked.events >= 3_000)
    }

    @Test("it ends when its caller no longer waits")
    @Loop func deadline() async throws {
        let world = try await world(events: 1_000)
        let late = await refusal {
            try await world.service.verifyAudit(
                Auth.VerifyAudit(firm: "acme"), for: Caller(user: 0, deadline: .after(milliseconds: 0)))
        }
        expect(late, .deadlineExceeded)
    }
}
