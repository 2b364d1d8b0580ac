import Testing
import Wire

@testable import OTPService

private typealias Chain = SMSCodePolicy.Chain

private let start = Timestamp(milliseconds: 1_700_000_000_000)
private let free = AttemptPolicy.Decision.allowed(attemptsLeft: 5)

/// A chain whose last send was at the start, of a code made then too.
private func chain(sends: Int = 1, wrong: Int = 0, used: Bool = false) -> SMSCodePolicy.Chain {
    Chain(sends: sends, lastSent: start, expires: start + 300, wrong: wrong, used: used)
}

@Suite("Sending codes") struct SMSSendTests {
    private func send(
        _ chain: SMSCodePolicy.Chain?, sameNumber: Bool = true, attempts: AttemptPolicy.Decision = free,
        after seconds: Int
    ) -> SMSCodePolicy.Send {
        SMSCodePolicy.send(chain, sameNumber: sameNumber, attempts: attempts, now: start + seconds)
    }

    @Test("starts with a new code of five minutes")
    func first() {
        #expect(send(nil, after: 0) == .new(chain()))
        #expect(SMSCodePolicy.resendAfter(chain(), now: start) == 30)
    }

    @Test(
        "sends again after 30, 60, and then every 120 seconds",
        arguments: [(1, 30), (2, 60), (3, 120), (4, 120), (50, 120)])
    func intervals(sends: Int, seconds: Int) {
        let chain = chain(sends: sends)
        #expect(send(chain, after: 0) == .wait(seconds: seconds))
        #expect(send(chain, after: seconds - 1) == .wait(seconds: 1))
        #expect(SMSCodePolicy.resendAfter(chain, now: start + seconds) == 0)
        var next = chain
        next.sends += 1
        next.lastSent = start + seconds
        #expect(send(chain, after: seconds) == .again(next))
    }

    @Test("repeats the code while it has a minute to live, and makes a new one then")
    func repeats() {
        #expect(
            send(chain(), after: 240)
                == .again(Chain(sends: 2, lastSent: start + 240, expires: start + 300, wrong: 0, used: false))
        )
        #expect(
            send(chain(), after: 241)
                == .new(Chain(sends: 2, lastSent: start + 241, expires: start + 541, wrong: 0, used: false)))
    }

    @Test("never makes a code live longer by sending it again")
    func life() throws {
        var current = chain()
        var now = start
        for _ in 0..<3 {
            now = now + SMSCodePolicy.resendAfter(current, now: now)
            guard
                case .again(let next) = SMSCodePolicy.send(
                    current, sameNumber: true, attempts: free, now: now)
            else {
                Issue.record("not sent again after \(now.seconds(since: start)) s")
                return
            }
            #expect(next.expires == start + 300)
            current = next
        }
        #expect(now == start + 210)
    }

    @Test("waits for nothing where the code that was made never went out")
    func unsent() {
        let unsent = chain(sends: 0, wrong: 1)
        #expect(SMSCodePolicy.resendAfter(unsent, now: start) == 0)
        #expect(
            send(unsent, after: 5)
                == .again(Chain(sends: 1, lastSent: start + 5, expires: start + 300, wrong: 1, used: false)))
        #expect(
            send(unsent, sameNumber: false, after: 5)
                == .new(Chain(sends: 1, lastSent: start + 5, expires: start + 305, wrong: 1, used: false)))
    }

    @Test("keeps the wrong tries and the intervals of the chain when its code has ended")
    func continues() {
        let old = chain(sends: 3, wrong: 4)
        #expect(
            send(old, after: 299)
                == .new(Chain(sends: 4, lastSent: start + 299, expires: start + 599, wrong: 4, used: false)))
    }

    @Test("starts a new chain once nothing was sent for five minutes, or the code was used")
    func startsAnew() {
        let later = Chain(sends: 1, lastSent: start + 300, expires: start + 600, wrong: 0, used: false)
        #expect(send(chain(sends: 3, wrong: 4), after: 300) == .new(later))
        let now = Chain(sends: 1, lastSent: start + 1, expires: start + 301, wrong: 0, used: false)
        #expect(send(chain(sends: 3, wrong: 4, used: true), after: 1) == .new(now))
    }

    @Test("makes a new code for another number, so that one phone's code never proves another phone")
    func otherNumber() {
        #expect(send(chain(), sameNumber: false, after: 10) == .wait(seconds: 20))
        #expect(
            send(chain(wrong: 2), sameNumber: false, after: 30)
                == .new(Chain(sends: 2, lastSent: start + 30, expires: start + 330, wrong: 2, used: false)))
    }

    @Test("sends nothing while no code would be looked at")
    func locked() {
        for chain in [nil, chain(), chain(wrong: 5), chain(used: true)] {
            #expect(send(chain, attempts: .wait(seconds: 17), after: 60) == .locked(seconds: 17))
            #expect(send(chain, attempts: .stopped, after: 60) == .stopped)
        }
    }

    @Test("starts over after the lockout of an exhausted chain, with a new code")
    func exhausted() {
        #expect(
            send(chain(sends: 2, wrong: 5), attempts: .allowed(attemptsLeft: 1), after: 60)
                == .new(Chain(sends: 3, lastSent: start + 60, expires: start + 360, wrong: 0, used: false)))
    }

    @Test("does not make anybody wait for a clock that was set back")
    func clockSetBack() {
        guard case .new(let next) = send(chain(), after: -86_400) else {
            Issue.record("nothing was sent")
            return
        }
        #expect(next.expires == start - 86_100)
    }
}

