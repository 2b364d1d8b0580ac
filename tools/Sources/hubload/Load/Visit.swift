import Wire

/// What one person does: some calls, one after the other.
@Loop
final class Visit {
    /// Counted from 0 within a run.
    let number: Int
    /// When it was meant to begin.
    let intended: Int64
    private let recorder: Recorder
    private let patience: Int
    /// From when the next call's latency counts: the first one's from when the visit was meant to begin, the others'
    /// from when the one before was done.
    private var from: Int64

    init(number: Int, intended: Int64, recorder: Recorder, patience: Int) {
        self.number = number
        self.intended = intended
        self.recorder = recorder
        self.patience = patience
        from = intended
    }

    /// Makes a call, and counts how long it took.
    func call<C: Call>(_ call: C, on client: Client) async throws -> C.Reply {
        try await measure(C.method) { try await client.call(call, within: patience) }
    }

    /// Does `body`, and counts how long it took under `name`.
    func measure<Reply: Sendable>(_ name: String, _ body: @Loop () async throws -> Reply) async throws
        -> Reply
    {
        do {
            let reply = try await body()
            count(name, .good)
            return reply
        } catch {
            count(name, Self.outcome(of: error))
            throw error
        }
    }

    private func count(_ name: String, _ outcome: Tally.Outcome) {
        let now = Clock.now
        recorder.call(name, of: self, outcome, nanoseconds: now - from)
        from = now
    }

    /// Makes the visit, from its beginning to its end.
    func make(_ journey: Journey) async {
        recorder.began(self, at: Clock.now)
        let outcome: Tally.Outcome
        do {
            try await journey.walk(self)
            outcome = .good
        } catch {
            outcome = Self.outcome(of: error)
        }
        recorder.ended(self, outcome, at: Clock.now)
    }

    private nonisolated static func outcome(of error: any Error) -> Tally.Outcome {
        guard let refusal = error as? Refusal else { return .refused("\(error)", retryAfter: false) }
        return .refused(refusal.reason, retryAfter: refusal.retryAfter != nil)
    }
}

/// A kind of visit.
struct Journey: Sendable {
    /// How often it is made, in relation to the others.
    let weight: Double
    let walk: @Loop @Sendable (Visit) async throws -> Void

    init(_ weight: Double, _ walk: @escaping @Loop @Sendable (Visit) async throws -> Void) {
        self.weight = weight
        self.walk = walk
    }
}

/// The kinds of visits of a load, each as often as its weight says.
struct Itinerary: Sendable {
    private let journeys: [Journey]
    private let total: Double

    /// - Precondition: some weight is over 0.
    init(_ journeys: [Journey]) {
        self.journeys = journeys.filter { $0.weight > 0 }
        total = journeys.map(\.weight).reduce(0, +)
        precondition(total > 0, "no visit is ever made")
    }

    /// The kind of visit `number`: as if by chance, and the same in every run.
    func journey(_ number: Int) -> Journey {
        var rest = Double(scrambled(UInt64(number)) >> 11) / Double(1 << 53) * total
        for journey in journeys {
            rest -= journey.weight
            if rest < 0 { return journey }
        }
        return journeys[journeys.count - 1]
    }
}

/// A number in which each bit depends on every bit of `number`: the finisher of SplitMix64.
func scrambled(_ number: UInt64) -> UInt64 {
    var mixed = number &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
}
