import Synchronization
import Testing

@testable import Storage

@Suite("SharedWrite", .timeLimit(.minutes(2))) struct SharedWriteTests {
    private struct Refused: Error, Equatable { let input: Int }

    /// The inputs of each call of the work.
    private final class Calls: Sendable {
        private let inputs = Mutex<[[Int]]>([])
        func add(_ call: [Int]) { inputs.withLock { $0.append(call) } }
        var all: [[Int]] { inputs.withLock { $0 } }
    }

    let scratch = Scratch()
    let writer: Writer
    private let calls = Calls()
    /// Writes each input as an item and answers its place among those of the call; a negative one it refuses then.
    private let shared: SharedWrite<Int, Int>

    init() throws {
        writer = try Writer(scratch.path("a.db"), schema: .test, now: 0)
        shared = SharedWrite(writer) { [calls] inputs, database in
            calls.add(inputs)
            for input in inputs {
                try database.run("INSERT INTO item (id) VALUES (?1)", abs(input))
                guard input >= 0 else { throw Refused(input: input) }
            }
            return Array(inputs.indices)
        }
    }

    /// Starts one and returns when it waits.
    private func ask(_ input: Int) async -> Task<Int, any Error> {
        let before = shared.waiting
        let task = Task { [shared] in try await shared(input) }
        await until { shared.waiting > before }
        return task
    }

    @Test("all who wait when its turn comes are served by one call, in their order")
    func together() async throws {
        let hold = try Hold()
        let holding = await hold.take(writer)
        var asked: [Task<Int, any Error>] = []
        for input in 1...20 { asked.append(await ask(input)) }
        #expect(writer.waiting == 1)
        hold.letGo()
        try await holding.value
        for (place, task) in asked.enumerated() { #expect(try await task.value == place) }
        #expect(calls.all == [Array(1...20)])
        #expect(try await shared(21) == 0)
        #expect(try await writer.items() == 21)
    }

    @Test("one that cannot be written costs nobody else anything")
    func refused() async throws {
        let hold = try Hold()
        let holding = await hold.take(writer)
        let (first, bad, last) = (await ask(1), await ask(-2), await ask(3))
        hold.letGo()
        try await holding.value
        #expect(try await first.value == 0)
        await #expect(throws: Refused(input: -2)) { try await bad.value }
        #expect(try await last.value == 0)
        #expect(try await writer.items() == 2)
    }

    @Test("it keeps its callers, each once, where its transaction is done again for another's sake")
    func redone() async throws {
        let hold = try Hold()
        let holding = await hold.take(writer)
        let (first, second) = (await ask(1), await ask(2))
        let other = await writer.queue { database in
            try database.run("INSERT INTO item (id) VALUES (99)")
            throw Refused(input: 99)
        }
        hold.letGo()
        try await holding.value
        #expect(try await first.value == 0)
        #expect(try await second.value == 1)
        await #expect(throws: Refused(input: 99)) { try await other.value }
        #expect(try await writer.items() == 2)
        #expect(calls.all.allSatisfy { $0 == [1, 2] })
    }

    @Test("once the database is closed everybody is refused")
    func closed() async throws {
        writer.close()
        let error = await storeError { try await shared(1) }
        #expect(error?.kind == .closed)
        #expect(shared.waiting == 0)
    }
}
