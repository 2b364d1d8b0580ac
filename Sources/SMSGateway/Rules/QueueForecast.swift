/// How long a message put into the queue now would wait, so that a code which would die there is refused at
/// once.
///
/// Learns from the pace at which messages left the queue while others waited behind them; older departures
/// count less and less.
struct QueueForecast: Sendable {
    private var departures = 0.0
    private var milliseconds = 0.0
    private var last: Int64?

    init() {}

    /// A message left the queue, and `waiting` are left. `now` is in milliseconds of a monotonic clock.
    mutating func departed(waiting: Int, at now: Int64) {
        if let last {
            departures = departures * Self.memory + 1
            milliseconds = milliseconds * Self.memory + Double(max(0, now - last))
        }
        // A gap counts only while somebody waited through it.
        last = waiting > 0 ? now : nil
    }

    /// Milliseconds until a message behind `waiting` others is sent.
    func wait(behind waiting: Int) -> Int64 {
        departures > 0 ? Int64((milliseconds / departures * Double(waiting)).rounded()) : 0
    }

    /// What a departure counts for once another one follows.
    private static let memory = 31.0 / 32
}
