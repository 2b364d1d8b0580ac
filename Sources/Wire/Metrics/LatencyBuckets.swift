/// Counts of durations in buckets whose upper bounds double: 10 µs, 20 µs, 40 µs … 10.48576 s, and one above.
///
/// Adding one is a division by a constant, a count of leading zeros and two additions.
struct LatencyBuckets {
    /// How many buckets have an upper bound.
    static let bounded = 21
    /// The first bucket's upper bound, in nanoseconds.
    static let least: UInt64 = 10_000

    /// The buckets, and after them the sum of all durations in nanoseconds.
    private let counts = Counts(bounded + 2)

    /// The bucket of a duration; a duration that equals an upper bound belongs below it.
    static func index(of nanoseconds: UInt64) -> Int {
        let steps = (max(nanoseconds, 1) - 1) / least
        return min(UInt64.bitWidth - steps.leadingZeroBitCount, bounded)
    }

    func add(_ duration: UInt64) {
        counts.add(1, at: Self.index(of: duration))
        counts.add(duration, at: Self.bounded + 1)
    }

    /// How many durations were at most each bucket's bound, the last being all of them.
    var cumulative: [UInt64] {
        var sum: UInt64 = 0
        return (0...Self.bounded).map { index in
            sum += counts[index]
            return sum
        }
    }

    /// The upper bound of a bucket in seconds, as OpenMetrics writes it.
    static func bound(_ index: Int) -> String {
        index == bounded ? "+Inf" : "\(Double(least << UInt64(index)) / 1e9)"
    }

    /// Appends the samples of a histogram called `name`, whose other labels are `labels`.
    func write(_ name: String, _ labels: LabelText, to text: inout String) {
        let cumulative = cumulative
        for (index, count) in cumulative.enumerated() {
            text += "\(name)_bucket\(labels.adding("le", Self.bound(index))) \(count)\n"
        }
        text += "\(name)_count\(labels) \(cumulative[Self.bounded])\n"
        text += "\(name)_sum\(labels) \(Double(counts[Self.bounded + 1]) / 1e9)\n"
    }
}
