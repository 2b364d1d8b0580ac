import ServiceKit
import Testing
import Wire

@testable import SMSGateway

@Suite("What Twilio posts") struct TwilioWebhookTests {
    static let message = "01920000-0000-7000-8000-00000000abcd"
    let url = "https://hub.example.com/receipts/twilio/twilio/\(Self.message)"
    let sid = "SM0123456789abcdef0123456789abcdef"

    func news(_ form: String, at url: String? = nil) throws -> WebhookNews {
        let fields = try #require(TwilioWebhook.fields(of: form, isJSON: false))
        return TwilioWebhook.news(fields, url: url ?? self.url, provider: "twilio")
    }

    @Test(
        "tells of a message by its status",
        arguments: [
            ("accepted", MessageEvent.receiptSent), ("scheduled", .receiptSent), ("queued", .receiptSent),
            ("sending", .receiptSent), ("sent", .receiptSent), ("delivered", .receiptDelivered),
            ("read", .receiptDelivered), ("failed", .receiptFailed), ("undelivered", .receiptFailed),
            ("canceled", .receiptFailed),
        ])
    func receipts(status: String, event: MessageEvent) throws {
        let expected = Receipt(provider: "twilio", message: ID(Self.message), providerID: sid, event: event)
        #expect(try news("MessageSid=\(sid)&MessageStatus=\(status)&To=%2B1415&New=1") == .receipt(expected))
    }

    @Test("says why a message was not delivered, and that its time ran out")
    func reasons() throws {
        func receipt(_ code: String) throws -> Receipt? {
            guard
                case .receipt(let receipt) = try news(
                    "MessageStatus=undelivered&ErrorCode=\(code)&SmsSid=\(sid)")
            else { return nil }
            return receipt
        }
        #expect(try receipt("30006")?.reason == "The number is a landline, or its carrier is out of reach.")
        #expect(try receipt("30006")?.event == .receiptFailed)
        #expect(try receipt("39999")?.reason == "Twilio's error 39999.")
        #expect(try receipt("30036")?.event == .receiptExpired)
        #expect(try receipt("x")?.reason == nil)
        #expect(try receipt("30006")?.providerID == sid)
    }

    @Test(
        "finds the message's id at the end of the URL that was given, and nowhere else",
        arguments: [
            ("https://h/receipts/twilio/twilio/\(message)?x=1", true),
            ("https://h/a/receipts/twilio/twilio/\(message)", true),
            ("https://h/receipts/twilio/other/\(message)", false),
            ("https://h/receipts/twilio/twilio", false),
            ("https://h/receipts/twilio/twilio/\(message)/x", false),
            ("https://h/receipts/twilio/twilio/1", false),
            ("https://h/?/receipts/twilio/twilio/\(message)", false),
        ])
    func ids(url: String, isFound: Bool) throws {
        guard case .receipt(let receipt) = try news("MessageStatus=sent&MessageSid=\(sid)", at: url) else {
            Issue.record("it is no receipt")
            return
        }
        #expect(receipt.message == (isFound ? ID(Self.message) : nil))
    }

    @Test(
        "tells nothing that it does not know",
        arguments: [
            "MessageStatus=new", "MessageStatus=partially_delivered", "", "From=%2B1415", "Body=STOP",
            "SmsStatus=sent",
        ])
    func nothing(form: String) throws { #expect(try news(form) == .nothing) }

    @Test("tells nothing of a message that it cannot name")
    func nameless() throws { #expect(try news("MessageStatus=sent", at: "https://h/") == .nothing) }

    @Test("tells of a text to the firm's number, and of what Twilio made of it")
    func inbound() throws {
        #expect(
            try news("SmsStatus=received&From=%2B14155552671&Body=Stop+it&MessageSid=\(sid)")
                == .inbound(InboundText(provider: "twilio", from: "+14155552671", text: "Stop it")))
        #expect(
            try news("From=%2B14155552671&Body=ARRET&OptOutType=STOP")
                == .inbound(InboundText(provider: "twilio", from: "+14155552671", text: "STOP")))
    }

    @Test("reads a body of JSON as it reads a form, and refuses what is neither")
    func json() throws {
        let fields = try #require(
            TwilioWebhook.fields(
                of:
                    #"{"MessageStatus": "undelivered", "ErrorCode": 30006, "MessageSid": "a", "x": [1], "y": null}"#,
                isJSON: true))
        let expected = Receipt(
            provider: "twilio", message: ID(Self.message), providerID: "a", event: .receiptFailed,
            reason: "The number is a landline, or its carrier is out of reach.")
        #expect(TwilioWebhook.news(fields, url: url, provider: "twilio") == .receipt(expected))
        #expect(TwilioWebhook.fields(of: "[]", isJSON: true) == nil)
        #expect(TwilioWebhook.fields(of: "a=%", isJSON: false) == nil)
    }
}
