import CLinux
import Cryptography
import Glibc
import Storage
import Synchronization
import Wire

/// Hashes and checks passwords, on threads that run only when nothing else wants the processor, so that a flood of
/// log-ins never slows `Authorize`. What does not fit into its queue is refused at once.
final class PasswordPool: Sendable {
    struct Settings: Sendable {
        /// Threads at most; each has Argon2's 19 MiB while it is at work.
        var threads = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        /// Passwords that may wait.
        var queue = 64
        var cost = PasswordCost.standard
        /// For how long a thread, and its memory, waits for more work before it ends.
        var idleMilliseconds = 5_000
    }

    enum Outcome: Sendable, Hashable {
        case wrong
        /// With a hash at today's cost where the stored one was made at another.
        case right(rehashed: String?)
    }

    /// One password that waits, and who waits for it.
    private struct Job: Sendable {
        let deadline: Deadline
        let run: @Sendable (PasswordHasher) -> Void
        let refuse: @Sendable (Refusal) -> Void
    }

    private struct State {
        var jobs: [Job] = []
        var threads = 0
        /// Bells of the threads that have nothing to do.
        var idle: [Doorbell] = []
    }

    private let settings: Settings
    private let state = Mutex(State())
    private let counter = Atomic<UInt64>(0)

    init(_ settings: Settings = Settings()) { self.settings = settings }

    /// Passwords that wait.
    var waiting: Int { state.withLock { $0.jobs.count } }

    /// Passwords that were hashed or checked since the start.
    var done: UInt64 { counter.load(ordering: .relaxed) }

    /// Refuses what there is no room for, before anything else is done for it.
    ///
    /// - Throws: `OVERLOADED`.
    func checkRoom() throws(Refusal) {
        guard waiting < settings.queue else { throw Self.full }
    }

    /// Checks `password` against a stored hash. Without one it works as long, and the password is wrong.
    ///
    /// - Throws: `OVERLOADED`, `DEADLINE_EXCEEDED`, or a `PasswordError` where the stored hash is none.
    func check(_ password: String, against stored: String?, until deadline: Deadline) async throws -> Outcome
    {
        try await work(until: deadline) { hasher in
            guard let stored else {
                try hasher.dummy(password)
                return .wrong
            }
            guard try hasher.verify(password, against: stored) else { return .wrong }
            return .right(rehashed: hasher.needsRehash(stored) ? try hasher.hash(password) : nil)
        }
    }

    /// The hash to store for `password`.
    func hash(_ password: String, until deadline: Deadline) async throws -> String {
        try await work(until: deadline) { try $0.hash(password) }
    }

    private static let full = Refusal(.overloaded, "There are too many log-ins at once.", retryAfter: 2)

    private func work<T: Sendable>(
        until deadline: Deadline, _ body: @escaping @Sendable (PasswordHasher) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { waiting in
            add(
                Job(
                    deadline: deadline, run: { hasher in waiting.resume(with: Result { try body(hasher) }) },
                    refuse: { waiting.resume(throwing: $0) }))
        }
    }

    private func add(_ job: Job) {
        enum Next { case refuse, ring(Doorbell), start, nothing }
        let next: Next = state.withLock { state in
            guard state.jobs.count < settings.queue else { return .refuse }
            state.jobs.append(job)
            if let bell = state.idle.popLast() { return .ring(bell) }
            guard state.threads < settings.threads else { return .nothing }
            state.threads += 1
            return .start
        }
        switch next {
        case .refuse: job.refuse(Self.full)
        case .ring(let bell): bell.ring()
        case .start: startThread(named: "password") { self.serve() }
        case .nothing: break
        }
    }

    /// A thread's whole life: works until nothing waits, then waits a while itself, then ends with its memory.
    private func serve() {
        // Where it cannot be had, hashing takes its fair share instead; it still leaves the loop's thread alone.
        _ = clinux_idle_priority()
        let hasher = PasswordHasher(settings.cost)
        guard let bell = try? Doorbell() else {
            while let job = take(orWaitAt: nil) { run(job, hasher) }
            return
        }
        while true {
            if let job = take(orWaitAt: bell) {
                run(job, hasher)
            } else if !bell.wait(milliseconds: settings.idleMilliseconds), retire(bell) {
                return
            }
        }
    }

    private func run(_ job: Job, _ hasher: PasswordHasher) {
        guard !job.deadline.hasPassed else { return job.refuse(Refusal(.deadlineExceeded)) }
        counter.add(1, ordering: .relaxed)
        job.run(hasher)
    }

    /// The next job. Without one the thread is idle, to be woken by `bell`, or, where it has none, at its end.
    private func take(orWaitAt bell: Doorbell?) -> Job? {
        state.withLock { state in
            guard state.jobs.isEmpty else { return state.jobs.removeFirst() }
            guard let bell else {
                state.threads -= 1
                return nil
            }
            // A bell that was rung while its thread gave up waiting wakes it a second time: it is idle once all the same.
            if !state.idle.contains(where: { $0 === bell }) { state.idle.append(bell) }
            return nil
        }
    }

    /// Ends a thread that waited in vain.
    ///
    /// - Returns: false where it was given work in the very last moment.
    private func retire(_ bell: Doorbell) -> Bool {
        state.withLock { state in
            guard let index = state.idle.firstIndex(where: { $0 === bell }) else { return false }
            state.idle.remove(at: index)
            state.threads -= 1
            return true
        }
    }
}
