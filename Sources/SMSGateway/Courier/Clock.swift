import Wire

/// What time it is. Codes end by the wall clock, which may be set; how long something takes is told by the
/// monotonic one.
struct Clock: Sendable {
    var wall: @Sendable () -> Timestamp = { Timestamp.now }
    /// Milliseconds since some moment.
    var steady: @Sendable () -> Int64 = { monotonicNow() / 1_000_000 }
}
