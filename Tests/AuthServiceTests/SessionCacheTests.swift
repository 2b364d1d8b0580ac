import Cryptography
import Testing
import Wire

@testable import AuthService

@Suite("The memory of sessions", .timeLimit(.minutes(2)))
struct SessionCacheTests {
    @Test("it holds no more sessions than it may, and forgets none that is alive for that")
    @Loop func bounded() async throws {
        let world = try await World { $0.cachedSessions = 10 }
        var tokens: [String] = []
        for index in 0..<40 {
            tokens.append(try await world.logIn(index % 2 == 0 ? world.ana : world.pro).session)
        }
        for _ in 0..<3 {
            for token in tokens { #expect(try await world.decision(token) == .allow) }
            #expect(world.service.sessions.count == 10)
        }
    }

    @Test("what is used stays, and what is not goes")
    @Loop func secondChance() async throws {
        let world = try await World { $0.cachedSessions = 4 }
        var tokens: [String] = []
        for _ in 0..<12 { tokens.append(try await world.logIn(world.ana).session) }
        let busy = tokens[0]
        _ = try await world.authorize(busy)
        for token in tokens.dropFirst() {
            _ = try await world.authorize(token)
            _ = try await world.authorize(busy)
        }
        // Only what is in memory has a last use that the database does not know.
        world.clock.advance(30)
        _ = try await world.authorize(busy)
        #expect(world.service.sessions.lastSeen(SHA256.digest(busy)) == world.clock.now)
        #expect(world.service.sessions.lastSeen(SHA256.digest(tokens[1])) == nil)
    }

    @Test("changes reach sessions that were pushed out and in again")
    @Loop func changesAcrossEviction() async throws {
        let world = try await World { $0.cachedSessions = 2 }
        var tokens: [String] = []
        for person in [world.ana, world.pro, world.owner, world.ana, world.pro] {
            tokens.append(try await world.logIn(person).session)
        }
        for required in [true, false, true] {
            try await world.settings { $0.twoFactorRequired = required }
            try await world.change(world.pro) { $0.requiredByPro = required }
            for (token, locked) in zip(tokens, [required, required, false, required, required]) {
                #expect(try await world.decision(token) == (locked ? .setUp : .allow))
            }
        }
    }

    @Test("a person that is removed is out on the very next page")
    @Loop func removed() async throws {
        let world = try await World()
        let session = try await world.logIn(world.pro).session
        #expect(try await world.decision(session) == .allow)
        let id = world.pro.id
        try await world.service.store.write { try $0.deletePerson(id) }
        world.service.changed(person: id)
        #expect(try await world.decision(session) == .logIn)
    }

    @Test("a use that another process wrote down keeps the session here")
    @Loop func otherHost() async throws {
        let world = try await World()
        let session = try await world.logIn(world.ana).session
        _ = try await world.authorize(session)
        world.clock.advance(25 * 60)
        let now = world.clock.now
        try await world.service.store.write { try $0.seen(SHA256.digest(session), at: now, address: nil) }
        world.clock.advance(25 * 60)
        #expect(try await world.decision(session) == .allow)
    }
}
