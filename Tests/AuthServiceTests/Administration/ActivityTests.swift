import Testing
import Wire

@testable import AuthService

@Suite("auth.ListActivity", .timeLimit(.minutes(2)))
struct ActivityTests {
    @Test("a PRO sees all of the firm, newest first, page by page")
    @Loop func pages() async throws {
        let world = try await World()
        let pro = try await world.enter(world.pro)
        for index in 0..<30 {
            world.clock.advance(1)
            _ = try await world.call(
                Auth.RequireTwoFactor(session: pro, client: world.ana.id, required: index % 2 == 0))
        }
        var events: [Auth.Event] = []
        var cursor: String?
        repeat {
            let page = try await world.call(Auth.ListActivity(session: pro, cursor: cursor, limit: 7))
            #expect(page.events.count == 7 || page.next == nil)
            events += page.events
            cursor = page.next
        } while cursor != nil
        #expect(events.count == 31 && events.last?.event == "log_in.succeeded")
        #expect(events.map(\.at) == events.map(\.at).sorted(by: >))
        #expect(events.first?.detail == ["required": "false"])
        #expect(try await world.call(Auth.ListActivity(session: pro)).events == events)
    }

    @Test("what happens between two pages does not shift them")
    @Loop func moving() async throws {
        let world = try await World()
        let pro = try await world.enter(world.pro)
        for _ in 0..<3 { _ = try await world.enter(world.ana) }
        let first = try await world.call(Auth.ListActivity(session: pro, limit: 2))
        _ = try await world.enter(world.ana)
        let second = try await world.call(Auth.ListActivity(session: pro, cursor: first.next, limit: 2))
        #expect(second.events.map(\.actor.name) == ["Ana", "Piet"] && second.next == nil)
    }

    @Test("a PRO sees one client's alone")
    @Loop func one() async throws {
        let world = try await World()
        let pro = try await world.enter(world.pro)
        _ = try await world.enter(world.ana)
        _ = try await world.call(Auth.RequireTwoFactor(session: pro, client: world.ana.id, required: true))
        let events = try await world.call(Auth.ListActivity(session: pro, client: world.ana.id)).events
        #expect(events.map(\.event) == ["two_factor.requirement", "log_in.succeeded"])
        #expect(events[0].actor == Auth.EventActor(id: world.pro.id, role: "pro", name: "Piet"))
        #expect(events.allSatisfy { $0.client == world.ana.id })
    }

    @Test("a client sees what concerns itself, and nothing of what is the firm's own")
    @Loop func client() async throws {
        let world = try await World(clients: true)
        let pro = try await world.enter(world.pro)
        _ = try await world.add(clients: ["Ben"])
        let ana = try await world.enterSettingUp(world.ana)
        _ = try await world.call(
            Auth.OverrideTwoFactor(
                session: pro, client: world.ana.id, reason: "sounds drunk", identifiedBy: "her dog's name"))
        try await world.until { try world.tasks(of: world.ana).isEmpty }
        for request in [
            Auth.ListActivity(session: ana), Auth.ListActivity(session: ana, client: world.ana.id),
        ] {
            let events = try await world.call(request).events
            #expect(
                events.map(\.event) == [
                    "two_factor.wiped", "two_factor.overridden", "two_factor.set_up", "log_in.succeeded",
                ])
            #expect(events.allSatisfy { $0.client == world.ana.id })
            #expect(events[1].detail == ["methods": "authenticator recovery"])
            #expect(events[1].actor == Auth.EventActor(role: "pro", name: "Piet"))
            #expect(events[3].detail == ["address": World.address] && events[3].actor.id == world.ana.id)
        }
        for person in [world.pro.id, world.owner.id, ID()] {
            expect(
                await refusal { try await world.call(Auth.ListActivity(session: ana, client: person)) },
                .noSuchClient)
        }
    }

    @Test("limits and cursors are checked")
    @Loop func bad() async throws {
        let world = try await World()
        let pro = try await world.enter(world.pro)
        let ana = try await world.enter(world.ana)
        for limit in [0, 201] {
            expect(
                await refusal { try await world.call(Auth.ListActivity(session: pro, limit: limit)) },
                .malformed,
                field: "limit")
        }
        let next = try #require(try await world.call(Auth.ListActivity(session: pro, limit: 1)).next)
        for (session, cursor, client) in [
            (pro, "x", nil), (pro, "", nil), (ana, next, nil), (pro, next, world.ana.id),
        ] as [(String, String, ID?)] {
            expect(
                await refusal {
                    try await world.call(Auth.ListActivity(session: session, client: client, cursor: cursor))
                }, .malformed, field: "cursor")
        }
    }
}
