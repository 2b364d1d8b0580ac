import Cryptography
import Testing
import Wire

@testable import AuthService

@Suite("The pool of password threads", .timeLimit(.minutes(2)))
struct PasswordPoolTests {
    private func pool(threads: Int = 2, queue: Int = 100, idle: Int = 5_000) -> PasswordPool {
        PasswordPool(
            PasswordPool.Settings(
                threads: threads, queue: queue, cost: PasswordCost(memory: 64, passes: 1, lanes: 1),
                idleMilliseconds: idle))
    }

    private var soon: Deadline { .after(milliseconds: 30_000) }

    @Test("it tells the right password from a wrong one, and from none at all")
    func checks() async throws {
        let pool = pool()
        let stored = try await pool.hash("right", until: soon)
        #expect(try await pool.check("right", against: stored, until: soon) == .right(rehashed: nil))
        #expect(try await pool.check("wrong", against: stored, until: soon) == .wrong)
        #expect(try await pool.check("right", against: nil, until: soon) == .wrong)
    }

    @Test("a hash of another cost comes back at today's")
    func rehashes() async throws {
        let old = try PasswordHasher(PasswordCost(memory: 128, passes: 1, lanes: 1)).hash("right")
        let outcome = try await pool().check("right", against: old, until: soon)
        guard case .right(let new?) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(
            try PasswordHasher(PasswordCost(memory: 64, passes: 1, lanes: 1)).verify("right", against: new))
    }

    @Test("many at once are all answered, by as many threads as it may have", arguments: [1, 2, 4])
    func many(threads: Int) async throws {
        let pool = pool(threads: threads, queue: 1_000)
        let stored = try await pool.hash("right", until: soon)
        let right = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    try await pool.check(number % 2 == 0 ? "right" : "wrong", against: stored, until: soon)
                        == .right(rehashed: nil)
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(right == 100)
        #expect(pool.waiting == 0)
    }

    @Test("threads that had nothing to do end, and new work starts new ones")
    func idle() async throws {
        let pool = pool(threads: 1, idle: 1)
        for _ in 0..<50 {
            _ = try await pool.hash("x", until: soon)
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    @Test("what nobody waits for any more is not done")
    func deadline() async throws {
        await #expect(throws: Refusal(.deadlineExceeded)) {
            try await pool().hash("x", until: .after(milliseconds: 0))
        }
    }

    @Test("a stored hash that is none is a fault, not a wrong password")
    func malformed() async throws {
        await #expect(throws: PasswordError.self) {
            _ = try await pool().check("x", against: "not a hash", until: soon)
        }
    }
}
