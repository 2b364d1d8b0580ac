import Testing

@testable import Wire

@Suite("Client", .timeLimit(.minutes(2)))
struct ClientTests {
    @Test("makes many calls at once over one connection")
    func concurrent() async throws {
        let echo = try await EchoServer()
        let client = Client(path: echo.path)
        await echo.latch.open()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<200 {
                group.addTask {
                    index % 2 == 0
                        ? try await client.call(Echo.Now(text: "\(index)")).text == "\(index)"
                        : try await client.call(Echo.Later(text: "\(index)")).text == "\(index)"
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }

    @Test("works in the same way over a pair of sockets, without a path")
    func inProcess() async throws {
        let echo = try await EchoServer()
        #expect(try await Client(to: echo.server).call(Echo.Now(text: "a")).text == "a")
    }

    @Test("gives up at the deadline, and the connection goes on")
    func deadline() async throws {
        let echo = try await EchoServer()
        let client = Client(path: echo.path)
        let refusal = await #expect(throws: Refusal.self) {
            try await client.call(Echo.Later(text: "a"), within: 20)
        }
        #expect(refusal?.isFor(.deadlineExceeded) == true)
        await echo.latch.open()
        #expect(try await client.call(Echo.Now(text: "b")).text == "b")
    }

    @Test("hands what is left of a caller's time on")
    func carriesDeadline() async throws {
        let echo = try await EchoServer()
        await echo.latch.open()
        let client = Client(path: echo.path)
        let caller = Caller(user: 0, deadline: .after(milliseconds: 60_000))
        let left = try await client.call(Echo.Later(text: "a"), for: caller).left
        #expect(left > 1 && left <= 60_000)
        let late = Caller(user: 0, deadline: .after(milliseconds: 0))
        let refusal = await #expect(throws: Refusal.self) {
            try await client.call(Echo.Now(text: "a"), for: late)
        }
        #expect(refusal?.isFor(.deadlineExceeded) == true)
    }

    @Test("tells the server of a cancelled task")
    func cancellation() async throws {
        let echo = try await EchoServer()
        let client = Client(path: echo.path)
        let call = Task { try await client.call(Echo.Later(text: "a")) }
        #expect(await eventually { echo.latch.arrived == 1 })
        call.cancel()
        let refusal = await #expect(throws: Refusal.self) { try await call.value }
        #expect(refusal?.isFor(.cancelled) == true)
        #expect(await eventually { echo.server.callsInFlight == 1 })
        await echo.latch.open()
        #expect(await eventually { echo.cancelled == 1 })
    }

    @Test("waits for a service that comes up in time, and else says that it is out of reach")
    func reconnects() async throws {
        let scratch = try Scratch()
        var limits = ClientLimits()
        limits.patience = 30
        let hasty = Client(path: scratch.socket, limits: limits)
        let refusal = await #expect(throws: Refusal.self) { try await hasty.call(Common.Health()) }
        #expect(refusal?.isFor(.unreachable) == true)

        limits.patience = 20_000
        let patient = Client(path: scratch.socket, limits: limits)
        async let health = patient.call(Common.Health(), within: 20_000)
        let server = await Server(service: "late", version: "1")
        try await server.listen(at: scratch.socket, callers: nil)
        #expect(try await health.service == "late")
        await server.drain()
    }

    @Test("fails calls in flight when the connection breaks, and connects anew for the next one")
    func breaks() async throws {
        let echo = try await EchoServer()
        let client = Client(path: echo.path)
        let call = Task { try await client.call(Echo.Later(text: "a")) }
        #expect(await eventually { echo.latch.arrived == 1 })
        await client.disconnect()
        let refusal = await #expect(throws: Refusal.self) { try await call.value }
        #expect(refusal?.isFor(.unreachable) == true)
        await echo.latch.open()
        #expect(try await client.call(Echo.Now(text: "b")).text == "b")
    }

    @Test("moves to the next process when the server goes away, and loses no call")
    func restart() async throws {
        let first = try await EchoServer()
        let client = Client(path: first.path)
        let held = Task { try await client.call(Echo.Later(text: "held")) }
        #expect(await eventually { first.latch.arrived == 1 })
        let drained = Task { @Loop in await first.server.drain() }
        let second = await Server(service: "second", version: "1")
        #expect(await eventually { (try? second.listen(at: first.path, callers: nil)) != nil })
        #expect(try await client.call(Common.Health()).service == "second")
        await first.latch.open()
        #expect(try await held.value.text == "held")
        await drained.value
        await second.drain()
    }
}

@Suite("Backoff")
struct BackoffTests {
    /// Gives the largest number each time, so that the ceiling shows.
    private struct Largest: RandomNumberGenerator {
        func next() -> UInt64 { .max }
    }

    @Test("doubles its ceiling up to the longest wait, and starts anew after a success")
    func doubles() {
        var backoff = Backoff(first: 10, longest: 100)
        var largest = Largest()
        #expect((0..<6).map { _ in backoff.next(using: &largest) } == [10, 20, 40, 80, 100, 100])
        backoff.reset()
        #expect(backoff.next(using: &largest) == 10)
        #expect((0..<100).allSatisfy { _ in (1...100).contains(backoff.next()) })
    }
}
