import Testing

@testable import SMSGateway

@Suite("What a carrier delivers") struct DeliveryTests {
    private func message(
        _ text: String, esmClass: UInt8 = 4, options: [(UInt16, [UInt8])] = [], from: String = "14155552671",
        type: UInt8 = 1
    ) -> PDU.ShortMessage {
        PDU.ShortMessage(
            source: PDU.Address(type: type, plan: 1, digits: from),
            destination: PDU.Address(type: 3, plan: 0, digits: "32665"), esmClass: esmClass,
            text: Array(text.utf8), options: options.map { PDU.Option(tag: $0.0, value: $0.1) })
    }

    private func delivery(_ message: PDU.ShortMessage, _ ids: ReceiptIDs = .same) -> Delivery {
        Delivery(message, alphabet: .gsm7, receiptIDs: ids)
    }

    @Test(
        "is a receipt in each vendor's form",
        arguments: [
            (
                "id:0123456789 sub:001 dlvrd:001 submit date:2611240930 done date:2611240931 stat:DELIVRD err:000 text:Hi",
                "123456789", MessageEvent.receiptDelivered, nil
            ),
            (
                "id:ab12,sub:001,dlvrd:000,submit date:2611240930,done date:2611240931,stat:UNDELIV,err:011,text:",
                "ab12", .receiptFailed, "The carrier could not deliver it, error 011."
            ),
            (
                "STAT:expired ID:AB12 ERR:000", "ab12", .receiptExpired,
                "The carrier could not deliver it in time."
            ),
            ("id: 77 stat: REJECTD err: 8", "77", .receiptFailed, "The carrier rejected it, error 8."),
            ("id:77 stat:DELETED", "77", .receiptFailed, "The carrier deleted it."),
            ("id:7_7\tstat:ACCEPTD", "7_7", .receiptSent, nil),
            ("id:77 stat:ENROUTE", "77", .receiptSent, nil),
            ("id:77 stat:UNKNOWN", "77", .receiptSent, nil),
            ("id:77 stat:Delivered", "77", .receiptDelivered, nil),
            ("id:77 id:78 stat:DELIVRD text:id:79 stat:UNDELIV", "77", .receiptDelivered, nil),
            ("id:000 stat:DELIVRD", "0", .receiptDelivered, nil),
        ] as [(String, String, MessageEvent, String?)])
    func receipt(text: String, id: String, event: MessageEvent, reason: String?) {
        #expect(
            delivery(message(text))
                == .receipt(id: id, reference: nil, number: "14155552671", event, reason: reason))
    }

    @Test("is a receipt by its options alone, which count more than its text")
    func options() {
        let options: [(UInt16, [UInt8])] = [
            (0x001E, Array("00AB".utf8) + [0]), (0x0427, [5]), (0x0423, [3, 0, 11]), (0x0204, [0x12, 0x34]),
        ]
        let expected = Delivery.receipt(
            id: "ab", reference: 0x1234, number: "14155552671", .receiptFailed,
            reason: "The carrier could not deliver it, error 11.")
        #expect(delivery(message("", options: options)) == expected)
        #expect(delivery(message("id:99 stat:DELIVRD err:000", options: options)) == expected)
    }

    @Test(
        "is a receipt by each message_state",
        arguments: [
            (1, .receiptSent), (2, .receiptDelivered), (3, .receiptExpired), (4, .receiptFailed),
            (5, .receiptFailed),
            (6, .receiptSent), (7, .receiptSent), (8, .receiptFailed),
        ] as [(UInt8, MessageEvent)])
    func states(code: UInt8, event: MessageEvent) {
        guard
            case .receipt(_, _, _, event, let reason) = delivery(message("id:1", options: [(0x0427, [code])]))
        else {
            Issue.record("it is another event")
            return
        }
        #expect((reason != nil) == (event == .receiptFailed || event == .receiptExpired))
    }

    @Test("that is intermediate tells no end, whatever it says")
    func intermediate() {
        guard
            case .receipt("1", nil, _, .receiptSent, nil) = delivery(
                message("id:1 stat:UNDELIV", esmClass: 0x20))
        else {
            Issue.record("it tells an end")
            return
        }
    }

    @Test(
        "finds its message whatever base the two ids are in",
        arguments: [
            (ReceiptIDs.same, "0000AB12", "ab12"), (.same, "AB12", "0ab12"), (.same, "0", "000"),
            (.decimal, "1A2B3C4D", "439041101"), (.decimal, "0001a2b3c4d", "0439041101"),
            (.decimal, "f", "15"),
            (.decimal, "123456789ABCDEF0123456789ABCDEF", "1512366075204170929049582354406559215"),
            (.hex, "439041101", "1A2B3C4D"), (.hex, "0", "0"),
            (.decimal, "msg-7", "msg-7"),
        ] as [(ReceiptIDs, String, String)])
    func ids(ids: ReceiptIDs, answered: String, receipted: String) {
        #expect(ids.receipted(receipted) == ReceiptIDs.answered(answered))
    }

    @Test("is a text from somebody, whose number is made whole")
    func text() {
        #expect(delivery(message("STOP", esmClass: 0)) == .text(from: "+14155552671", "STOP"))
        #expect(
            delivery(message("STOP", esmClass: 0, from: "4155552671", type: 2))
                == .text(from: "+14155552671", "STOP"))
        #expect(
            delivery(message("STOP", esmClass: 0, from: "14155552671", type: 0))
                == .text(from: "+14155552671", "STOP"))
        var parts = message("", esmClass: 0x40)
        parts.text = [5, 0, 3, 1, 2, 1] + Array("STOP".utf8)
        #expect(delivery(parts) == .text(from: "+14155552671", "STOP"))
        let payload = message("", esmClass: 0, options: [(0x0424, Array("STOP".utf8))])
        #expect(delivery(payload) == .text(from: "+14155552671", "STOP"))
    }

    @Test("that is of no use says why, without the number or the text")
    func unreadable() {
        for message in [
            message("stat:DELIVRD"), message("id:1"), message("id:1 stat:HELLO"), message(""),
            message("STOP", esmClass: 0, from: "32665", type: 3),
            message("STOP", esmClass: 0, from: "ClientHub", type: 5),
            message("x", esmClass: 0x10),
        ] {
            guard case .unreadable(let problem) = delivery(message) else {
                Issue.record("\(message) was read")
                continue
            }
            #expect(!problem.contains("32665") && !problem.contains("STOP") && !problem.contains("HELLO"))
        }
    }
}
