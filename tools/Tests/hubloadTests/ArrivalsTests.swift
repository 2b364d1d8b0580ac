import Testing
import Wire

@testable import hubload

@Suite("Arrivals")
struct ArrivalsTests {
    @Test(
        "begin visits at equal distances, each reckoned from the start",
        arguments: [
            // rate, number, nanoseconds after the start
            (1.0, 0, 0), (1.0, 7, 7_000_000_000), (1_000, 1, 1_000_000),
            (1_000, 3_600_000, 3_600_000_000_000),
            (0.5, 3, 6_000_000_000), (3, 1, 333_333_333), (3, 3_000_000, 1_000_000_000_000_000),
        ] as [(Double, Int, Int64)])
    func intended(rate: Double, number: Int, after: Int64) {
        let arrivals = Arrivals([.init(rate: rate, seconds: 1)], start: 5_000)
        #expect(abs(arrivals.intended(number) - 5_000 - after) <= 1)
    }

    @Test("change their rate where a stage ends, and keep the last one for ever")
    func stages() {
        let arrivals = Arrivals(
            [.init(rate: 10, seconds: 2), .init(rate: 100, seconds: 1), .init(rate: 1, seconds: 1)], start: 0)
        let seconds = [0, 19, 20, 21, 119, 120, 121, 125].map { Double(arrivals.intended($0)) / 1e9 }
        #expect(seconds == [0, 1.9, 2, 2.01, 2.99, 3, 4, 8])
    }

    @Test("are due from their moment on, and not before", arguments: [1.0, 7, 333, 99_999])
    func due(rate: Double) {
        let arrivals = Arrivals([.init(rate: rate, seconds: 1)], start: 1_000_000)
        for number in [0, 1, 2, 50, 1_234] {
            let moment = arrivals.intended(number)
            #expect(arrivals.due(at: moment, from: 0) == number + 1)
            #expect(arrivals.due(at: moment - 1, from: 0) == number)
            #expect(arrivals.due(at: moment, from: number) == 1)
        }
        #expect(arrivals.due(at: 0, from: 0) == 0)
    }

    @Test("are launched once each, in their order, and none at or after the end", .timeLimit(.minutes(1)))
    func keeping() async {
        let arrivals = Arrivals([.init(rate: 5_000, seconds: 1)], start: Clock.now)
        let launched = Launched()
        await arrivals.keep(until: arrivals.start + Clock.second / 10) { launched.add($0) }
        #expect(launched.numbers == Array(0..<500))
        #expect(launched.earliest >= arrivals.start)
    }

    @Test("count lateness as latency: a visit that began late took longer")
    @Loop func coordinatedOmission() async {
        let begin = Clock.now - 3 * Clock.second
        let recorder = Recorder(window: begin..<begin + Clock.second)
        // It was meant to begin three seconds ago, and is made only now.
        let visit = Visit(number: 0, intended: begin, recorder: recorder, patience: 1_000)
        await visit.make(Journey(1) { visit in try await visit.measure("call") {} })
        #expect(recorder.visits.milliseconds(50) >= 2_999)
        #expect(recorder.calls.first?.tally.milliseconds(50) ?? 0 >= 2_999)
    }
}