@Suite("Checking codes") struct SMSCheckTests {
    @Test("accepts the right code once")
    func accepts() {
        #expect(SMSCodePolicy.check(chain(), matches: true, now: start + 20) == .accepted(chain(used: true)))
        #expect(SMSCodePolicy.check(chain(used: true), matches: true, now: start + 20) == .used)
        #expect(SMSCodePolicy.check(chain(used: true), matches: false, now: start + 20) == .notSent)
        #expect(SMSCodePolicy.check(nil, matches: false, now: start) == .notSent)
    }

    @Test("accepts it to the last millisecond of its life", arguments: [true, false])
    func expires(matches: Bool) {
        let end = Timestamp(milliseconds: (start + 300).milliseconds - 1)
        let expected: SMSCodePolicy.Check = matches ? .accepted(chain(used: true)) : .wrong(chain(wrong: 1))
        #expect(SMSCodePolicy.check(chain(), matches: matches, now: end) == expected)
        #expect(SMSCodePolicy.check(chain(), matches: matches, now: start + 300) == .expired)
    }

    @Test("counts wrong tries on the chain, and looks at nothing after the fifth")
    func counts() {
        var current = chain()
        for wrong in 1...5 {
            #expect(current.triesLeft == 6 - wrong)
            let check = SMSCodePolicy.check(current, matches: false, now: start + wrong)
            #expect(check == .wrong(chain(wrong: wrong)))
            if case .wrong(let next) = check { current = next }
        }
        #expect(current.triesLeft == 0)
        #expect(SMSCodePolicy.check(current, matches: true, now: start + 6) == .expired)
        #expect(SMSCodePolicy.check(current, matches: false, now: start + 6) == .expired)
    }

    @Test(
        "gives a guesser who has codes sent as often as he may no more than a hundred guesses, five of them quick"
    )
    func guesser() {
        var stored: SMSCodePolicy.Chain?
        var attempts = AttemptPolicy.Counter()
        var guesses: [Timestamp] = []
        var sends: [Timestamp] = []
        // Every ten seconds for a week he asks for a code, and tries one.
        for turn in 0..<60_480 {
            let now = start + turn * 10
            let decision = AttemptPolicy.decide(attempts, now: now)
            switch SMSCodePolicy.send(stored, sameNumber: true, attempts: decision, now: now) {
            case .new(let chain), .again(let chain):
                stored = chain
                sends.append(now)
            case .wait, .locked, .stopped: break
            }
            guard case .allowed = decision else { continue }
            guard case .wrong(let chain) = SMSCodePolicy.check(stored, matches: false, now: now) else {
                continue
            }
            stored = chain
            attempts = AttemptPolicy.afterWrong(attempts, now: now)
            guesses.append(now)
        }
        #expect(guesses.count == 100)
        #expect(guesses.filter { $0 < start + 60 }.count == 5)
        #expect(attempts.wrong == 100)
        for (one, next) in zip(sends, sends.dropFirst()) { #expect(next >= one + 30) }
        #expect(sends.filter { $0 < start + 3_600 }.count <= 12)
    }
}

@Suite("SMS codes") struct SMSCodeTests {
    private let subject = ID(high: 1, low: 2)
    private let key: [UInt8] = Array(0..<32)
    private let phone = "+14155552671"

    @Test("have six digits, those with leading zeros too")
    func digits() {
        var leading: Set<Character> = []
        for _ in 0..<2_000 {
            let code = SMSCode.new()
            #expect(code.utf8.count == 6)
            #expect(code.utf8.allSatisfy { (0x30...0x39).contains($0) })
            leading.formUnion(code.prefix(1))
        }
        // That one of ten digits never leads has a chance of 10 × 0.9^2000.
        #expect(leading.count == 10)
    }

    private func matches(
        _ typed: String, subject: ID? = nil, purpose: Purpose = .verify, phone: String? = nil,
        key: [UInt8]? = nil
    ) -> Bool {
        let tag = SMSCode.tag(
            "042137", subject: self.subject, purpose: .verify, phone: self.phone, key: self.key)
        return SMSCode.matches(
            typed, tag: tag, subject: subject ?? self.subject, purpose: purpose, phone: phone ?? self.phone,
            key: key ?? self.key)
    }

    @Test("match as they are typed", arguments: ["042137", "042 137", "042-137", " 042137 "])
    func typed(code: String) { #expect(matches(code)) }

    @Test("match nothing else", arguments: ["042138", "42137", "0421370", "", "O42137", "۰۴۲۱۳۷", "137042"])
    func others(code: String) { #expect(!matches(code)) }

    @Test("are bound to the subject, the purpose, the phone and the key")
    func bound() {
        #expect(!matches("042137", subject: ID(high: 1, low: 3)))
        #expect(!matches("042137", subject: ID(high: 2, low: 1)))
        for purpose in Purpose.allCases where purpose != .verify {
            #expect(!matches("042137", purpose: purpose))
        }
        #expect(!matches("042137", phone: "+14155552672"))
        #expect(!matches("042137", key: Array(1...32)))
    }

    @Test("are kept as 32 bytes in which no part runs into the next")
    func tags() {
        let one = SMSCode.tag("123456", subject: subject, purpose: .setUp, phone: "+1415", key: key)
        let other = SMSCode.tag("23456", subject: subject, purpose: .setUp, phone: "+14151", key: key)
        #expect(one.count == 32)
        #expect(one != other)
    }
}
