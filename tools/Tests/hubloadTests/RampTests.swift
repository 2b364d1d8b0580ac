import Testing

@testable import hubload

@Suite("Ramp and overload")
struct RampTests {
    @Test(
        "finds the knee of a service that keeps up to a rate", arguments: [0.7, 3.0, 10, 97, 1_000, 54_321])
    func knee(most: Double) {
        var ramp = Ramp()
        let plan = Ramp.Plan(start: 10, limit: 100)
        while let rate = ramp.next(plan), ramp.steps.count < 60 {
            ramp.steps.append(
                .init(
                    rate: rate, goodput: min(rate, most), errors: 0, p50: 1, p99: 2,
                    failure: rate <= most ? nil : "too much"))
        }
        #expect(ramp.knee <= most && ramp.knee > most * 0.93)
        #expect(ramp.steps.count < 40)
    }

    @Test("gives up where nothing keeps up")
    func hopeless() {
        var ramp = Ramp()
        let plan = Ramp.Plan(start: 10, limit: 100)
        while let rate = ramp.next(plan), ramp.steps.count < 60 {
            ramp.steps.append(.init(rate: rate, goodput: 0, errors: 100, p50: 0, p99: 0, failure: "down"))
        }
        #expect(ramp.knee == 0 && ramp.steps.count < 20)
    }

    /// A visit each tenth of a second for eight seconds after the overload, which ends at 10 s.
    private func visits(
        _ outcome: (Double) -> (milliseconds: Int64, isGood: Bool)
    ) -> [Recorder.Ended] {
        (0..<80).map { number in
            let second = Double(number) / 10
            let (milliseconds, isGood) = outcome(second)
            let intended = Clock.nanoseconds(10 + second)
            return Recorder.Ended(
                intended: intended, end: intended + milliseconds * 1_000_000,
                outcome: isGood ? .good : .refused("OVERLOADED", retryAfter: true))
        }
    }

    @Test("tells when all was well again after an overload")
    func recovery() {
        func recovery(_ outcome: (Double) -> (Int64, Bool)) -> Double? {
            Overload.recovery(
                visits(outcome), after: 10 * Clock.second, until: 18 * Clock.second, limit: 100)
        }
        #expect(recovery { _ in (50, true) } == 0)
        #expect(recovery { ($0 < 1.3 ? 500 : 50, true) } == 1.25)
        #expect(recovery { (1, $0 >= 0.4) } == 0.5)
        // Well for less than a second does not count.
        #expect(recovery { (50, $0 > 2 || $0 >= 0.5 && $0 < 1) } == 2.25)
        #expect(recovery { _ in (500, true) } == nil)
    }
}
