import Glibc

/// A moment of the monotonic clock, until which somebody waits.
public struct Deadline: Sendable, Hashable, Comparable {
    /// Nanoseconds of CLOCK_MONOTONIC.
    package let nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    public static func after(milliseconds: Int) -> Deadline {
        Deadline(nanoseconds: monotonicNow() &+ Int64(clamping: milliseconds).multipliedSafely(by: 1_000_000))
    }

    /// What is left, rounded up; 0 once it has passed.
    public var millisecondsLeft: Int {
        Int(max(0, (nanoseconds - monotonicNow() + 999_999) / 1_000_000))
    }

    public var hasPassed: Bool { nanoseconds <= monotonicNow() }

    public static func < (one: Deadline, other: Deadline) -> Bool { one.nanoseconds < other.nanoseconds }
}

/// Nanoseconds of the monotonic clock.
package func monotonicNow() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

extension Int64 {
    /// The product, or half of the largest number where it does not fit: far enough away, and safe to add to a clock.
    fileprivate func multipliedSafely(by factor: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? .max / 2 : Swift.min(product, .max / 2)
    }
}
