import Testing
import Wire

@testable import SMSGateway

@Suite("Retry policy") struct RetryPolicyTests {
    let now = Timestamp(milliseconds: 1_000_000_000_000)

    @Test(
        "waits a random share of 1, 2, 4, 8, then 15 seconds",
        arguments: [
            (0, 1_000), (1, 1_000), (2, 2_000), (3, 4_000), (4, 8_000), (5, 15_000), (6, 15_000),
            (1_000, 15_000),
        ])
    func ceilings(round: Int, milliseconds: Int64) {
        func wait(_ random: Double) -> Int64? {
            RetryPolicy.next(round: round, random: random, retryAfter: nil, now: now, expires: now + 300)
                .map { $0.milliseconds - now.milliseconds }
        }
        #expect(wait(0) == 0)
        #expect(wait(0.5) == milliseconds / 2)
        #expect(wait(1) == milliseconds)
    }

    @Test(
        "waits at least as long as the provider asks",
        arguments: [
            (nil, 0.5, 4_000), (3, 0.5, 4_000), (10, 0.5, 10_000), (60, 1, 60_000), (0, 0.25, 2_000),
            (-5, 0, 0),
        ] as [(Int?, Double, Int64)])
    func retryAfter(seconds: Int?, random: Double, milliseconds: Int64) {
        let next = RetryPolicy.next(
            round: 4, random: random, retryAfter: seconds, now: now, expires: now + 300)
        #expect(next?.milliseconds == now.milliseconds + milliseconds)
    }

    @Test(
        "never tries when the code has less than 20 seconds left",
        arguments: [
            (300, 280, true), (300, 281, false), (20, 0, true), (19, 0, false), (0, 0, false),
            (-10, 0, false),
            (300, 1_000_000_000, false),
        ])
    func expiry(life: Int, retryAfter: Int, tries: Bool) {
        let next = RetryPolicy.next(
            round: 1, random: 0, retryAfter: retryAfter, now: now, expires: now + life)
        #expect((next != nil) == tries)
    }

    @Test("counts a code as worth sending with 20 seconds of life, and not with a millisecond less")
    func useful() {
        #expect(RetryPolicy.isWorthSending(now + 20, now: now))
        #expect(!RetryPolicy.isWorthSending(now + 20, now: Timestamp(milliseconds: now.milliseconds + 1)))
    }
}
