/// Keeps messages to so many a second: one at each beat, and a tenth of a second's worth at once where there was
/// a pause. Times are nanoseconds of a monotonic clock.
struct Pace: Sendable {
    private let interval: Int64
    private let slack: Int64
    /// When the next message would go if all came evenly.
    private var next = Int64.min / 2

    init(perSecond rate: Int) {
        interval = 1_000_000_000 / Int64(rate)
        // As many beats as one behind it may be made up for.
        slack = max(0, interval * Int64(rate / 10 - 1))
    }

    /// When the next message may go; in the past where it may go now.
    var opens: Int64 { next - slack }

    /// A message goes at `now`.
    mutating func went(_ now: Int64) { next = max(next, now) + interval }
}
