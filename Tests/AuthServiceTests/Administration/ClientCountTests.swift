import Testing
import Wire

@testable import AuthService
@testable import Storage

@Suite("auth.CountClients", .timeLimit(.minutes(2)))
struct ClientCountTests {
    /// Counts the clients, and expects what the list of them shows.
    @Loop @discardableResult
    private func count(
        _ world: World, _ session: String, _ when: String = "", _ location: SourceLocation = #_sourceLocation
    ) async throws -> Auth.CountClients.Reply {
        let counted = try await world.call(Auth.CountClients(session: session))
        let list = try await world.call(Auth.ListClients(session: session, limit: 200))
        #expect(list.next == nil, "these tests have no more clients than a page takes")
        func listed(_ state: Auth.Client.State) -> Int {
            list.clients.count { $0.twoFactor.state == state }
        }
        let shown = Auth.CountClients.Reply(
            clients: list.clients.count, active: listed(.active), pending: listed(.pending),
            off: listed(.off),
            enrolled: list.clients.count {
                !Set($0.twoFactor.methods).isDisjoint(with: [.authenticator, .sms])
            })
        #expect(counted == shown, "\(when)", sourceLocation: location)
        return counted
    }

    @Test(
        "every client is counted in the state that the list shows, in every case", arguments: [false, true])
    @Loop func states(firm: Bool) async throws {
        let world = try await World(clients: firm)
        // Every set of factors with every mix of requirements.
        try await world.add(clients: (0..<96).map { "C\($0)" }) { index, person in
            person.factors = FactorSet(rawValue: UInt8(index & 7))
            person.requiredByPro = index & 8 != 0
            person.requiredBySelf = index & 16 != 0
        }
        let counted = try await count(world, try await world.enter(world.pro))
        #expect(counted.clients == 97 && counted.enrolled == 72)
        #expect(counted.active == (firm ? 72 : 54) && counted.pending == (firm ? 25 : 18))
        let rows = try world.service.store.read { try $0.clientTallies(of: world.firm.id).count }
        #expect(rows == 4, "a count reads so many rows, however many clients there are")
    }

    @Test("a count is right after each thing that happens to a client")
    @Loop func changes() async throws {
        let world = try await World()
        let pro = try await world.enter(world.pro)
        let client = world.ana.id
        var last = try await count(world, pro, "at the start")
        #expect(last == Auth.CountClients.Reply(clients: 1, active: 0, pending: 0, off: 1, enrolled: 0))
        /// Expects that a change showed.
        func changed(_ when: String) async throws {
            let now = try await count(world, pro, when)
            #expect(now != last, "\(when)")
            last = now
        }

        _ = try await world.call(
            Auth.CreateClient(
                firm: "acme", name: "Ben", email: "ben@example.com", password: OtherFirm.password))
        try await changed("a client is created")
        _ = try await world.call(Auth.InviteClient(session: pro, name: "Cas", email: "cas@example.com"))
        try await changed("a client is invited")
        _ = try await world.call(Auth.RequireTwoFactor(session: pro, client: client, required: true))
        try await changed("a PRO requires 2FA")
        var ana = try await world.setUp(try await world.enter(world.ana))
        try await changed("a factor is set up")
        ana = try await world.setUp(ana, .sms)
        try await count(world, pro, "another is set up")
        _ = try await world.call(Auth.RemoveMethod(session: ana, method: .authenticator))
        try await count(world, pro, "one of two is removed")
        _ = try await world.call(Auth.RequireTwoFactor(session: pro, client: client, required: false))
        try await changed("a PRO requires it no longer")
        _ = try await world.call(Auth.RemoveMethod(session: ana, method: .sms))
        try await changed("the last factor is removed")
        _ = try await world.setUp(ana)
        try await changed("a person chooses 2FA")
        _ = try await world.call(
            Auth.OverrideTwoFactor(session: pro, client: client, reason: "lost the phone"))
        try await changed("a PRO overrides")
        try await world.settings { $0.twoFactorRequired = true }
        try await changed("the toggle is turned on")
        try await world.settings { [date = world.clock.now + 60] in $0.enforceFrom = date }
        try await changed("a date is set")
        world.clock.advance(60)
        try await changed("the date comes")
        try await world.service.store.write { try $0.deletePerson(client) }
        try await changed("a client is deleted")
    }

