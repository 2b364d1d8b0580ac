import Testing
import Wire

@testable import SMSGateway

@Suite("A session of SMPP", .timeLimit(.minutes(5))) struct SMPPSessionTests {
    @Test("answers what an SMSC asks: whether it is there, and what it does not know")
    @Loop func asked() async throws {
        let smsc = try RawSMSC()
        let carrier = try Carrier(port: smsc.port)
        try await carrier.until { carrier.provider.isBound }
        smsc.say(PDU(sequence: 5, body: .enquireLink).bytes)
        // query_sm, data_sm, and two that have no answer: outbind and alert_notification.
        for command: UInt32 in [0x3, 0x103, 0xB, 0x102] {
            smsc.say(PDU(sequence: command, body: .other(PDU.Command(rawValue: command))).bytes)
        }
        try await carrier.until { smsc.received.count >= 4 }
        #expect(
            smsc.received.dropFirst() == [
                PDU(sequence: 5, body: .enquireLinkResponse),
                PDU(status: 3, sequence: 0x3, body: .genericNack),
                PDU(status: 3, sequence: 0x103, body: .genericNack),
            ])
        #expect(carrier.provider.isBound)
    }

    @Test("goes on after a PDU that cannot be read, and says so to the SMSC and in the log")
    @Loop func unreadable() async throws {
        let smsc = try RawSMSC()
        let carrier = try Carrier(port: smsc.port)
        try await carrier.until { carrier.provider.isBound }
        var bytes = PDU(sequence: 9, body: .deliver(PDUTests.receipt)).bytes
        // The length of its option.
        bytes[bytes.count - 2] = 200
        smsc.say(bytes)
        try await carrier.until { smsc.count(.deliver.response) == 1 }
        #expect(smsc.received.last == PDU(status: 0xC2, sequence: 9, body: .deliverResponse))
        #expect(carrier.provider.counts.unreadable == 1)
        #expect(found("deliver_sm, sequence number 9", in: carrier.scratch.read("log")))
        #expect(carrier.provider.isBound)
    }

    @Test(
        "ends, and is made anew, where the SMSC says what is no PDU at all",
        arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "\0\0\0\u{5}abcd"])
    @Loop func garbage(text: String) async throws {
        let smsc = try RawSMSC()
        let carrier = try Carrier(port: smsc.port)
        try await carrier.until { carrier.provider.isBound }
        let sending = carrier.begin("1006")
        try await carrier.until { smsc.count(.submit) == 1 }
        smsc.say(Array(text.utf8))
        #expect(await sending.value.isUncertain)
        try await carrier.until { smsc.connections == 2 && carrier.provider.isBound }
        #expect(found("a PDU of", in: carrier.scratch.read("log")))
    }

    @Test(
        "takes an answer that makes no sense, or a generic_nack, for what it is",
        arguments: [
            ("submit", "uncertain"), ("nack", "configuration"), ("nackOK", "uncertain"),
        ])
    @Loop func nonsense(kind: String, meaning: String) async throws {
        let smsc = try RawSMSC()
        smsc.answer = { smsc, pdu in
            smsc.takeBind(pdu)
            guard case .submit = pdu.body else { return }
            switch kind {
            case "submit":
                var bytes = PDU(sequence: pdu.sequence, body: .submitResponse(messageID: "1")).bytes
                bytes[bytes.count - 1] = 0x31
                smsc.say(bytes)
            case "nack": smsc.say(PDU(status: 3, sequence: pdu.sequence, body: .genericNack).bytes)
            default: smsc.say(PDU(sequence: pdu.sequence, body: .genericNack).bytes)
            }
        }
        let carrier = try Carrier(port: smsc.port)
        #expect("\(await carrier.send("1006"))".hasPrefix(meaning))
        #expect(carrier.provider.isBound)
    }

    @Test("takes answers that come in pieces, and many in one")
    @Loop func pieces() async throws {
        let smsc = try RawSMSC()
        let carrier = try Carrier(port: smsc.port)
        let sends = (0..<3).map { _ in carrier.begin("1006") }
        try await carrier.until { smsc.count(.submit) == 3 }
        let answers = smsc.received.filter { $0.command == .submit }.reversed().flatMap {
            PDU(sequence: $0.sequence, body: .submitResponse(messageID: "\($0.sequence)")).bytes
        }
        for byte in answers.prefix(30) {
            smsc.say([byte])
            await Loop.pause(milliseconds: 1)
        }
        smsc.say(Array(answers.dropFirst(30)))
        var ids: [String?] = []
        for send in sends { ids.append(await send.value.providerID) }
        #expect(ids == smsc.received.filter { $0.command == .submit }.map { "\($0.sequence)" })
    }

    @Test("that hears nothing asks for a sign of life, and is over without one")
    @Loop func life() async throws {
        let smsc = try RawSMSC()
        let carrier = try Carrier(port: smsc.port) {
            $0.idle = 200
            // Time enough to hand it a message meanwhile, on a busy machine too.
            $0.life = 3_000
        }
        try await carrier.until { smsc.count(.enquireLink) == 1 }
        let sending = carrier.begin("1006")
        #expect(await sending.value.isUncertain)
        try await carrier.until { smsc.connections == 2 }
        #expect(found("no sign of life", in: carrier.scratch.read("log")))
    }

    @Test("stays while the SMSC gives a sign of life")
    @Loop func alive() async throws {
        let smsc = try RawSMSC()
        smsc.answer = { smsc, pdu in
            smsc.takeBind(pdu)
            if pdu.body == .enquireLink {
                smsc.say(PDU(sequence: pdu.sequence, body: .enquireLinkResponse).bytes)
            }
        }
        let carrier = try Carrier(port: smsc.port) {
            $0.idle = 50
            $0.life = 1_000
        }
        try await carrier.until { smsc.count(.enquireLink) >= 3 }
        #expect(smsc.connections == 1)
    }

    @Test("answers an unbind once nothing is under way any more")
    @Loop func farewell() async throws {
        let smsc = try RawSMSC()
        let carrier = try Carrier(port: smsc.port) { $0.farewell = 30_000 }
        let sending = carrier.begin("1006")
        try await carrier.until { smsc.count(.submit) == 1 }
        smsc.say(PDU(sequence: 77, body: .unbind).bytes)
        smsc.say(PDU(sequence: 78, body: .enquireLink).bytes)
        try await carrier.until { smsc.count(.enquireLink.response) == 1 }
        #expect(smsc.count(.unbind.response) == 0)
        let submit = try #require(smsc.received.first { $0.command == .submit })
        smsc.say(PDU(sequence: submit.sequence, body: .submitResponse(messageID: "1")).bytes)
        #expect(await sending.value == .sent(providerID: "1"))
        try await carrier.until { smsc.connections == 2 }
    }

    @Test("that is not bound in time is over, and messages come back unsent", arguments: [true, false])
    @Loop func neverBound(isSilent: Bool) async throws {
        let smsc = try RawSMSC()
        smsc.answer = { smsc, pdu in if !isSilent { smsc.drop() } }
        let carrier = try Carrier(port: smsc.port) { $0.bind = 200 }
        guard case .retry(after: nil, _) = await carrier.send("1006") else {
            Issue.record("it is not known to be unsent")
            return
        }
        try await carrier.until { smsc.connections >= 2 }
    }

    @Test("keeps more news waiting than it has room for, by telling the SMSC to come again")
    @Loop func flood() async throws {
        let smsc = try RawSMSC()
        let gate = Gate()
        let carrier = try Carrier(port: smsc.port, keeping: { await gate.pass() })
        try await carrier.until { carrier.provider.isBound }
        for sequence in UInt32(1)...300 {
            smsc.say(PDU(sequence: sequence, body: .deliver(PDUTests.receipt)).bytes)
        }
        try await carrier.until { smsc.count(.deliver.response) == 44 }
        #expect(smsc.received.filter { $0.command == .deliver.response }.allSatisfy { $0.status == 0x64 })
        gate.open()
        try await carrier.until { smsc.count(.deliver.response) == 300 }
        #expect(carrier.news.receipts.count == 256)
    }

    @Test("without anybody to keep its news leaves it with the SMSC")
    @Loop func nobody() async throws {
        let smsc = try RawSMSC()
        let carrier = try Carrier(port: smsc.port, hasEars: false)
        try await carrier.until { carrier.provider.isBound }
        smsc.say(PDU(sequence: 4, body: .deliver(PDUTests.receipt)).bytes)
        try await carrier.until { smsc.count(.deliver.response) == 1 }
        #expect(smsc.received.last?.status == 0x64)
    }

    @Test("is one that messages wait for only shortly, so that another provider has them soon")
    @Loop func slowConnection() async throws {
        let smsc = try RawSMSC()
        smsc.answer = { _, _ in }
        let carrier = try Carrier(port: smsc.port) { $0.session = 100 }
        #expect(
            await carrier.send("1006")
                == .retry(after: nil, reason: "There is no session with the carrier yet."))
    }

    @Test("gives a message that waits too long for its turn back, unsent")
    @Loop func turn() async throws {
        let smsc = try RawSMSC()
        let carrier = try Carrier(port: smsc.port, settings: #""window": 1"#) { $0.turn = 100 }
        let first = carrier.begin("1006")
        try await carrier.until { smsc.count(.submit) == 1 }
        #expect(
            await carrier.send("1006")
                == .retry(after: 1, reason: "The carrier's window or rate had no room."))
        #expect(smsc.count(.submit) == 1)
        await carrier.provider.stop()
        #expect(await first.value.isUncertain)
    }

    @Test("does not send a code that ended while it waited")
    @Loop func ended() async throws {
        let smsc = try RawSMSC()
        smsc.answer = { _, _ in }
        let carrier = try Carrier(port: smsc.port)
        let sending = carrier.begin("1006")
        try await carrier.until { smsc.count(.bindTransceiver) == 1 }
        carrier.time.advance(301)
        smsc.say(PDU(sequence: 1, body: .bindTransceiverResponse).bytes)
        guard case .retry(after: 0, _) = await sending.value else {
            Issue.record("it was sent")
            return
        }
        #expect(smsc.count(.submit) == 0)
    }

    @Test("says what is wrong where the host has no address")
    @Loop func noAddress() async throws {
        let carrier = try Carrier(port: 1, settings: #""host": "no-such-host.invalid""#)
        guard case .retry(after: nil, let reason) = await carrier.send("1006") else {
            Issue.record("it has one")
            return
        }
        #expect(reason.hasPrefix("The carrier was not reached: its address was not found: "))
    }

    @Test(
        "that is refused because an older one is still open lets messages go elsewhere, and is not asked for again at once"
    )
    @Loop func alreadyBound() async throws {
        let smsc = try RawSMSC()
        smsc.answer = { smsc, pdu in
            smsc.say(PDU(status: 5, sequence: pdu.sequence, body: .bindTransceiverResponse).bytes)
        }
        let carrier = try Carrier(port: smsc.port)
        for _ in 0..<20 {
            guard case .retry(after: nil, let reason) = await carrier.send("1006") else {
                Issue.record("it is given up")
                return
            }
            #expect(reason.contains("ESME_RALYBND"))
        }
        #expect(smsc.connections == 1)
        #expect(found("carrier refuses the session", in: carrier.scratch.read("log")))
    }
}
