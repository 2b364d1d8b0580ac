import ServiceKit
import Wire

/// Keeps the queue in order beside the sending: ends what came too late, and deletes what is old.
@Loop
final class Housekeeper {
    private let store: Store
    private let clock: Clock
    private let log: Log
    private var lastClocks: (wall: Timestamp, steady: Int64)?
    private var nextPurge: Int64 = 0

    init(store: Store, clock: Clock, log: Log) {
        self.store = store
        self.clock = clock
        self.log = log
    }

    /// Ends what lapsed, and wipes numbers and codes that are of no use any more.
    func sweep() async throws {
        try await checkClock()
        let now = clock.wall()
        guard try store.hasLapsed(now: now) else { return }
        let expired = try await store.sweep(now: now)
        if expired > 0 { log.warning("messages expired unsent", ["count": .number(expired)]) }
    }

    /// Once an hour, deletes messages that were accepted over `seconds` ago, a part at a time.
    func purge(olderThan seconds: Int) async throws {
        guard clock.steady() >= nextPurge else { return }
        let now = clock.wall()
        let isMore = try await store.purge(acceptedBefore: now - seconds, now: now)
        nextPurge = clock.steady() + (isMore ? 100 : 3_600_000)
    }

    /// A clock that was set back would hold up what waits for its next try.
    private func checkClock() async throws {
        let now = (wall: clock.wall(), steady: clock.steady())
        defer { lastClocks = now }
        guard let last = lastClocks else { return }
        let expected = last.wall.milliseconds + now.steady - last.steady
        guard now.wall.milliseconds < expected - 1_000 else { return }
        let hurried = try await store.hurry(now: now.wall, seconds: RetryPolicy.longestWait)
        log.warning("the clock was set back", ["hurried": .number(hurried)])
    }
}
