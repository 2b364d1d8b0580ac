import Testing
import Wire

@testable import AuthService

@Suite("What OTPService has to be told", .timeLimit(.minutes(2)))
struct OTPTasksTests {
    @Loop private func void(_ world: World, _ person: Person) async throws {
        let now = world.clock.now
        try await world.service.store.write { try $0.insert(OTPTask(person, method: nil, at: now)) }
    }

    @Test("it is told once, and nothing is left")
    @Loop func once() async throws {
        let world = try await World()
        try await void(world, world.ana)
        for _ in 0..<5 { world.service.tasks.kick() }
        try await world.until { try world.tasks(of: world.ana).isEmpty }
        #expect(world.otp.count("Reset") == 1)
    }

    @Test("the pauses between tries grow to a minute")
    @Loop func pauses() async throws {
        let world = try await World()
        world.otp.isDown = true
        try await void(world, world.ana)
        var pauses: [Int] = []
        for tries in 1...8 {
            world.service.tasks.kick()
            try await world.until { try world.tasks(of: world.ana).first?.tries == tries }
            let due = try #require(try world.tasks(of: world.ana).first).due
            pauses.append(due.seconds(since: world.clock.now))
            world.clock.advance(pauses.last ?? 0)
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60])
    }

    @Test("one that cannot be done keeps none of the others waiting")
    @Loop func others() async throws {
        let world = try await World()
        world.otp.isDown = true
        try await void(world, world.ana)
        world.service.tasks.kick()
        try await world.until { try world.tasks(of: world.ana).first?.tries == 1 }
        world.otp.isDown = false
        try await void(world, world.pro)
        world.service.tasks.kick()
        try await world.until { try world.tasks(of: world.pro).isEmpty }
        #expect(try world.tasks(of: world.ana).count == 1, "not due yet")
    }

    @Test("tasks that another host is at are left to it, for as long as it may take")
    @Loop func lease() async throws {
        let world = try await World(clients: true)
        try await void(world, world.ana)
        let (id, now) = (world.ana.id, world.clock.now)
        #expect(try await world.service.store.write { try $0.leaseTasks(of: id, until: now + 30, at: now) })
        #expect(try await world.service.store.write { try !$0.leaseTasks(of: id, until: now + 30, at: now) })
        let session = try await world.logIn(world.ana).session
        let refused = await refusal { try await world.setUp(session) }
        #expect(refused?.status == .unavailable && refused?.retryAfter == 1)
        #expect(world.otp.count("Reset") == 0)
        world.clock.advance(31)
        _ = try await world.setUp(session)
        #expect(world.otp.count("Reset") == 1)
    }

    @Test("a person that is gone is wiped all the same")
    @Loop func gone() async throws {
        let world = try await World()
        let (pro, now) = (world.pro, world.clock.now)
        try await world.service.store.write { database in
            try database.insert(OTPTask(pro, method: nil, at: now))
            try database.deletePerson(pro.id)
        }
        world.service.tasks.kick()
        try await world.until { try world.tasks(of: pro).isEmpty }
        #expect(world.otp.count("Reset") == 1)
    }
}
