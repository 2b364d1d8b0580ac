import Glibc

/// The monotonic clock, in nanoseconds.
enum Clock {
    static let second: Int64 = 1_000_000_000

    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * second + Int64(time.tv_nsec)
    }

    /// Blocks the thread until `moment`; not at all where that has passed.
    static func sleep(until moment: Int64) {
        var time = timespec(tv_sec: Int(moment / second), tv_nsec: Int(moment % second))
        while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
    }

    static func nanoseconds(_ seconds: Double) -> Int64 { Int64((seconds * Double(second)).rounded()) }
}
