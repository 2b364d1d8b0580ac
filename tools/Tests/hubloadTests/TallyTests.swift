import Testing

@testable import hubload

@Suite("Tally")
struct TallyTests {
    @Test("of two halves merged is that of the whole")
    func merge() {
        var (whole, odd, even) = (Tally(), Tally(), Tally())
        for number in 1...10_000 {
            let outcome: Tally.Outcome =
                number % 10 == 0
                ? .refused(number % 20 == 0 ? "OVERLOADED" : "WRONG_CODE", retryAfter: number % 20 == 0)
                : .good
            let took = Int64(scrambled(UInt64(number)) % 1_000_000_000)
            whole.add(outcome, nanoseconds: took)
            if number % 2 == 0 {
                even.add(outcome, nanoseconds: took)
            } else {
                odd.add(outcome, nanoseconds: took)
            }
        }
        odd.merge(even)
        #expect(odd.good == 9_000 && odd.bad == 1_000)
        #expect(odd.latency == whole.latency)
        #expect(odd.refusalLatency == whole.refusalLatency)
        #expect(odd.refused == ["OVERLOADED": 500, "WRONG_CODE": 500])
        #expect(odd.withRetryAfter == 500)
    }

    @Test(
        "gives percentiles within a thousandth",
        arguments: [(50.0, 500.0), (90, 900), (99, 990), (100, 1_000)])
    func percentiles(percent: Double, milliseconds: Double) {
        var tally = Tally()
        for millisecond in 1...1_000 { tally.add(.good, nanoseconds: Int64(millisecond) * 1_000_000) }
        #expect(abs(tally.milliseconds(percent) / milliseconds - 1) < 0.0011)
    }

    @Test("draws no percentile that its count tells nothing of")
    func curve() {
        var tally = Tally()
        for _ in 0..<100 { tally.add(.good, nanoseconds: 1_000_000) }
        #expect(tally.summary("call", over: 1).percentiles.map(\.percent).max() == 99)
        #expect(Tally().summary("call", over: 1).percentiles.isEmpty)
    }
}
