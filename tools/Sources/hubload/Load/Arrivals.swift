import Foundation

/// When visits are meant to begin: at fixed rates, whatever becomes of those before.
///
/// Latency counts from these moments. So a service that stands still for a second delays every visit of that second in
/// the figures too, and not only the one that it was busy with ("coordinated omission").
struct Arrivals: Sendable {
    /// A stretch of time with one rate.
    struct Stage: Codable, Sendable, Equatable {
        /// Visits a second, over 0.
        var rate: Double
        var seconds: Double
    }

    /// One after the other; the last one goes on for ever.
    let stages: [Stage]
    /// The moment of the first visit, in nanoseconds.
    let start: Int64

    init(_ stages: [Stage], start: Int64) {
        precondition(!stages.isEmpty && stages.allSatisfy { $0.rate > 0 && $0.seconds > 0 })
        self.stages = stages
        self.start = start
    }

    /// When visit `number` is meant to begin. Each is reckoned from the start of its stage, so that nothing adds up.
    func intended(_ number: Int) -> Int64 {
        var (first, begin) = (0, 0.0)
        for stage in stages.dropLast() {
            let count = Int((stage.seconds * stage.rate).rounded())
            if number < first + count { return moment(number - first, at: stage.rate, from: begin) }
            first += count
            begin += stage.seconds
        }
        return moment(number - first, at: stages[stages.count - 1].rate, from: begin)
    }

    private func moment(_ number: Int, at rate: Double, from begin: Double) -> Int64 {
        start + Clock.nanoseconds(begin + Double(number) / rate)
    }

    /// How many of the visits from `first` on are meant to have begun at `moment`.
    func due(at moment: Int64, from first: Int) -> Int {
        var count = 0
        while intended(first + count) <= moment { count += 1 }
        return count
    }

    /// Calls `launch` with the numbers of the visits that are due, until those before `end` have begun.
    ///
    /// A thread of its own keeps the time: timers of the loop, and tasks, come too late by up to a millisecond.
    func keep(until end: Int64, launch: @escaping @Sendable (Range<Int>) -> Void) async {
        await withCheckedContinuation { done in
            Thread.detachNewThread {
                var next = 0
                while case let moment = intended(next), moment < end {
                    Clock.sleep(until: moment)
                    let count = max(1, due(at: min(Clock.now, end - 1), from: next))
                    launch(next..<next + count)
                    next += count
                }
                done.resume()
            }
        }
    }
}
