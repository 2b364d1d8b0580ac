import Testing
import Wire

@testable import SMSGateway

@Suite("A message for SMPP") struct SubmitPDUTests {
    let now = TestClock.start

    private func submit(_ text: String, life: Int = 300, settings: SMPPSettings = .test()) throws
        -> PDU.ShortMessage
    {
        let message = OutboundMessage(id: ID(), to: "+14155552671", text: text, expires: now + life)
        return try #require(PDU.ShortMessage(message, settings: settings, reference: 0x1234, now: now))
    }

    @Test("goes to digits alone, with a receipt, a handle, and the life that its code has left")
    func fields() throws {
        let submit = try submit("@a #1")
        #expect(submit.destination == PDU.Address(type: 1, plan: 1, digits: "14155552671"))
        #expect(submit.validityPeriod == "000000000500000R")
        #expect(submit.registeredDelivery == 1)
        #expect(submit.esmClass == 0)
        #expect(submit.dataCoding == 0)
        #expect(submit.text == [0, 0x61, 0x20, 0x23, 0x31])
        #expect(submit.options == [PDU.Option(tag: 0x0204, value: [0x12, 0x34])])
    }

    @Test("that is too long for its field stands in message_payload")
    func payload() throws {
        let text = String(repeating: "ы", count: 130)
        let submit = try submit(text)
        #expect(submit.text.isEmpty)
        #expect(submit.option(PDU.Option.Tag.messagePayload)?.count == 260)
        #expect(try PDU(PDU(sequence: 1, body: .submit(submit)).bytes[...]).body == .submit(submit))
    }

    @Test("whose code has ended is none")
    func ended() {
        let message = OutboundMessage(id: ID(), to: "+14155552671", text: "a", expires: now)
        #expect(PDU.ShortMessage(message, settings: .test(), reference: 1, now: now) == nil)
    }

    @Test(
        "writes its life as the specification does",
        arguments: [
            (1, "000000000001000R"), (59, "000000000059000R"), (300, "000000000500000R"),
            (3_661, "000000010101000R"),
            (86_400, "000001000000000R"), (100 * 86_400, "000029235959000R"),
        ])
    func relative(seconds: Int, text: String) {
        #expect(PDU.ShortMessage.relative(seconds) == text)
    }

    @Test(
        "has its sender's type and plan by what it looks like",
        arguments: [
            ("ClientHub", 5, 0, "ClientHub"), ("A", 5, 0, "A"), ("32665", 3, 0, "32665"),
            ("12345678", 3, 0, "12345678"),
            ("14155550100", 1, 1, "14155550100"), ("+14155550100", 1, 1, "14155550100"),
            ("+4912345", 1, 1, "4912345"),
        ] as [(String, UInt8, UInt8, String)])
    func source(sender: String, type: UInt8, plan: UInt8, digits: String) {
        #expect(PDU.Address(sender: sender) == PDU.Address(type: type, plan: plan, digits: digits))
    }

    @Test(
        "takes no sender that is too long or has other characters",
        arguments: ["", "ClientHub2FA", "a_b", "é", "+", "1234567890123456"])
    func badSource(sender: String) { #expect(PDU.Address(sender: sender) == nil) }
}
