import ServiceKit
import Storage
import Wire

/// What the service does without being asked: it writes down when sessions were used, and sweeps away what is over.
@Loop final class Upkeep {
    private let store: AuthStore
    private let sessions: SessionCache
    private let log: Log
    private let now: @Sendable () -> Timestamp
    private var timer: LoopTimer?
    private var lastSweep: Timestamp?

    private nonisolated static let pause = 5_000
    /// Seconds between two sweeps.
    private nonisolated static let sweepInterval = 10 * 60
    /// Sessions that one job sweeps away, so that others do not wait long for it.
    private nonisolated static let sweepLimit = 5_000

    init(store: AuthStore, sessions: SessionCache, log: Log, now: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.sessions = sessions
        self.log = log
        self.now = now
    }

    func start() {
        timer = Loop.after(milliseconds: Self.pause) { [weak self] in
            guard let self else { return }
            Task { @Loop in
                await self.round()
                if self.timer != nil { self.start() }
            }
        }
    }

    /// Ends the rounds, and writes down what is not written yet.
    func stop() async {
        timer?.cancel()
        timer = nil
        await round()
    }

    func round() async {
        do {
            try await writeUses()
            let now = now()
            guard lastSweep.map({ now >= $0 + Self.sweepInterval }) ?? true else { return }
            lastSweep = now
            try await sweep(at: now)
        } catch {
            log.warning("upkeep failed; tried again later", ["problem": .error(error)])
        }
    }

    private func writeUses() async throws {
        let uses = sessions.takeUses()
        guard !uses.isEmpty else { return }
        try await store.write { database in
            for use in uses { try database.seen(use.digest, at: use.at, address: use.address) }
        }
    }

    /// Whatever this removes was over before: no decision changes by it.
    private func sweep(at now: Timestamp) async throws {
        var swept: Int
        repeat {
            swept = try await store.write { database in
                try database.deleteSessions(
                    overBy: now, idleMinutes: SessionPolicy.idleMinutes.upperBound, limit: Self.sweepLimit)
            }
        } while swept == Self.sweepLimit
        try await store.write { database in
            try database.deleteDevices(overBy: now)
            try database.deleteAttempts(before: now - LockoutPolicy.memory)
        }
    }
}
