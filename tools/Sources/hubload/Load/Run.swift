import Synchronization
import Wire

/// How a load is made: at a rate, or by callers.
enum Pace: Codable, Sendable, Equatable {
    /// So many visits begin each second, whatever becomes of those before.
    case rate(Double)
    /// The same, at one rate after the other.
    case stages([Arrivals.Stage])
    /// So many callers make one visit after the other.
    case callers(Int)

    var words: String {
        switch self {
        case .rate(let rate): "\(Figures.short(rate)) visits a second"
        case .stages(let stages):
            stages.map { Figures.short($0.rate) }.joined(separator: ", then ") + " visits a second"
        case .callers(let count): count == 1 ? "1 caller" : "\(count) callers"
        }
    }
}

/// One load, made and measured.
struct Run: Sendable {
    var pace: Pace
    /// Seconds before the measured time, with the same load.
    var warmUp: Double
    var seconds: Double
    /// Milliseconds that a call is waited for.
    var patience: Int
    /// Nanoseconds that a point of the series stands for.
    var slot = Clock.second
    /// Visits under way at most; an open loop that reaches it makes no more, and counts them as refused.
    static let mostUnderWay = 50_000

    /// Makes the load, and gives what it came to. `watch` is told once a second how it goes.
    @Loop func make(_ itinerary: Itinerary, usage: UsageLog?, progress: Progress) async -> Measurement {
        await makeKeepingVisits(itinerary, usage: usage, progress: progress, keeps: false).measurement
    }

    /// The same, with what became of each visit.
    @Loop func makeKeepingVisits(
        _ itinerary: Itinerary, usage: UsageLog?, progress: Progress, keeps: Bool = true
    ) async -> (measurement: Measurement, visits: [Recorder.Ended]) {
        let start = Clock.now + 10_000_000
        let begin = start + Clock.nanoseconds(warmUp)
        let end = begin + Clock.nanoseconds(seconds)
        let recorder = Recorder(window: begin..<end, slot: slot, keepsVisits: keeps)
        let watcher = Task { @Loop in
            await watch(recorder, from: start, until: end, usage: usage, progress: progress)
        }
        let own = OwnUsage()
        switch pace {
        case .rate(let rate):
            let arrivals = Arrivals([.init(rate: rate, seconds: warmUp + seconds)], start: start)
            await open(arrivals, itinerary, recorder, until: end)
        case .stages(let stages):
            await open(Arrivals(stages, start: begin), itinerary, recorder, until: end)
        case .callers(let count): await closed(count, itinerary, recorder, from: start, until: end)
        }
        recorder.closeSlots(before: end)
        let busy = own.processors()
        watcher.cancel()
        await watcher.value
        let samples = usage?.samples(from: begin, until: end) ?? []
        return (Measurement(self, recorder, busy: busy, usage: samples), recorder.kept)
    }

    /// Begins visits when they are due, and waits for the last of them.
    @Loop private func open(
        _ arrivals: Arrivals, _ itinerary: Itinerary, _ recorder: Recorder, until end: Int64
    ) async {
        let patience = patience
        let count = Mutex(0)
        await arrivals.keep(until: end) { numbers in
            count.withLock { $0 += numbers.count }
            Task { @Loop in
                for number in numbers {
                    let visit = Visit(
                        number: number, intended: arrivals.intended(number), recorder: recorder,
                        patience: patience)
                    guard recorder.underWay < Self.mostUnderWay else {
                        recorder.skipped(visit)
                        continue
                    }
                    Task { @Loop in await visit.make(itinerary.journey(number)) }
                }
            }
        }
        let begun = count.withLock { $0 }
        while recorder.finished < begun { try? await Task.sleep(for: .milliseconds(5)) }
    }

    /// Lets callers make one visit after the other.
    @Loop private func closed(
        _ callers: Int, _ itinerary: Itinerary, _ recorder: Recorder, from start: Int64, until end: Int64
    ) async {
        // A visit that begins earlier would not be counted.
        while Clock.now < start { try? await Task.sleep(for: .milliseconds(1)) }
        let numbers = Numbers()
        let tasks = (0..<callers).map { _ in
            Task { @Loop in await makeVisits(numbers, itinerary, recorder, until: end) }
        }
        for task in tasks { await task.value }
    }

    @Loop private func makeVisits(
        _ numbers: Numbers, _ itinerary: Itinerary, _ recorder: Recorder, until end: Int64
    ) async {
        while case let now = Clock.now, now < end {
            let visit = Visit(number: numbers.next(), intended: now, recorder: recorder, patience: patience)
            await visit.make(itinerary.journey(visit.number))
        }
    }

    /// The numbers of the visits that all callers make.
    @Loop private final class Numbers {
        private var last = -1

        func next() -> Int {
            last += 1
            return last
        }
    }

    @Loop private func watch(
        _ recorder: Recorder, from start: Int64, until end: Int64, usage: UsageLog?, progress: Progress
    ) async {
        var last = start
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            let now = Clock.now
            usage?.sample(at: now)
            let recent = recorder.takeRecent()
            let elapsed = Double(now - start) / Double(Clock.second) - warmUp
            progress.show(
                elapsed, of: seconds, recent, over: Double(now - last) / Double(Clock.second),
                underWay: recorder.underWay)
            last = now
        }
        progress.clear()
    }
}

/// What one load came to.
struct Measurement: Codable, Sendable {
    var pace: Pace
    var warmUp: Double
    var seconds: Double
    /// Good visits a second, by when they ended.
    var goodput: Double
    var visits: Summary
    var calls: [Summary]
    /// How late visits began, in milliseconds: what hubload itself adds to the latencies of an open loop.
    var lagP99: Double
    /// How many processors hubload itself used. Near 1 it is hubload, whose calls are one thread's, that is measured.
    var ownProcessors: Double
    var series: [Recorder.Point]
    var usage: [UsageLog.Sample]

    @Loop init(_ run: Run, _ recorder: Recorder, busy: Double, usage: [UsageLog.Sample]) {
        pace = run.pace
        warmUp = run.warmUp
        seconds = run.seconds
        goodput = Double(recorder.ended) / run.seconds
        visits = recorder.visits.summary("visit", over: run.seconds)
        calls = recorder.calls.map { $0.tally.summary($0.name, over: run.seconds) }
        lagP99 = recorder.lag.milliseconds(99)
        ownProcessors = busy
        series = recorder.series
        self.usage = usage
    }
}
