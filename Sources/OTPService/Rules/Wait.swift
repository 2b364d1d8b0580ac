import Wire

/// Waiting times that a clock set back cannot stretch.
enum Wait {
    /// Seconds that are left of a wait of `seconds` that began at `start`; 0 once it is over.
    ///
    /// Where the clock was set back behind `start`, the distance counts as time gone by: nobody waits longer than about
    /// twice the wait, let alone until the clock has caught up.
    static func left(of seconds: Int, since start: Timestamp, now: Timestamp) -> Int {
        let gone = abs(now.milliseconds - start.milliseconds)
        let left = Int64(seconds) * 1_000 - gone
        return left > 0 ? Int((left + 999) / 1_000) : 0
    }
}
