import Histogram

/// What came of one kind of thing: how long the good ones took, and why the others were none.
struct Tally: Sendable {
    /// Nanoseconds that the good ones took.
    private(set) var latency = Tally.histogram
    /// Nanoseconds until a refusal.
    private(set) var refusalLatency = Tally.histogram
    private(set) var refused: [String: Int] = [:]
    /// Those of the refused that were told when to come again.
    private(set) var withRetryAfter = 0

    /// Up to an hour; three digits, so that a figure is off by a thousandth at most.
    private static var histogram: Histogram<UInt64> {
        Histogram(
            lowestDiscernibleValue: 1_000, highestTrackableValue: UInt64(3_600 * Clock.second),
            numberOfSignificantValueDigits: .three)
    }

    /// How a call or a visit ended.
    enum Outcome: Sendable, Equatable {
        case good
        case refused(String, retryAfter: Bool)
    }

    mutating func add(_ outcome: Outcome, nanoseconds: Int64) {
        let value = UInt64(min(max(0, nanoseconds), 3_600 * Clock.second))
        switch outcome {
        case .good: latency.record(value)
        case .refused(let reason, let retryAfter):
            refusalLatency.record(value)
            refused[reason, default: 0] += 1
            if retryAfter { withRetryAfter += 1 }
        }
    }

    /// Adds what another one counted; the same as if all had been counted here.
    mutating func merge(_ other: Tally) {
        latency.add(other.latency)
        refusalLatency.add(other.refusalLatency)
        refused.merge(other.refused, uniquingKeysWith: +)
        withRetryAfter += other.withRetryAfter
    }

    var good: Int { Int(latency.totalCount) }
    var bad: Int { Int(refusalLatency.totalCount) }

    /// As a report shows it; `seconds` is how long it was counted.
    func summary(_ name: String, over seconds: Double) -> Summary {
        let count = good + bad
        return Summary(
            name: name, count: count, good: good, perSecond: Double(good) / seconds,
            errors: count == 0 ? 0 : Double(bad) / Double(count) * 100,
            mean: good == 0 ? 0 : latency.mean / 1e6, p50: milliseconds(50), p90: milliseconds(90),
            p99: milliseconds(99), p999: milliseconds(99.9), max: good == 0 ? 0 : milliseconds(100),
            refused: refused, refusedWithRetryAfter: withRetryAfter,
            refusalP99: bad == 0 ? 0 : Double(refusalLatency.valueAtPercentile(99)) / 1e6,
            percentiles: percentiles)
    }

    /// The latency below which `percent` of the good ones stayed, in milliseconds.
    func milliseconds(_ percent: Double) -> Double {
        good == 0 ? 0 : Double(latency.valueAtPercentile(percent)) / 1e6
    }

    /// The curve of latency by percentile, up to the percentile that the count still tells something of.
    private var percentiles: [Summary.Percentile] {
        let wanted = [0, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.75, 99.9, 99.95, 99.99, 99.995, 99.999]
        return wanted.filter { Double(good) * (100 - $0) / 100 >= 1 }
            .map { Summary.Percentile(percent: $0, milliseconds: milliseconds($0)) }
    }
}

/// What a report says of one kind of call or visit. Times are milliseconds.
struct Summary: Codable, Sendable {
    var name: String
    /// All that were begun within the measured time.
    var count: Int
    var good: Int
    var perSecond: Double
    /// The share of those that were no good, in per cent.
    var errors: Double
    var mean: Double
    var p50: Double
    var p90: Double
    var p99: Double
    var p999: Double
    var max: Double
    /// How many for which reason.
    var refused: [String: Int]
    var refusedWithRetryAfter: Int
    var refusalP99: Double
    var percentiles: [Percentile]

    struct Percentile: Codable, Sendable {
        var percent: Double
        var milliseconds: Double
    }
}
