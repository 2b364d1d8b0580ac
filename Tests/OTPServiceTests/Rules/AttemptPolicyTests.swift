import Testing
import Wire

@testable import OTPService

@Suite("Attempt policy") struct AttemptPolicyTests {
    private typealias Counter = AttemptPolicy.Counter
    private let start = Timestamp(milliseconds: 1_700_000_000_000)

    @Test(
        "allows five wrong codes, then one after each wait, and stops at a hundred",
        arguments: [
            // wrong codes in a row, seconds to wait after the last of them, tries that are left then
            (0, 0, 5), (1, 0, 4), (2, 0, 3), (3, 0, 2), (4, 0, 1), (5, 30, 1), (6, 60, 1), (7, 120, 1),
            (8, 240, 1),
            (9, 480, 1), (10, 960, 1), (11, 1_920, 1), (12, 3_600, 1), (13, 3_600, 1), (64, 3_600, 1),
            (99, 3_600, 1),
        ])
    func waits(wrong: Int, wait: Int, left: Int) {
        let counter = Counter(wrong: wrong, last: wrong == 0 ? nil : start)
        #expect(
            AttemptPolicy.decide(counter, now: start)
                == (wait == 0 ? .allowed(attemptsLeft: left) : .wait(seconds: wait)))
        #expect(AttemptPolicy.decide(counter, now: start + wait) == .allowed(attemptsLeft: left))
        if wait > 0 {
            #expect(AttemptPolicy.decide(counter, now: start + (wait - 1)) == .wait(seconds: 1))
            let almost = Timestamp(milliseconds: (start + wait).milliseconds - 1)
            #expect(AttemptPolicy.decide(counter, now: almost) == .wait(seconds: 1))
        }
    }

    @Test("stops for good at a hundred wrong codes, however long ago", arguments: [0, 3_600, 1_000_000_000])
    func stops(later: Int) {
        var counter = Counter(wrong: 99, last: start)
        counter = AttemptPolicy.afterWrong(counter, now: start)
        #expect(AttemptPolicy.decide(counter, now: start + later) == .stopped)
        #expect(AttemptPolicy.afterWrong(counter, now: start).wrong == 100)
        #expect(AttemptPolicy.decide(Counter(wrong: 1_000, last: nil), now: start + later) == .stopped)
    }

    @Test("starts anew after the right code")
    func reset() {
        #expect(AttemptPolicy.decide(Counter(), now: start) == .allowed(attemptsLeft: 5))
    }

    @Test("gives a tireless guesser a hundred guesses, and 88 hours' work for them")
    func guesser() {
        var counter = Counter()
        var now = start
        var guesses = 0
        loop: while true {
            switch AttemptPolicy.decide(counter, now: now) {
            case .allowed:
                guesses += 1
                counter = AttemptPolicy.afterWrong(counter, now: now)
            case .wait(let seconds):
                #expect(seconds > 0)
                now = now + seconds
            case .stopped: break loop
            }
        }
        #expect(guesses == 100)
        // 30 + 60 + … + 1,920 seconds, then 88 waits of an hour.
        #expect(now.seconds(since: start) == 3_810 + 88 * 3_600)
    }

    @Test("does not lock anybody out until a clock that was set back has caught up")
    func clockSetBack() {
        let counter = Counter(wrong: 5, last: start)
        #expect(AttemptPolicy.decide(counter, now: start - 86_400) == .allowed(attemptsLeft: 1))
        #expect(AttemptPolicy.decide(counter, now: start - 10) == .wait(seconds: 20))
        #expect(AttemptPolicy.decide(counter, now: start - 30) == .allowed(attemptsLeft: 1))
    }
}
