import Testing
import Wire

@testable import OTPService

@Loop
@Suite("A phone", .timeLimit(.minutes(1)))
struct SMSTests {
    @Test("is begun by a code that goes there, and counts once that code came back")
    func setUp() async throws {
        let bench = try Bench()
        let begun = try await bench.begin(.sms, phone: "(415) 555-2671")
        #expect(begun == OTP.Begin.Reply(phone: "•••• ••71", resendAfter: 30, expires: bench.now + 300))
        let sent = try #require(bench.gateway.submitted.first)
        #expect(sent.to == "(415) 555-2671" && sent.purpose == .setUp && sent.firm == bench.firm)
        #expect(sent.expires == begun.expires && sent.brand == "Client Hub" && sent.code.count == 6)
        #expect(try await bench.methods().methods == [])

        let confirmed = try await bench.confirm(.sms, sent.code)
        #expect(confirmed.methods == [.sms, .recovery] && confirmed.recoveryCodes?.count == 10)
        #expect(
            try await bench.methods()
                == OTP.Methods.Reply(methods: [.sms, .recovery], phone: "•••• ••71", recoveryLeft: 10))
        await bench.service.notices.finish()
        #expect(bench.gateway.verified == [bench.gateway.message(of: sent)])
        #expect(bench.gateway.cancelled.isEmpty)
    }

    @Test("gets a code that works once")
    func verify() async throws {
        let bench = try Bench()
        try await bench.setUpPhone()
        let reply = try await bench.send()
        #expect(reply == OTP.Send.Reply(phone: "•••• ••71", resendAfter: 30, expires: bench.now + 300))
        let code = bench.gateway.code
        #expect(try await bench.verify(.sms, code).method == .sms)
        #expect(try await refusal { try await bench.verify(.sms, code) }.isFor(.codeUsed))
        #expect(try await refusal { try await bench.verify(.sms, bench.wrong(code)) }.isFor(.notBegun))
        // What was used is over: the next code is another one, and may be sent at once.
        try await bench.send()
        #expect(bench.gateway.sent.count == 3)
        #expect(Set(bench.gateway.sent.map(\.key)).count == 3)
    }

    @Test("gets the same code again while it lives, after waits that grow")
    func resend() async throws {
        let bench = try Bench()
        try await bench.setUpPhone()
        let first = try await bench.send()
        for (wait, next) in [(30, 60), (60, 120)] {
            bench.pass(wait - 1)
            let early = try await refusal { try await bench.send() }
            #expect(early.isFor(.tooManyCodes) && early.retryAfter == 1)
            bench.pass(1)
            let again = try await bench.send()
            #expect(again.resendAfter == next && again.expires == first.expires)
        }
        let codes = bench.gateway.sent.dropFirst()
        #expect(codes.count == 3 && Set(codes.map(\.code)).count == 1 && Set(codes.map(\.key)).count == 3)

        // Not enough life is left for one more: a new code takes its place, and the old one is good no more.
        bench.pass(160)
        #expect(try await bench.send().expires == bench.now + 300)
        let old = try #require(codes.first?.code)
        if bench.gateway.code != old {
            #expect(try await refusal { try await bench.verify(.sms, old) }.isFor(.wrongCode))
        }
        await bench.service.notices.finish()
        // Each resend called back what might still wait of the code; the new code, all of the old one.
        let messages = codes.compactMap { bench.gateway.message(of: $0) }
        #expect(bench.gateway.cancelled == [messages[0], messages[0], messages[1]] + messages)
    }

    @Test("whose code was sent several times tells of each message, and calls back what still waits")
    func severalMessages() async throws {
        let bench = try Bench()
        try await bench.setUpPhone()
        try await bench.send()
        bench.pass(30)
        try await bench.send()
        try await bench.verify(.sms, bench.gateway.code)
        await bench.service.notices.finish()
        let messages = bench.gateway.sent.dropFirst().compactMap { bench.gateway.message(of: $0) }
        #expect(messages.count == 2)
        #expect(bench.gateway.verified.dropFirst().elementsEqual(messages))
        #expect(bench.gateway.cancelled == messages.prefix(1) + messages)
    }

    @Test("has five tries for a chain, which sending again does not fill up")
    func triesOfTheChain() async throws {
        let bench = try Bench()
        try await bench.setUpPhone()
        try await bench.send()
        let code = bench.gateway.code
        for left in [4, 3, 2] {
            let wrong = try await refusal { try await bench.verify(.sms, bench.wrong(code)) }
            #expect(wrong.isFor(.wrongCode) && wrong.attemptsLeft == left)
        }
        bench.pass(30)
        try await bench.send()
        #expect(bench.gateway.code == code)
        for left in [1, 0] {
            let wrong = try await refusal { try await bench.verify(.sms, bench.wrong(code)) }
            #expect(wrong.attemptsLeft == left)
        }
        // Locked: nothing is looked at, and nothing is sent.
        #expect(try await refusal { try await bench.verify(.sms, code) }.isFor(.tooManyAttempts))
        #expect(try await refusal { try await bench.send() }.isFor(.tooManyAttempts))
        // The code of the chain stays void when the lockout is over; a new one is sent after the chain's own wait.
        bench.pass(60)
        #expect(try await refusal { try await bench.verify(.sms, code) }.isFor(.codeExpired))
        try await bench.send()
        try await bench.verify(.sms, bench.gateway.code)
    }

    @Test("takes no code after five minutes")
    func expiry() async throws {
        let bench = try Bench()
        try await bench.setUpPhone()
        try await bench.send()
        bench.pass(299)
        #expect(
            try await refusal { try await bench.verify(.sms, bench.wrong(bench.gateway.code)) }.isFor(
                .wrongCode))
        bench.pass(1)
        #expect(try await refusal { try await bench.verify(.sms, bench.gateway.code) }.isFor(.codeExpired))
        _ = try await bench.begin(.sms, phone: "+14155550100")
        bench.pass(300)
        #expect(try await refusal { try await bench.confirm(.sms, bench.gateway.code) }.isFor(.codeExpired))
    }

    @Test("takes a code for what it was sent for and nothing else")
    func purposes() async throws {
        let bench = try Bench()
        try await bench.setUpPhone()
        try await bench.send(.stepUp)
        let stepUp = bench.gateway.code
        #expect(bench.gateway.submitted.last?.purpose == .stepUp)
        #expect(try await refusal { try await bench.verify(.sms, stepUp) }.isFor(.notBegun))
        try await bench.send(.verify)
        let verify = bench.gateway.code
        if stepUp != verify {
            #expect(try await refusal { try await bench.verify(.sms, stepUp, .verify) }.isFor(.wrongCode))
        }
        // The set-up of another number, whose code is for that alone.
        _ = try await bench.begin(.sms, phone: "+14155550100")
        let setUp = bench.gateway.code
        if setUp != stepUp {
            #expect(try await refusal { try await bench.verify(.sms, setUp, .stepUp) }.isFor(.wrongCode))
            #expect(try await refusal { try await bench.confirm(.sms, stepUp) }.isFor(.wrongCode))
        }
        try await bench.verify(.sms, verify)
        try await bench.verify(.sms, stepUp, .stepUp)
        _ = try await bench.confirm(.sms, setUp)
    }

    @Test("sends and checks no code for a set-up by the calls that are not for it")
    func setUpPurpose() async throws {
        let bench = try Bench()
        try await bench.setUpPhone()
        let sent = try await refusal { try await bench.send(.setUp) }
        #expect(sent.isFor(.malformed) && sent.field == "purpose")
        let checked = try await refusal { try await bench.verify(.sms, "123456", .setUp) }
        #expect(checked.isFor(.malformed) && checked.field == "purpose")
    }

    @Test("that is not confirmed is sent nothing and verifies nothing")
    func pending() async throws {
        let bench = try Bench()
        #expect(try await refusal { try await bench.send() }.isFor(.notSetUp))
        #expect(try await refusal { try await bench.verify(.sms, "123456") }.isFor(.notSetUp))
        #expect(try await refusal { try await bench.confirm(.sms, "123456") }.isFor(.notBegun))
        _ = try await bench.begin(.sms, phone: "+14155552671")
        #expect(try await refusal { try await bench.send() }.isFor(.notSetUp))
        #expect(try await refusal { try await bench.verify(.sms, bench.gateway.code) }.isFor(.notSetUp))
    }

    @Test("that is begun again for the same number repeats its code, after the same waits")
    func beginAgain() async throws {
        let bench = try Bench()
        _ = try await bench.begin(.sms, phone: "+14155552671")
        let early = try await refusal { try await bench.begin(.sms, phone: "+14155552671") }
        #expect(early.isFor(.tooManyCodes) && early.retryAfter == 30)
        bench.pass(30)
        #expect(try await bench.begin(.sms, phone: "+14155552671").resendAfter == 60)
        #expect(bench.gateway.sent.count == 2 && Set(bench.gateway.sent.map(\.code)).count == 1)
        _ = try await bench.confirm(.sms, bench.gateway.code)
    }

    @Test("that is begun for another number proves that number alone")
    func otherNumber() async throws {
        let bench = try Bench()
        _ = try await bench.begin(.sms, phone: "+14155552671")
        let first = bench.gateway.code
        bench.pass(30)
        _ = try await bench.begin(.sms, phone: "+14155550100")
        await bench.service.notices.finish()
        #expect(bench.gateway.cancelled.count == 1)
        if first != bench.gateway.code {
            #expect(try await refusal { try await bench.confirm(.sms, first) }.isFor(.wrongCode))
        }
        _ = try await bench.confirm(.sms, bench.gateway.code)
        #expect(try await bench.methods().phone == "•••• ••00")
    }

    @Test("stays good until the number that follows it is confirmed; then its codes are void")
    func changeOfNumber() async throws {
        let bench = try Bench()
        try await bench.setUpPhone("+14155552671")
        _ = try await bench.begin(.sms, phone: "+14155550100")
        let new = bench.gateway.code
        #expect(try await bench.methods().phone == "•••• ••71")
        try await bench.send()
        #expect(bench.gateway.submitted.last?.to == "+14155552671")
        let old = bench.gateway.code
        let confirmed = try await bench.confirm(.sms, new)
        #expect(confirmed.recoveryCodes == nil)
        #expect(try await bench.methods().phone == "•••• ••00")
        #expect(try await refusal { try await bench.verify(.sms, old) }.isFor(.notBegun))
        await bench.service.notices.finish()
        #expect(bench.gateway.cancelled.count == 1)
        try await bench.send()
        #expect(bench.gateway.submitted.last?.to == "+14155550100")
    }

    @Test(
        "needs a number that could be one",
        arguments: [nil, "", "+1\n4155552671", String(repeating: "1", count: 65)])
    func badPhone(_ phone: String?) async throws {
        let bench = try Bench()
        let refused = try await refusal { try await bench.begin(.sms, phone: phone) }
        #expect(refused.isFor(.badPhone) && refused.field == "phone")
        #expect(bench.gateway.submitted.isEmpty)
    }
}
