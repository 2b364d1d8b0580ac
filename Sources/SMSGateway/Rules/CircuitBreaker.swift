/// Holds messages back from a provider that does not work, and finds out cheaply when it works again.
///
/// It opens after 5 transport failures in a row, or when half of the last 30 seconds' tries failed; for 5
/// seconds at first, then for twice as long each time, up to 60. Then one message goes as a probe: it closes
/// the breaker or opens it again. Times are milliseconds of a monotonic clock.
struct CircuitBreaker: Sendable {
    /// What a try told about the route itself, whatever it meant for the message.
    enum Observation: Sendable {
        case works
        case fails
        /// A probe that told nothing, such as "too many requests": the route is there, but wants no more now.
        case tellsNothing
        /// It cannot work until somebody changes its configuration.
        case isMisconfigured
    }

    static let failuresInRow = 5
    static let window: Int64 = 30_000
    /// Tries within the window below which a share of failures says nothing.
    static let fewestTries = 10
    static let shortestPause: Int64 = 5_000
    static let longestPause: Int64 = 60_000

    private enum Phase { case closed, open(until: Int64), probing }

    private var phase = Phase.closed
    private var pause = shortestPause
    private var inRow = 0
    /// Tries of the window, a second each, oldest first.
    private var seconds: [(second: Int64, tries: Int, failures: Int)] = []

    init() {}

    /// Whether messages go through at `now`. True also when a probe may.
    func admits(_ now: Int64) -> Bool {
        switch phase {
        case .closed: true
        case .open(let until): now >= until
        case .probing: false
        }
    }

    /// Whether only one message may go, to see whether the route works again.
    var isHalfOpen: Bool {
        if case .closed = phase { false } else { true }
    }

    /// When a probe may go; nil where none has to be waited for.
    var reopens: Int64? {
        if case .open(let until) = phase { until } else { nil }
    }

    /// A message was handed to the route.
    mutating func began() {
        if case .open = phase { phase = .probing }
    }

    /// What came of a message that was handed to the route.
    mutating func observe(_ observation: Observation, at now: Int64) {
        switch (observation, phase) {
        case (.works, .closed):
            inRow = 0
            count(failed: false, at: now)
        case (.works, .probing):
            self = CircuitBreaker()
        case (.fails, .closed):
            inRow += 1
            count(failed: true, at: now)
            let tries = seconds.reduce(0) { $0 + $1.tries }
            let failures = seconds.reduce(0) { $0 + $1.failures }
            if inRow >= Self.failuresInRow || tries >= Self.fewestTries && failures * 2 >= tries {
                open(at: now)
            }
        case (.fails, .probing):
            pause = min(pause * 2, Self.longestPause)
            open(at: now)
        case (.tellsNothing, .probing):
            open(at: now)
        case (.isMisconfigured, _):
            pause = Self.longestPause
            open(at: now)
        case (.works, .open), (.fails, .open), (.tellsNothing, _):
            // Answers to what was sent before it opened tell nothing new.
            break
        }
    }

    private mutating func open(at now: Int64) {
        phase = .open(until: now + pause)
        inRow = 0
        seconds = []
    }

    private mutating func count(failed: Bool, at now: Int64) {
        seconds.removeAll { $0.second * 1_000 <= now - Self.window }
        if seconds.last?.second != now / 1_000 { seconds.append((now / 1_000, 0, 0)) }
        seconds[seconds.count - 1].tries += 1
        seconds[seconds.count - 1].failures += failed ? 1 : 0
    }
}
