import Wire

/// Counts what visits came to, while they go on.
@Loop
final class Recorder {
    /// The measured time: latencies count of visits that are meant to begin within it.
    let window: Range<Int64>
    /// Nanoseconds that a point of the series stands for.
    private let slot: Int64
    private(set) var visits = Tally()
    /// By the name of the call, in the order in which they first came.
    private(set) var calls: [(name: String, tally: Tally)] = []
    private var places: [String: Int] = [:]
    /// From the moment at which a visit was meant to begin to that at which it did.
    private(set) var lag = Tally()
    private(set) var underWay = 0
    /// Visits that came to an end, the measured ones and the others.
    private(set) var finished = 0
    /// Good visits that ended within the measured time, whenever they began.
    private(set) var ended = 0
    private(set) var series: [Point] = []
    private var current = Tally()
    /// What was counted since ``takeRecent()`` was last called.
    private var recent = Tally()

    /// What became of the visits of the measured time, where that was asked for.
    private(set) var kept: [Ended] = []
    private let keepsVisits: Bool

    init(window: Range<Int64>, slot: Int64 = Clock.second, keepsVisits: Bool = false) {
        self.window = window
        self.slot = slot
        self.keepsVisits = keepsVisits
    }

    /// What became of one visit. Moments are nanoseconds from the beginning of the measured time.
    struct Ended: Sendable, Equatable {
        var intended: Int64
        var end: Int64
        var outcome: Tally.Outcome
    }

    /// What happened in one slot of the measured time, by when visits ended. Times are milliseconds.
    struct Point: Codable, Sendable {
        /// Seconds from the beginning of the measured time to that of the slot.
        var second: Double
        var goodPerSecond: Double
        var refusedPerSecond: Double
        var p50: Double
        var p99: Double
    }

    func began(_ visit: Visit, at now: Int64) {
        underWay += 1
        if window.contains(visit.intended) { lag.add(.good, nanoseconds: now - visit.intended) }
    }

    func call(_ name: String, of visit: Visit, _ outcome: Tally.Outcome, nanoseconds: Int64) {
        guard window.contains(visit.intended) else { return }
        if let place = places[name] { return calls[place].tally.add(outcome, nanoseconds: nanoseconds) }
        places[name] = calls.count
        var tally = Tally()
        tally.add(outcome, nanoseconds: nanoseconds)
        calls.append((name, tally))
    }

    func ended(_ visit: Visit, _ outcome: Tally.Outcome, at now: Int64) {
        underWay -= 1
        finished += 1
        let took = now - visit.intended
        recent.add(outcome, nanoseconds: took)
        if window.contains(visit.intended) {
            visits.add(outcome, nanoseconds: took)
            if keepsVisits {
                kept.append(
                    Ended(
                        intended: visit.intended - window.lowerBound, end: now - window.lowerBound,
                        outcome: outcome))
            }
        }
        guard window.contains(now) else { return }
        if outcome == .good { ended += 1 }
        closeSlots(before: now)
        current.add(outcome, nanoseconds: took)
    }

    /// Counts a visit that was not made, since too many are under way.
    func skipped(_ visit: Visit) {
        underWay += 1
        ended(visit, .refused("NOT_MADE", retryAfter: false), at: Clock.now)
    }

    /// What was counted since the last time, for whoever watches.
    func takeRecent() -> Tally {
        defer { recent = Tally() }
        return recent
    }

    /// Ends the slots that are over at `now`; those in which nothing happened have their point too.
    func closeSlots(before now: Int64) {
        let place = Int((min(now, window.upperBound) - window.lowerBound) / slot)
        let seconds = Double(slot) / Double(Clock.second)
        while series.count < place {
            series.append(
                Point(
                    second: Double(series.count) * seconds, goodPerSecond: Double(current.good) / seconds,
                    refusedPerSecond: Double(current.bad) / seconds, p50: current.milliseconds(50),
                    p99: current.milliseconds(99)))
            current = Tally()
        }
    }
}
