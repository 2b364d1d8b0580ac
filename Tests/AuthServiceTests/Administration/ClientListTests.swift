import Testing
import Wire

@testable import AuthService

@Suite("auth.ListClients", .timeLimit(.minutes(2)))
struct ClientListTests {
    /// All pages of a list.
    @Loop private func pages(
        _ world: World, _ session: String, search: String? = nil, state: Auth.Client.State? = nil,
        limit: Int? = nil
    ) async throws -> [[Auth.Client]] {
        var pages: [[Auth.Client]] = []
        var cursor: String?
        repeat {
            let reply = try await world.call(
                Auth.ListClients(session: session, search: search, state: state, cursor: cursor, limit: limit)
            )
            pages.append(reply.clients)
            cursor = reply.next
        } while cursor != nil && pages.count < 1_000
        return pages
    }

    @Test("a thousand clients come by name, page by page, each once", arguments: [1_000, 999, 50])
    @Loop func thousand(count: Int) async throws {
        let world = try await World()
        // Many of the same name, so that pages end among them.
        let names = (0..<count - 1).map { "Client \($0 % 37)" }
        try await world.add(clients: names.shuffled())
        let pro = try await world.enter(world.pro)
        let pages = try await pages(world, pro)
        let clients = pages.flatMap { $0 }
        #expect(pages.dropLast().allSatisfy { $0.count == 50 } && !(pages.last?.isEmpty ?? true))
        #expect(clients.map(\.name) == (names + ["Ana"]).sorted { ($0.lowercased()) < ($1.lowercased()) })
        #expect(Set(clients.map(\.id)).count == count)
    }

    @Test("a page has as many as asked for, from 1 to 200")
    @Loop func limits() async throws {
        let world = try await World()
        try await world.add(clients: (0..<250).map { "C\($0)" })
        let pro = try await world.enter(world.pro)
        #expect(try await pages(world, pro, limit: 200).map(\.count) == [200, 51])
        #expect(try await pages(world, pro, limit: 1).count == 251)
        for limit in [0, -1, 201, .max] {
            expect(
                await refusal { try await world.call(Auth.ListClients(session: pro, limit: limit)) },
                .malformed,
                field: "limit")
        }
    }

    @Test(
        "a search finds parts of names and addresses, in any case, and takes no character for a wildcard",
        arguments: [
            ("ann", ["Anna", "Johanna"]), ("ANN", ["Anna", "Johanna"]), (" anna ", ["Anna", "Johanna"]),
            ("@example.com", ["Ana", "Anna", "Johanna", "Percy 100%", "Ümit Öz", "under_score"]),
            ("%", ["Percy 100%"]), ("_", ["under_score"]), ("100%", ["Percy 100%"]), ("a%a", []), ("a_a", []),
            ("ümit", ["Ümit Öz"]), ("ÖZ", ["Ümit Öz"]), ("underscore4", ["under_score"]), ("'", []),
            ("\\", []), ("\"", []),
            ("nobody", []), ("", ["Ana", "Anna", "Johanna", "Percy 100%", "Ümit Öz", "under_score"]),
        ] as [(String, [String])])
    @Loop func search(text: String, names: [String]) async throws {
        let world = try await World()
        try await world.add(clients: ["Anna", "Johanna", "Percy 100%", "Ümit Öz", "under_score"])
        let pro = try await world.enter(world.pro)
        let found = try await pages(world, pro, search: text, limit: 2).flatMap { $0 }.map(\.name)
        #expect(found.sorted() == names.sorted())
    }

    @Test("a search that is longer than any address is refused")
    @Loop func longSearch() async throws {
        let world = try await World()
        let pro = try await world.enter(world.pro)
        expect(
            await refusal {
                try await world.call(
                    Auth.ListClients(session: pro, search: String(repeating: "a", count: 255)))
            }, .malformed, field: "search")
    }

