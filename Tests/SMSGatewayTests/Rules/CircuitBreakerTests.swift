import Testing

@testable import SMSGateway

@Suite("Circuit breaker") struct CircuitBreakerTests {
    /// A breaker that failed five times in a row at `now`.
    func opened(at now: Int64) -> CircuitBreaker {
        var breaker = CircuitBreaker()
        for _ in 0..<5 { breaker.observe(.fails, at: now) }
        return breaker
    }

    @Test("opens after five failures in a row, not after four")
    func inRow() {
        var breaker = CircuitBreaker()
        for _ in 0..<4 { breaker.observe(.fails, at: 0) }
        #expect(breaker.admits(0))
        breaker.observe(.fails, at: 0)
        #expect(!breaker.admits(0))
        #expect(breaker.reopens == 5_000)
    }

    @Test("starts to count anew after a success")
    func successBetween() {
        var breaker = CircuitBreaker()
        for _ in 0..<10 { breaker.observe(.works, at: 0) }
        for _ in 0..<4 { breaker.observe(.fails, at: 0) }
        breaker.observe(.works, at: 0)
        for _ in 0..<4 { breaker.observe(.fails, at: 0) }
        #expect(breaker.admits(0))
    }

    @Test("opens when half of the last 30 seconds' tries failed, from ten tries on")
    func share() {
        var breaker = CircuitBreaker()
        for second in 0..<4 {
            breaker.observe(.works, at: Int64(second) * 1_000)
            breaker.observe(.fails, at: Int64(second) * 1_000)
        }
        breaker.observe(.works, at: 4_000)
        #expect(breaker.admits(4_000), "nine tries say nothing")
        breaker.observe(.fails, at: 4_500)
        #expect(!breaker.admits(4_500))
    }

    @Test("forgets tries that are older than 30 seconds")
    func window() {
        var breaker = CircuitBreaker()
        for _ in 0..<2 {
            for _ in 0..<4 { breaker.observe(.fails, at: 0) }
            breaker.observe(.works, at: 0)
            breaker = CircuitBreaker()
        }
        for _ in 0..<5 {
            breaker.observe(.works, at: 500)
            if breaker.admits(500) { breaker.observe(.fails, at: 500) }
        }
        var fresh = CircuitBreaker()
        for _ in 0..<4 { fresh.observe(.fails, at: 0) }
        fresh.observe(.works, at: 0)
        for _ in 0..<6 { fresh.observe(.works, at: 31_000) }
        for _ in 0..<4 { fresh.observe(.fails, at: 31_000) }
        #expect(fresh.admits(31_000), "4 of 10; with the old four it would be 8 of 15")
        #expect(!breaker.admits(500), "5 of 10")
    }

    @Test("lets one probe through when its pause is over")
    func probe() {
        var breaker = opened(at: 1_000)
        #expect(!breaker.admits(5_999))
        #expect(breaker.admits(6_000))
        #expect(breaker.isHalfOpen)
        breaker.began()
        #expect(!breaker.admits(60_000), "one is on its way")
        breaker.observe(.works, at: 6_100)
        #expect(breaker.admits(6_100))
        #expect(!breaker.isHalfOpen)
    }

    @Test("waits twice as long after each failed probe, 60 seconds at most, and 5 again once it worked")
    func doubling() {
        var breaker = opened(at: 0)
        var now: Int64 = 0
        for pause: Int64 in [5_000, 10_000, 20_000, 40_000, 60_000, 60_000] {
            #expect(breaker.reopens == now + pause)
            now += pause
            breaker.began()
            breaker.observe(.fails, at: now)
        }
        now += 60_000
        breaker.began()
        breaker.observe(.works, at: now)
        for _ in 0..<5 { breaker.observe(.fails, at: now) }
        #expect(breaker.reopens == now + 5_000)
    }

    @Test("opens again, for no longer, after a probe that told nothing")
    func inconclusive() {
        var breaker = opened(at: 0)
        breaker.began()
        breaker.observe(.tellsNothing, at: 5_000)
        #expect(breaker.reopens == 10_000)
    }

    @Test("opens at once, for a minute, where the provider is misconfigured")
    func misconfigured() {
        var breaker = CircuitBreaker()
        breaker.observe(.isMisconfigured, at: 0)
        #expect(breaker.reopens == 60_000)
    }

    @Test("takes nothing from answers to what was sent before it opened")
    func stragglers() {
        var breaker = opened(at: 0)
        breaker.observe(.fails, at: 1_000)
        breaker.observe(.works, at: 1_000)
        breaker.observe(.tellsNothing, at: 1_000)
        #expect(breaker.reopens == 5_000)
    }

    @Test("is not moved by what tells nothing about the route")
    func neutral() {
        var breaker = CircuitBreaker()
        for _ in 0..<100 { breaker.observe(.tellsNothing, at: 0) }
        #expect(breaker.admits(0))
    }
}
