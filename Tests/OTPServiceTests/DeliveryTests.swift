import Testing
import Wire

@testable import OTPService

@Loop
@Suite("The delivery of a code", .timeLimit(.minutes(1)))
struct DeliveryTests {
    @Test(
        "is what SMSGateway says of the newest message; one that is lost may be sent again at once",
        arguments: [
            (SMS.MessageState.queued, 20), (.sending, 20), (.sent, 20), (.delivered, 20), (.cancelled, 20),
            (.failed, 0), (.expired, 0), (.uncertain, 0),
        ])
    func states(state: SMS.MessageState, resendAfter: Int) async throws {
        let bench = try Bench()
        try await bench.setUpPhone()
        try await bench.send()
        bench.pass(10)
        bench.gateway.report(state, "It could not be delivered: the phone is off.")
        let says = state == .failed || state == .expired
        #expect(
            try await bench.delivery()
                == OTP.Delivery.Reply(
                    state: state, error: says ? "It could not be delivered: the phone is off." : nil,
                    resendAfter: resendAfter))
        #expect(bench.gateway.sent.count == 2, "asking costs no send")
    }

    @Test("lets the same code go out again without a wait where it is lost, and then there is a wait again")
    func earlyResend() async throws {
        let bench = try Bench()
        try await bench.setUpPhone()
        let first = try await bench.send()
        let code = bench.gateway.code
        bench.pass(1)
        #expect(try await refusal { try await bench.send() }.retryAfter == 29)
        bench.gateway.report(.uncertain)
        let again = try await bench.send()
        #expect(again.resendAfter == 60 && again.expires == first.expires)
        #expect(bench.gateway.code == code)
        #expect(bench.gateway.sent.count == 3)
        // That the message before was lost says nothing of this one.
        #expect(try await refusal { try await bench.send() }.retryAfter == 60)
        try await bench.verify(.sms, code)
    }

    @Test("lets a set-up begin again without a wait, with another number too")
    func earlyBegin() async throws {
        let bench = try Bench()
        _ = try await bench.begin(.sms, phone: "+14155552671")
        #expect(
            try await refusal { try await bench.begin(.sms, phone: "+14155552672") }.isFor(.tooManyCodes))
        bench.gateway.report(.failed, "It is a landline.")
        #expect(try await bench.delivery().error == "It is a landline.")
        _ = try await bench.begin(.sms, phone: "+14155552672")
        #expect(bench.gateway.submitted.last?.to == "+14155552672")
        _ = try await bench.confirm(.sms, bench.gateway.code)
    }

    @Test("of two sends at once where the message before is lost, one message goes out")
    func twoAtOnce() async throws {
        let bench = try Bench()
        try await bench.setUpPhone()
        try await bench.send()
        bench.gateway.report(.failed)
        let tasks = (0..<8).map { _ in Task { @Loop in try? await bench.send() } }
        for task in tasks { _ = await task.value }
        #expect(bench.gateway.sent.count == 3)
    }

    @Test("is asked for only while there is something to wait for")
    func asksSeldom() async throws {
        let bench = try Bench()
        try await bench.setUpPhone()
        try await bench.send()
        bench.pass(30)
        try await bench.send()
        #expect(bench.gateway.asked == 0)
    }

    @Test("is waited for where SMSGateway does not say")
    func unknown() async throws {
        let bench = try Bench()
        try await bench.setUpPhone()
        try await bench.send()
        for reason in [Reason.unavailable, .noSuchMessage] {
            bench.gateway.statusRefusal = Refusal(reason)
            #expect(try await refusal { try await bench.send() }.isFor(.tooManyCodes))
        }
        #expect(try await refusal { try await bench.delivery() }.isFor(.notBegun))
        bench.gateway.statusRefusal = Refusal(.unavailable, retryAfter: 1)
        #expect(try await refusal { try await bench.delivery() } == Refusal(.unavailable, retryAfter: 1))
    }

    @Test("is asked for in the language of the page", arguments: [Language?.none, .en, .es])
    func language(language: Language?) async throws {
        let bench = try Bench()
        _ = try await bench.call(
            OTP.Begin(
                subject: bench.subject, method: .sms, phone: "+14155552671", firm: bench.firm,
                language: language))
        _ = try await bench.confirm(.sms, bench.gateway.code)
        _ = try await bench.call(OTP.Send(subject: bench.subject, firm: bench.firm, language: language))
        #expect(bench.gateway.submitted.map(\.language) == [language, language])
    }

    @Test("is refused where no code is in flight: none was sent, or it was used")
    func notBegun() async throws {
        let bench = try Bench()
        #expect(try await refusal { try await bench.delivery() }.isFor(.notBegun))
        try await bench.setUpPhone()
        #expect(try await refusal { try await bench.delivery() }.isFor(.notBegun))
    }

    @Test("is that of the code that was sent last, whatever it is for")
    func newest() async throws {
        let bench = try Bench()
        try await bench.setUpPhone()
        try await bench.send(.verify)
        bench.gateway.report(.failed)
        bench.pass(1)
        try await bench.send(.stepUp)
        bench.gateway.report(.delivered)
        #expect(try await bench.delivery().state == .delivered)
    }
}
