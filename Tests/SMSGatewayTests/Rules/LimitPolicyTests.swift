import Testing
import Wire

@testable import SMSGateway

@Suite("Limits") struct LimitPolicyTests {
    /// 12 minutes past a whole quarter of an hour: in the middle of no bucket's edge.
    let now = Timestamp(milliseconds: 1_800_000_720_000)

    func count(minutesAgo: Int, _ sent: Int, verified: Int = 0, scope: CountScope = .numberProved) -> Count {
        Count(begins: scope.bucket(at: now - minutesAgo * 60), sent: sent, verified: verified)
    }

    @Test("allow as many as they say", arguments: [(0, true), (1, true), (2, true), (3, false), (4, false)])
    func counts(sent: Int, allowed: Bool) {
        let window = SendWindow(scope: .numberProved, seconds: 600, limit: 3)
        #expect((window.wait([count(minutesAgo: 5, sent)], now: now) == nil) == allowed)
    }

    @Test("say how long to wait: until enough of the oldest sends have left the window")
    func retryAfter() {
        let window = SendWindow(scope: .numberProved, seconds: 600, limit: 3)
        // The bucket of 9 minutes ago is a minute long, so it leaves ten minutes after its end.
        #expect(window.wait([count(minutesAgo: 9, 1), count(minutesAgo: 3, 2)], now: now) == 120)
        #expect(window.wait([count(minutesAgo: 9, 1), count(minutesAgo: 3, 3)], now: now) == 480)
        #expect(
            window.wait([count(minutesAgo: 3, 2), count(minutesAgo: 9, 1)], now: now) == 120, "in any order")
        #expect(window.wait([count(minutesAgo: 11, 5), count(minutesAgo: 3, 2)], now: now) == nil)
    }

    @Test("hold for the whole window however the buckets fall")
    func neverExceeded() {
        let window = SendWindow(scope: .numberProved, seconds: 600, limit: 3)
        // Three sends in the last millisecond of a bucket still count 600 seconds later.
        let end = Timestamp(milliseconds: 1_800_000_779_999)
        let sent = Count(begins: CountScope.numberProved.bucket(at: end), sent: 3, verified: 0)
        for second in 0...600 { #expect(window.wait([sent], now: end + second) != nil) }
        #expect(window.wait([sent], now: end + 661) == nil)
    }

    @Test("of zero allow nothing")
    func zero() {
        #expect(SendWindow(scope: .firm, seconds: 86_400, limit: 0).wait([], now: now) == 86_400)
    }

    @Test("of a prefix do not count codes that were used")
    func forgiven() {
        let window = SendWindow(scope: .prefixClaimed, seconds: 3_600, limit: 5, forgivesVerified: true)
        #expect(window.wait([count(minutesAgo: 5, 9, verified: 5)], now: now) == nil)
        #expect(window.wait([count(minutesAgo: 5, 9, verified: 4)], now: now) != nil)
        // A code used twice over (it cannot be) forgives no other bucket.
        #expect(
            window.wait([count(minutesAgo: 5, 5), count(minutesAgo: 9, 1, verified: 9)], now: now) != nil)
    }

    @Test(
        "tell who asks apart",
        arguments: [
            (Purpose.setUp, false, Standing.claimed), (.setUp, true, .claimedAgain),
            (.verify, false, .proved),
            (.verify, true, .proved), (.stepUp, false, .proved), (.stepUp, true, .proved),
        ])
    func standing(purpose: Purpose, isProved: Bool, expected: Standing) {
        #expect(Standing(purpose, isProvedNumber: isProved) == expected)
    }

    @Test("of an owner are in no counter that a stranger moves, but the firm's and the country's budgets")
    func apart() {
        let policy = LimitPolicy(limits: SendLimits())
        let owner = Set(policy.windows(.proved).map(\.scope))
        for stranger in [Standing.claimed, .claimedAgain] {
            #expect(owner.intersection(policy.scopes(stranger)) == [.firm, .country])
        }
    }

    @Test("are those of the settings", arguments: Standing.allCases)
    func windows(standing: Standing) {
        let limits = SendLimits(
            numberPerTenMinutes: 1, numberPerHour: 2, numberPerDay: 3, prefixPerHour: 4, firmPerDay: 5,
            countryPerDay: 6,
            countries: [])
        let windows = LimitPolicy(limits: limits).windows(standing)
        let number: CountScope = standing == .proved ? .numberProved : .numberClaimed
        let expected: [(CountScope, Int, Int)] =
            [
                (number, 600, 1), (number, 3_600, 2), (number, 86_400, 3), (.firm, 86_400, 5),
                (.country, 86_400, 6),
            ] + (standing == .claimed ? [(.prefixClaimed, 3_600, 4)] : [])
        #expect(windows.count == expected.count)
        for (scope, seconds, limit) in expected {
            #expect(windows.contains { $0.scope == scope && $0.seconds == seconds && $0.limit == limit })
        }
        // What is limited is counted.
        #expect(Set(windows.map(\.scope)).isSubset(of: LimitPolicy(limits: limits).scopes(standing)))
    }
}

@Suite("Pumping guard") struct PumpingGuardTests {
    let now = Timestamp(milliseconds: 1_800_000_720_000)

    @Test(
        "trips from 20 sends in an hour of which less than 20 % were used",
        arguments: [
            (19, 0, false), (20, 0, true), (20, 3, true), (20, 4, false), (100, 19, true), (100, 20, false),
            (0, 0, false),
        ])
    func trips(sent: Int, verified: Int, expected: Bool) {
        let counts = [
            Count(begins: CountScope.prefixClaimed.bucket(at: now - 600), sent: sent, verified: verified)
        ]
        #expect(PumpingGuard.trips(counts, scope: .prefixClaimed, now: now) == expected)
    }

    @Test("adds up the hour, and nothing older")
    func window() {
        func at(_ minutes: Int, _ sent: Int) -> Count {
            Count(begins: CountScope.prefixClaimed.bucket(at: now - minutes * 60), sent: sent, verified: 0)
        }
        #expect(PumpingGuard.trips([at(5, 10), at(50, 10)], scope: .prefixClaimed, now: now))
        #expect(!PumpingGuard.trips([at(5, 10), at(61, 10)], scope: .prefixClaimed, now: now))
    }

    @Test("gives people two minutes to type their codes")
    func patience() {
        let counts = [Count(begins: CountScope.prefixProved.bucket(at: now), sent: 200, verified: 10)]
        #expect(!PumpingGuard.trips(counts, scope: .prefixProved, now: now))
        #expect(!PumpingGuard.trips(counts, scope: .prefixProved, now: now + 120))
        #expect(PumpingGuard.trips(counts, scope: .prefixProved, now: now + 180))
    }
}

@Suite("Queue forecast") struct QueueForecastTests {
    @Test("knows nothing at first, so it promises nothing bad")
    func fresh() {
        #expect(QueueForecast().wait(behind: 10_000) == 0)
    }

    @Test("learns the pace at which a queue empties")
    func pace() {
        var forecast = QueueForecast()
        for turn in 0..<50 { forecast.departed(waiting: 100, at: Int64(turn) * 200) }
        #expect(forecast.wait(behind: 1_000) == 200_000)
    }

    @Test("does not take a quiet night for slowness")
    func idle() {
        var forecast = QueueForecast()
        for turn in 0..<10 { forecast.departed(waiting: 5, at: Int64(turn) * 10) }
        forecast.departed(waiting: 0, at: 100)
        forecast.departed(waiting: 3, at: 30_000_000)
        #expect(forecast.wait(behind: 100) == 1_000)
    }
}
