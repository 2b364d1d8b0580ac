import Wire

/// Finds the knee: the highest rate at which a load still keeps up.
struct Ramp: Codable, Sendable {
    var steps: [Step] = []

    /// One rate, and how it went.
    struct Step: Codable, Sendable {
        var rate: Double
        var goodput: Double
        var errors: Double
        var p50: Double
        var p99: Double
        /// Why it did not keep up; nil where it did.
        var failure: String?
    }

    /// The highest rate that kept up; 0 where none did.
    var knee: Double { steps.filter { $0.failure == nil }.map(\.rate).max() ?? 0 }
    /// The most good visits a second, whatever the rate.
    var peak: Double { steps.map(\.goodput).max() ?? 0 }

    /// How the rates are chosen.
    struct Plan: Sendable {
        /// Visits a second to begin at.
        var start: Double
        /// How much more each step is than the one before.
        var factor = 1.5
        /// How often the way between the last rate that kept up and the first that did not is halved.
        var halvings = 3
        /// The 99th percentile, in milliseconds, up to which a step keeps up.
        var limit: Double
    }

    /// The rate to try next; nil once the knee is found.
    func next(_ plan: Plan) -> Double? {
        guard let last = steps.last else { return plan.start }
        let bad = steps.filter { $0.failure != nil }.map(\.rate)
        // Where even the first rate is too much, lower ones are tried.
        guard knee > 0 else { return bad.count > 8 ? nil : last.rate / 2 }
        guard let lowestBad = bad.filter({ $0 > knee }).min() else { return last.rate * plan.factor }
        return lowestBad / knee <= 1 + (plan.factor - 1) / Double(1 << plan.halvings)
            ? nil : (lowestBad + knee) / 2
    }

    /// Why a load does not keep up with its rate; nil where it does.
    static func failure(_ measurement: Measurement, rate: Double, limit: Double) -> String? {
        let visits = measurement.visits
        if visits.errors > 1 {
            let worst = visits.refused.max { $0.value < $1.value }?.key ?? "errors"
            return "\(Figures.short(visits.errors))% refused, most \(worst)"
        }
        if measurement.goodput < rate * 0.95 {
            return "\(Figures.short(measurement.goodput)) of \(Figures.short(rate)) a second done"
        }
        if visits.p99 > limit { return "p99 \(Figures.time(visits.p99))" }
        return nil
    }

    /// Makes the load at one rate after the other, and adds a step for each.
    @Loop mutating func climb(_ plan: Plan, _ run: Run, _ itinerary: Itinerary, title: String) async
        -> Measurement?
    {
        var best: (rate: Double, measurement: Measurement)?
        while let rate = next(plan) {
            var run = run
            run.pace = .rate(rate)
            let progress = Progress(title: "\(title) at \(Figures.short(rate))/s")
            let measurement = await run.make(itinerary, usage: nil, progress: progress)
            var failure = Self.failure(measurement, rate: rate, limit: plan.limit)
            if failure != nil, measurement.ownProcessors > 0.9 {
                failure = (failure ?? "") + "; hubload itself was busy"
            }
            steps.append(
                Step(
                    rate: rate, goodput: measurement.goodput, errors: measurement.visits.errors,
                    p50: measurement.visits.p50, p99: measurement.visits.p99, failure: failure))
            if Terminal.isWatched {
                Terminal.say(
                    "\(progress.title): \(failure ?? "keeps up"), p99 \(Figures.time(measurement.visits.p99))"
                )
            }
            if failure == nil, rate > best?.rate ?? 0 { best = (rate, measurement) }
        }
        return best?.measurement
    }
}
