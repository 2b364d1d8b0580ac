import Testing
import Wire

@testable import AuthService

@Suite("Lockouts of passwords")
struct LockoutPolicyTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    private func wait(_ tries: Int, _ budget: LockoutPolicy.Budget, after seconds: Int = 0) -> Int {
        LockoutPolicy.wait(LockoutPolicy.Count(tries: tries, last: now), budget, at: now + seconds)
    }

    @Test(
        "ten tries are free, from a known place, from a stranger and in a session",
        arguments: [LockoutPolicy.Budget.known, .stranger, .session])
    func free(budget: LockoutPolicy.Budget) {
        #expect(LockoutPolicy.wait(nil, budget, at: now) == 0)
        for tries in 0..<10 { #expect(wait(tries, budget) == 0) }
        #expect(wait(10, budget) == 30)
    }

    @Test("all strangers together have 50, an address 100")
    func wider() {
        #expect(wait(49, .strangers) == 0 && wait(50, .strangers) == 30)
        #expect(wait(99, .address) == 0 && wait(100, .address) == 30)
    }

    @Test("each further try doubles the wait, up to an hour")
    func growing() {
        #expect(
            (10...20).map { wait($0, .known) } == [
                30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600, 3_600,
            ])
        #expect(wait(1_000_000, .known) == 3_600)
        #expect(wait(.max, .known) == 3_600)
    }

    @Test("the wait runs from the last try and ends")
    func runsOut() {
        #expect(wait(10, .known, after: 29) == 1)
        #expect(wait(10, .known, after: 30) == 0)
        let count = LockoutPolicy.Count(tries: 11, last: now)
        #expect(LockoutPolicy.lockedUntil(count, .known, at: now) == now + 60)
        #expect(LockoutPolicy.lockedUntil(count, .known, at: now + 60) == nil)
    }

    @Test("a count is forgotten a day after its last try, and not before")
    func forgotten() {
        let day = 24 * 60 * 60
        let count = LockoutPolicy.Count(tries: 40, last: now)
        #expect(
            LockoutPolicy.counting(count, at: now + day - 1)
                == LockoutPolicy.Count(tries: 41, last: now + day - 1))
        #expect(
            LockoutPolicy.counting(count, at: now + day) == LockoutPolicy.Count(tries: 1, last: now + day))
        #expect(LockoutPolicy.counting(nil, at: now) == LockoutPolicy.Count(tries: 1, last: now))
    }

    @Test(
        "no budget lets more than a hundred tries through in a row within a day without an hour between them")
    func hundred() {
        for budget in LockoutPolicy.Budget.allCases where budget != .address {
            var time = now
            var count: LockoutPolicy.Count?
            var tries = 0
            while time < now + 24 * 60 * 60 {
                time = time + LockoutPolicy.wait(count, budget, at: time)
                count = LockoutPolicy.counting(count, at: time)
                tries += 1
            }
            #expect(tries <= 100, "\(budget)")
        }
    }

    @Test("a clock that was set back keeps nobody out longer than the wait")
    func clock() {
        let count = LockoutPolicy.Count(tries: 10, last: now + 10_000)
        #expect(LockoutPolicy.wait(count, .known, at: now) <= 10_030)
    }
}
