import AuditLog
import Cryptography
import Storage
import Testing
import Wire

@testable import AuthService

@Suite("auth.ExportAudit and auth.ListFirms", .timeLimit(.minutes(2)))
struct ExportAuditTests {
    /// All of a firm's log, as a caller gets it.
    @Loop private func export(_ world: World) async throws -> (firm: ID, events: [Auth.ChainedEvent]) {
        var events: [Auth.ChainedEvent] = []
        while true {
            let page = try await world.call(Auth.ExportAudit(firm: "acme", after: events.last?.number))
            guard !page.events.isEmpty else { return (page.firm, events) }
            events += page.events
        }
    }

    @Test("gives every event, in pages, with what its hash is made of")
    @Loop func whole() async throws {
        let world = try await World(clients: true)
        let pro = try await world.enter(world.pro)
        _ = try await world.call(
            Auth.OverrideTwoFactor(
                session: pro, client: world.ana.id, reason: "a = b\nc % d", identifiedBy: "é"))
        let (id, now) = (world.firm.id, world.clock.now)
        try await world.service.store.write { database in
            for index in 0..<450 {
                try database.record(AuditEvent(firm: id, at: now + index, actor: .system, kind: .loggedOut))
            }
        }
        let (firm, events) = try await export(world)
        let verified = try await world.call(Auth.VerifyAudit(firm: "acme"))
        #expect(firm == world.firm.id && events.count == verified.events && events.count > 450)
        #expect(events.last?.hash == verified.head)
        var walk = AuditWalk(firm: firm)
        for event in events {
            let record = AuditRecord(
                firm: firm, number: event.number, at: event.at, actor: event.actor, event: event.event,
                person: event.client, detail: event.detail, previous: try digest(event.previous),
                hash: try digest(event.hash))
            #expect(walk.take(record, number: event.number) == nil)
        }
        #expect(events.contains { $0.detail["reason"] == "a = b\nc % d" })
    }

    private func digest(_ text: String) throws -> Digest {
        try #require(Hex.decode(text).flatMap(Digest.init(bytes:)))
    }

    @Test("refuses a firm that is not there, a position that is none, and an event that was tampered with")
    @Loop func refusals() async throws {
        let world = try await World()
        _ = try await world.enter(world.pro)
        expect(await refusal { try await world.call(Auth.ExportAudit(firm: "none")) }, .noSuchFirm)
        expect(
            await refusal { try await world.call(Auth.ExportAudit(firm: "acme", after: -1)) }, .malformed)
        let id = world.firm.id
        _ = try await world.service.store.write {
            try $0.run("UPDATE event SET hash = x'00' WHERE firm = ?1 AND number = 1", id)
        }
        let refused = await refusal { try await world.call(Auth.ExportAudit(firm: "acme")) }
        #expect(refused?.isFor(.unavailable) == true && refused?.message.contains("Event 1 ") == true)
    }

    @Test("lists the firms by slug, from any of them on")
    @Loop func firms() async throws {
        let world = try await World()
        _ = try await world.makeOtherFirm()
        let all = try await world.call(Auth.ListFirms()).firms
        #expect(all.map(\.slug) == ["acme", "other"])
        #expect(all.first?.id == world.firm.id && all.first?.name == world.firm.name)
        #expect(try await world.call(Auth.ListFirms(after: "acme")).firms.map(\.slug) == ["other"])
        #expect(try await world.call(Auth.ListFirms(after: "other")).firms.isEmpty)
    }
}
