import Glibc
import Testing

@testable import Wire

@Suite("Changes that are held", .timeLimit(.minutes(2)))
struct DoorTests {
    @Test("wait, while calls that change nothing go on, and are done once they are let go")
    @Loop func waiting() async throws {
        let echo = try EchoServer()
        let client = Client(path: echo.path)
        #expect(await echo.server.holdChanges(within: 30_000))
        let later = Task { try await client.call(Echo.Later(text: "a"), within: 30_000).text }
        #expect(await eventually { echo.server.callsInFlight == 1 })
        #expect(try await client.call(Echo.Now(text: "b")).text == "b")
        #expect(echo.latch.arrived == 0)
        echo.server.releaseChanges()
        echo.latch.open()
        #expect(try await later.value == "a")
    }

    @Test("are held only once those at work are done, and are not held where one does not end in time")
    @Loop func atWork() async throws {
        let echo = try EchoServer()
        let client = Client(path: echo.path)
        let one = Task { try await client.call(Echo.Later(text: "a"), within: 30_000).text }
        #expect(await eventually { echo.latch.arrived == 1 })
        #expect(await !echo.server.holdChanges(within: 1))
        // Not held: a second one gets through.
        let two = Task { try await client.call(Echo.Later(text: "b"), within: 30_000).text }
        #expect(await eventually { echo.latch.arrived == 2 })

        let hold = Task { @Loop in await echo.server.holdChanges(within: 30_000) }
        await Loop.pause(milliseconds: 1)
        echo.latch.open()
        #expect(await hold.value)
        #expect(try await (one.value, two.value) == ("a", "b"))
        echo.server.releaseChanges()
    }

    @Test("are not done where their caller has given up before they were let go")
    @Loop func givenUp() async throws {
        let echo = try EchoServer()
        let client = Client(path: echo.path)
        #expect(await echo.server.holdChanges(within: 30_000))
        let refusal = await #expect(throws: Refusal.self) {
            try await client.call(Echo.Later(text: "a"), within: 20)
        }
        #expect(refusal?.isFor(.deadlineExceeded) == true)
        let cancelled = Task { try await client.call(Echo.Later(text: "b"), within: 30_000) }
        #expect(await eventually { echo.server.callsInFlight == 2 })
        cancelled.cancel()
        _ = await cancelled.result
        // The service hears of it on the same connection before it hears this.
        _ = try await client.call(Echo.Now(text: "c"))
        echo.server.releaseChanges()
        #expect(await eventually { echo.server.callsInFlight == 0 })
        #expect(echo.latch.arrived == 0)
    }
}