    @Test("what is undone does not count")
    @Loop func undone() async throws {
        let world = try await World()
        let pro = try await world.enter(world.pro)
        let before = try await count(world, pro)
        let client = world.ana.id
        _ = await refusal {
            try await world.service.store.write { database in
                try database.change(client) { $0.factors = .sms }
                try database.deletePerson(client)
                throw Refusal(.noSession)
            }
        }
        #expect(try await count(world, pro) == before)
    }

    @Test("PROs, the owner and other firms' clients are not counted, and whoever changes sides is")
    @Loop func others() async throws {
        let world = try await World(clients: true)
        let pro = try await world.enter(world.pro)
        let other = try await world.makeOtherFirm()
        _ = try await world.enterSettingUp(world.owner)
        #expect(try await count(world, pro).clients == 1)
        #expect(try await count(world, other.owner).clients == 1)
        let (client, otherFirm) = (world.ana.id, other.id)
        try await world.change(world.ana) { $0.factors = .sms }

        // No call does this to a person; the tally would stand it.
        func move(_ sql: StaticString) async throws {
            try await world.service.store.write { _ = try $0.run(sql, client, otherFirm) }
        }
        try await move("UPDATE person SET role = 'pro' WHERE id = ?1 AND firm <> ?2")
        #expect(try await count(world, pro).clients == 0)
        try await move("UPDATE person SET role = 'client' WHERE id = ?1 AND firm <> ?2")
        #expect(try await count(world, pro).active == 1)
        try await move("UPDATE person SET firm = ?2 WHERE id = ?1")
        #expect(try await count(world, pro).clients == 0)
        #expect(try await count(world, other.owner).clients == 2)
    }

    @Test("a database from before there was a tally is counted when it is opened, and from then on")
    @Loop func migration() async throws {
        let scratch = try Scratch()
        let path = "\(scratch.path)/auth.db"
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        let firms = [ID(now: now), ID(now: now)]
        let people = firms.flatMap { firm in (0..<64).map { _ in (id: ID(now: now), firm: firm) } }

        let first = Schema(tag: "CHau", [try #require(AuthSchema.schema.migrations.first)])
        let old = try Writer(path, schema: first, now: now.milliseconds)
        try await old.write { database in
            for firm in firms {
                try database.run(
                    "INSERT INTO firm (id, slug, name, created) VALUES (?1, ?2, 'F', ?3)", firm, "\(firm)",
                    now)
            }
            for (index, person) in people.enumerated() {
                try database.run(
                    """
                    INSERT INTO person (id, firm, role, name, name_key, email, email_key, created, factors,
                        required_by_pro, required_by_self)
                    VALUES (?1, ?2, ?3, 'N', 'n', ?4, ?4, ?5, ?6, ?7, ?8)
                    """, person.id, person.firm, index & 32 == 0 ? "client" : "pro", "\(index)@example.com",
                    now,
                    index & 7, index & 8 != 0, index & 16 != 0)
            }
        }
        old.close()

        let store = try AuthStore(path, now: now)
        func tallies(_ firm: ID) throws -> Set<ClientTally> {
            Set(try store.read { try $0.clientTallies(of: firm) })
        }
        func tally(_ required: Bool, _ enrolled: Bool, _ clients: Int) -> ClientTally {
            ClientTally(requiredPersonally: required, enrolled: enrolled, clients: clients)
        }
        // A quarter have no factor or a recovery code alone, a quarter is required by nobody.
        for firm in firms {
            #expect(
                try tallies(firm) == [
                    tally(false, false, 2), tally(false, true, 6), tally(true, false, 6),
                    tally(true, true, 18),
                ])
        }
        // The first has no factor, and nobody requires one of it.
        let person = people[0]
        try await store.write { _ = try $0.change(person.id) { $0.factors = .authenticator } }
        #expect(
            try tallies(person.firm) == [
                tally(false, false, 1), tally(false, true, 7), tally(true, false, 6), tally(true, true, 18),
            ])
        store.close()
    }
}