    @Test(
        "the filter by state agrees with what is shown of each client, in every case",
        arguments: [false, true])
    @Loop func states(firm: Bool) async throws {
        let world = try await World(clients: firm)
        // Every set of factors with every mix of requirements.
        try await world.add(clients: (0..<32).map { "C\($0)" }) { index, person in
            person.factors = FactorSet(rawValue: UInt8(index & 7))
            person.requiredByPro = index & 8 != 0
            person.requiredBySelf = index & 16 != 0
        }
        let pro = try await world.enter(world.pro)
        let all = try await pages(world, pro).flatMap { $0 }
        #expect(all.count == 33)
        for state in Auth.Client.State.allCases {
            let listed = try await pages(world, pro, state: state, limit: 5).flatMap { $0 }
            #expect(listed == all.filter { $0.twoFactor.state == state }, "\(state)")
        }
        #expect(Set(all.map(\.twoFactor.state)).count == (firm ? 2 : 3))
    }

    @Test("a date that has not come makes nobody pending")
    @Loop func announced() async throws {
        let world = try await World(clients: true, from: TestClock().now + 60)
        let pro = try await world.enter(world.pro)
        #expect(try await pages(world, pro, state: .pending).flatMap { $0 }.isEmpty)
        world.clock.advance(60)
        #expect(try await pages(world, pro, state: .pending).flatMap { $0 }.map(\.name) == ["Ana"])
    }

    @Test("a client is listed as it is shown alone, with its open sessions and its last log-in")
    @Loop func same() async throws {
        let world = try await World(clients: true)
        _ = try await world.enterSettingUp(world.ana)
        let at = world.clock.now
        world.clock.advance(60)
        _ = try await world.enter(world.ana)
        let pro = try await world.enter(world.pro)
        let shown = try await world.call(Auth.GetClient(session: pro, client: world.ana.id))
        #expect(try await pages(world, pro) == [[shown]])
        #expect(shown.sessions == 2 && shown.lastLogIn == world.clock.now && shown.email == "ana@example.com")
        #expect(shown.twoFactor.since == at)
        world.clock.advance(30 * 60)
        let later = try await world.call(
            Auth.GetClient(session: try await world.enter(world.pro), client: world.ana.id))
        #expect(later.sessions == 0)
    }

    @Test("a page goes on after the one before, also when that client has gone or others have come")
    @Loop func moving() async throws {
        let world = try await World()
        let people = try await world.add(clients: ["B", "C", "D", "E"])
        let pro = try await world.enter(world.pro)
        let first = try await world.call(Auth.ListClients(session: pro, limit: 3))
        #expect(first.clients.map(\.name) == ["Ana", "B", "C"])
        try await world.service.store.write { try $0.deletePerson(people[1].id) }
        try await world.add(clients: ["Aa", "Cc"])
        let second = try await world.call(Auth.ListClients(session: pro, cursor: first.next, limit: 3))
        #expect(second.clients.map(\.name) == ["Cc", "D", "E"] && second.next == nil)
    }

    @Test("a cursor is good for its own list alone")
    @Loop func cursors() async throws {
        let world = try await World()
        try await world.add(clients: ["B", "C", "D", "E"])
        let other = try await world.makeOtherFirm()
        let pro = try await world.enter(world.pro)
        let next = try #require(try await world.call(Auth.ListClients(session: pro, limit: 1)).next)
        _ = try await world.enter(world.ana)
        let activity = try #require(try await world.call(Auth.ListActivity(session: pro, limit: 1)).next)
        let changed = String(next.dropLast()) + (next.last == "A" ? "B" : "A")
        var asks = ["", "x", "!", changed, String(next.dropLast(4)), next + next].map {
            Auth.ListClients(session: pro, cursor: $0)
        }
        asks.append(Auth.ListClients(session: pro, cursor: activity))
        asks.append(Auth.ListClients(session: pro, search: "b", cursor: next))
        asks.append(Auth.ListClients(session: pro, state: .off, cursor: next))
        asks.append(Auth.ListClients(session: other.owner, cursor: next))
        for ask in asks { expect(await refusal { try await world.call(ask) }, .malformed, field: "cursor") }
    }
}
