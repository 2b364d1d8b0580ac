import Testing
import Wire

@testable import OTPService

@Loop
@Suite("Where SMSGateway does not take a code", .timeLimit(.minutes(1)))
struct GatewayTests {
    @Test("that is said plainly, and the next try works at once, with the same code and key")
    func outOfReach() async throws {
        let bench = try Bench()
        bench.gateway.refusal = Refusal(.unreachable)
        for _ in 0..<3 {
            let refused = try await refusal { try await bench.begin(.sms, phone: "+14155552671") }
            #expect(refused.isFor(.unreachable) && refused.status == .unavailable)
        }
        bench.gateway.refusal = nil
        #expect(try await bench.begin(.sms, phone: "+14155552671").resendAfter == 30)
        _ = try await bench.confirm(.sms, bench.gateway.code)

        bench.gateway.refusal = Refusal(.unavailable)
        #expect(try await refusal { try await bench.send() }.isFor(.unavailable))
        bench.gateway.refusal = nil
        #expect(try await bench.send().resendAfter == 30)
        bench.pass(30)
        bench.gateway.refusal = Refusal(.unavailable)
        #expect(try await refusal { try await bench.send() }.isFor(.unavailable))
        bench.gateway.refusal = nil
        #expect(try await bench.send().resendAfter == 60)
        #expect(bench.gateway.sent.count == 3)
    }

    @Test("since its process is not there, that is said within the caller's time")
    func noProcess() async throws {
        let bench = try Bench(gateway: Client(path: "/nonexistent/sms.sock"))
        let refused = try await refusal { try await bench.begin(.sms, phone: "+14155552671") }
        #expect(refused.status == .unavailable || refused.status == .deadlineExceeded)
        #expect(try await bench.methods().methods == [])
    }

    @Test("but its answer was lost, the same call sends nothing twice")
    func lostAnswer() async throws {
        let bench = try Bench()
        bench.gateway.beforeAnswer = { throw Refusal(.unreachable) }
        #expect(try await refusal { try await bench.begin(.sms, phone: "+14155552671") }.isFor(.unreachable))
        let code = bench.gateway.code
        bench.gateway.beforeAnswer = nil
        _ = try await bench.begin(.sms, phone: "+14155552671")
        #expect(bench.gateway.submitted.count == 2 && bench.gateway.sent.count == 1)
        _ = try await bench.confirm(.sms, code)
    }

    @Test("two calls at once send one message")
    func twoAtOnce() async throws {
        let bench = try Bench()
        try await bench.setUpPhone()
        async let one = bench.send()
        async let other = bench.send()
        _ = try await (one, other)
        #expect(bench.gateway.sent.count == 2)
        try await bench.verify(.sms, bench.gateway.code)
    }

    @Test("for a number that gets none, the set-up ends")
    func badPhone() async throws {
        let bench = try Bench()
        bench.gateway.refusal = Refusal(.badPhone, "The number has no digits.", field: "to")
        let refused = try await refusal { try await bench.begin(.sms, phone: "me") }
        #expect(
            refused.isFor(.badPhone) && refused.field == "phone"
                && refused.message == "The number has no digits.")
        #expect(try await refusal { try await bench.confirm(.sms, "123456") }.isFor(.notBegun))
        bench.gateway.refusal = nil
        _ = try await bench.begin(.sms, phone: "+14155552671")
        _ = try await bench.confirm(.sms, bench.gateway.code)
    }

    @Test("the wait of a set-up before is not used up, nor its tries refilled")
    func badPhoneAfterGood() async throws {
        let bench = try Bench()
        _ = try await bench.begin(.sms, phone: "+14155552671")
        for _ in 0..<3 {
            _ = try await refusal { try await bench.confirm(.sms, bench.wrong(bench.gateway.code)) }
        }
        bench.pass(30)
        bench.gateway.refusal = Refusal(.badPhone)
        _ = try await refusal { try await bench.begin(.sms, phone: "+1") }
        bench.gateway.refusal = nil
        #expect(try await bench.begin(.sms, phone: "+14155552671").resendAfter == 60)
        let wrong = try await refusal { try await bench.confirm(.sms, bench.wrong(bench.gateway.code)) }
        #expect(wrong.attemptsLeft == 1)
    }

    @Test("since all was reset meanwhile, the message is called back")
    func resetMeanwhile() async throws {
        let bench = try Bench()
        bench.gateway.beforeAnswer = {
            _ = try await bench.call(OTP.Reset(subject: bench.subject))
        }
        #expect(try await refusal { try await bench.begin(.sms, phone: "+14155552671") }.isFor(.unavailable))
        await bench.service.notices.finish()
        #expect(bench.gateway.cancelled.count == 1)
        #expect(try await refusal { try await bench.confirm(.sms, bench.gateway.code) }.isFor(.notBegun))
    }

    @Test(
        "its words become this service's own",
        arguments: [
            // what it says, for a new number, what is passed on
            (Reason.badPhone, true, Reason.badPhone),
            (.badPhone, false, .badPhone),
            (.blocked, true, .badPhone),
            (.blocked, false, .tooManyCodes),
            (.tooManyCodes, true, .tooManyCodes),
            (.tooManyCodes, false, .tooManyCodes),
            (.queueFull, false, .unavailable),
            (.alreadyExpired, false, .unavailable),
            (.unreachable, false, .unreachable),
            (.unavailable, true, .unavailable),
            (.overloaded, false, .overloaded),
            (.deadlineExceeded, false, .deadlineExceeded),
            (.draining, false, .draining),
            (.keyReused, false, .internalError),
            (.notACaller, false, .internalError),
            (.malformed, true, .internalError),
            (.unknownMethod, false, .internalError),
        ])
    nonisolated func words(said: Reason, isNewPhone: Bool, passedOn: Reason) {
        let refusal = GatewayRefusal.translated(
            Refusal(said, retryAfter: 7, field: "to"), isNewPhone: isNewPhone)
        #expect(refusal.isFor(passedOn) && refusal.status == passedOn.status)
        if passedOn.status == .resourceExhausted || passedOn.status == .unavailable {
            #expect(refusal.retryAfter == 7)
        }
        if passedOn == .badPhone { #expect(refusal.field == (isNewPhone ? "phone" : nil)) }
    }

    @Test("what it should be told besides is bounded, and lost without harm")
    func notices() async throws {
        let down = Gateway(
            submit: { _, _ in throw Refusal(.unreachable) },
            status: { _, _ in throw Refusal(.unreachable) }, verified: { _ in throw Refusal(.unreachable) },
            cancel: { _ in throw Refusal(.unreachable) })
        let notices = GatewayNotices(down, most: 2)
        notices.send([.verified(ID()), .cancel(ID()), .cancel(ID())])
        #expect(notices.inFlight == 2 && notices.dropped == 1)
        await notices.finish()
        #expect(notices.inFlight == 0 && notices.dropped == 3)
    }
}
