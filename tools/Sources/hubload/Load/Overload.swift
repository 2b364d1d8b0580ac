import Histogram
import Wire

/// What becomes of a load at three times the knee, and of the time after it.
struct Overload: Codable, Sendable {
    var knee: Double
    /// Good visits a second at the knee, which those under overload are compared with.
    var peak: Double
    /// Good visits a second during the overload, by when they ended.
    var goodput: Double
    /// Of those that were meant to begin during the overload, in per cent.
    var refused: Double
    /// The 99th percentile of the time until a refusal, in milliseconds.
    var refusalP99: Double
    /// The share of the refused that were told when to come again, in per cent.
    var withRetryAfter: Double
    var reasons: [String: Int]
    /// Seconds from the overload's end until a second began in which all was well; nil where there was none.
    var recovery: Double?
    var measurement: Measurement

    /// Goodput in per cent of the peak.
    var kept: Double { peak == 0 ? 0 : goodput / peak * 100 }

    /// Below the knee, far above it, below it again.
    static func stages(knee: Double, seconds: Double) -> [Arrivals.Stage] {
        [
            .init(rate: knee * 0.7, seconds: 3), .init(rate: knee * 3, seconds: seconds),
            .init(rate: knee * 0.7, seconds: 12),
        ]
    }

    /// Makes the load. `limit` is the latency, in milliseconds, up to which a visit is well.
    @Loop static func measure(
        knee: Double, peak: Double, limit: Double, _ run: Run, _ itinerary: Itinerary, usage: UsageLog?,
        title: String
    ) async -> Overload {
        let stages = stages(knee: knee, seconds: run.seconds)
        var run = run
        run.pace = .stages(stages)
        run.warmUp = 0
        run.seconds = stages.map(\.seconds).reduce(0, +)
        run.slot = Clock.second / 4
        let progress = Progress(title: "\(title) overloaded at \(Figures.short(knee * 3))/s")
        let (measurement, visits) = await run.makeKeepingVisits(itinerary, usage: usage, progress: progress)
        return Overload(knee: knee, peak: peak, limit: limit, stages, visits, measurement)
    }

    init(
        knee: Double, peak: Double, limit: Double, _ stages: [Arrivals.Stage], _ visits: [Recorder.Ended],
        _ measurement: Measurement
    ) {
        let begin = Clock.nanoseconds(stages[0].seconds)
        let end = begin + Clock.nanoseconds(stages[1].seconds)
        var tally = Tally()
        for visit in visits where (begin..<end).contains(visit.intended) {
            tally.add(visit.outcome, nanoseconds: visit.end - visit.intended)
        }
        let good = visits.filter { $0.outcome == .good && (begin..<end).contains($0.end) }.count
        self.knee = knee
        self.peak = peak
        goodput = Double(good) / stages[1].seconds
        let summary = tally.summary("overload", over: stages[1].seconds)
        refused = summary.errors
        refusalP99 = summary.refusalP99
        withRetryAfter = tally.bad == 0 ? 100 : Double(tally.withRetryAfter) / Double(tally.bad) * 100
        reasons = tally.refused
        let last = end + Clock.nanoseconds(stages[2].seconds)
        recovery = Self.recovery(visits, after: end, until: last, limit: limit)
        self.measurement = measurement
    }

    /// Seconds after `end` until the first second begins in whose every quarter no visit is refused and nine of ten are
    /// within `limit`, by when they were meant to begin; one without visits shows nothing.
    static func recovery(
        _ visits: [Recorder.Ended], after end: Int64, until last: Int64, limit: Double
    ) -> Double? {
        let quarter = Clock.second / 4
        let count = Int((last - end) / quarter)
        var quarters = Array(repeating: (visits: 0, slow: 0, refused: 0), count: count)
        for visit in visits where visit.intended >= end {
            let place = Int((visit.intended - end) / quarter)
            guard place < count else { continue }
            quarters[place].visits += 1
            if visit.outcome != .good {
                quarters[place].refused += 1
            } else if Double(visit.end - visit.intended) / 1e6 > limit {
                quarters[place].slow += 1
            }
        }
        let isWell = quarters.map { $0.refused == 0 && $0.slow * 10 <= $0.visits }
        let start = isWell.indices.first {
            $0 + 4 <= count && isWell[$0..<$0 + 4].allSatisfy { $0 }
                && quarters[$0..<$0 + 4].contains { $0.visits > 0 }
        }
        return start.map { Double($0) / 4 }
    }
}
