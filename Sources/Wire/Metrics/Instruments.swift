import Synchronization

/// A number that only grows. May be counted by any thread.
package final class Counter: Sendable {
    private let count = Atomic<UInt64>(0)

    package var value: UInt64 { count.load(ordering: .relaxed) }

    package func add(_ more: UInt64 = 1) { count.wrappingAdd(more, ordering: .relaxed) }
}

/// How long something took, counted in buckets from 10 µs to 10 s. Belongs to the loop.
package final class Histogram {
    let buckets = LatencyBuckets()

    package func observe(nanoseconds: UInt64) { buckets.add(nanoseconds) }
}

/// How the calls of one method ended, and how long they took. Belongs to the loop.
package final class CallMetrics {
    let buckets = LatencyBuckets()
    /// One for each number a status may have.
    private let counts = Counts(17)

    /// Counts a call that ended with `status` after so many nanoseconds.
    package func record(_ status: Status, nanoseconds: UInt64) {
        counts.add(1, at: Int(status.rawValue))
        buckets.add(nanoseconds)
    }

    /// How many calls ended with `status`.
    package func count(_ status: Status) -> UInt64 { counts[Int(status.rawValue)] }
}
