import Testing
import Wire

@testable import SMSGateway

@Suite("SMPP with each of three SMSCs", .timeLimit(.minutes(5))) struct SMPPServerTests {
    static let kinds = SMSC.Kind.allCases

    @Test("binds as a transceiver, and submits what the settings and the message say", arguments: kinds)
    @Loop func submits(kind: SMSC.Kind) async throws {
        let smsc = try await SMSC(kind)
        let carrier = try Carrier(port: smsc.port)
        #expect(await carrier.send("1006").providerID != nil)
        let bind = try #require(try smsc.events("bind").first)
        #expect(bind.command == 9)
        #expect(bind.version == 0x34)
        #expect(bind.password == "secret")

        let submit = try #require(try smsc.submitted.first)
        var expected = submit
        expected.service_type = ""
        (expected.source_addr_ton, expected.source_addr_npi, expected.source_addr) = (3, 0, "32665")
        (expected.dest_addr_ton, expected.dest_addr_npi) = (1, 1)
        expected.destination_addr = "14155551006"
        (expected.esm_class, expected.protocol_id, expected.priority_flag) = (0, 0, 1)
        (expected.schedule_delivery_time, expected.replace_if_present_flag) = ("", 0)
        expected.validity_period = "000000000500000R"
        (expected.registered_delivery, expected.data_coding, expected.sm_default_msg_id) = (1, 0, 0)
        // The @ of the last line is 0x00 in the GSM alphabet.
        expected.short_message = hex("Code: 123456.\n\n\0a.example #123456")
        #expect(submit == expected)
        #expect(submit.options["516"]?.count == 4)
        await carrier.provider.stop()
        try await carrier.until { try !smsc.events("unbind").isEmpty }
    }

    @Test(
        "keeps the @ in each alphabet, and has UCS-2 for what they cannot say", arguments: kinds,
        SMPPAlphabet.allCases)
    @Loop func alphabets(kind: SMSC.Kind, alphabet: SMPPAlphabet) async throws {
        let smsc = try await SMSC(kind)
        let carrier = try Carrier(port: smsc.port, settings: #""alphabet": "\#(alphabet.rawValue)""#)
        #expect(await carrier.send("1006", text: "@a #1").providerID != nil)
        #expect(await carrier.send("1006", text: "@ы").providerID != nil)
        let submitted = try smsc.submitted
        #expect(submitted.map(\.data_coding) == [Int(alphabet.dataCoding), 8])
        #expect(
            submitted.map(\.short_message) == [alphabet == .gsm7 ? "0061202331" : "4061202331", "0040044b"])
    }

    @Test(
        "gets a receipt, whatever form it has, under the id that the answer gave", arguments: kinds,
        ["1000", "1001", "1002", "1003", "1004", "1007"])
    @Loop func receipts(kind: SMSC.Kind, code: String) async throws {
        let smsc = try await SMSC(kind)
        let carrier = try Carrier(
            port: smsc.port, settings: #""receiptIDs": "\#(code == "1002" ? "decimal" : "same")""#)
        let id = ID()
        let outcome = await carrier.send(code, id: id)
        let providerID = try #require(outcome.providerID)
        try await carrier.until { carrier.news.receipts.last?.event == .receiptDelivered }
        let receipts = carrier.news.receipts
        #expect(
            receipts.map(\.event)
                == (code == "1007" ? [.receiptSent, .receiptDelivered] : [.receiptDelivered]))
        #expect(
            receipts.allSatisfy {
                $0.providerID == providerID && $0.provider == "carrier" && $0.reason == nil
            })
        if code == "1001" {
            // It came before the answer, and so by our own handle too.
            #expect(receipts.map(\.message) == [id])
        } else {
            // The others may overtake it too.
            #expect(receipts.allSatisfy { $0.message == nil || $0.message == id })
        }
        // The carrier is told that each was kept.
        try await carrier.until {
            try smsc.events("deliver_sm_resp").map(\.status) == receipts.map { _ in 0 }
        }
    }

    @Test("hears that a message was not delivered, and why", arguments: kinds)
    @Loop func undelivered(kind: SMSC.Kind) async throws {
        let smsc = try await SMSC(kind)
        let carrier = try Carrier(port: smsc.port)
        #expect(await carrier.send("1005").providerID != nil)
        try await carrier.until { !carrier.news.receipts.isEmpty }
        #expect(carrier.news.receipts.first?.event == .receiptFailed)
        #expect(carrier.news.receipts.first?.reason == "The carrier could not deliver it, error 011.")
    }

    @Test("tells a carrier that its news was not kept, and goes on", arguments: kinds)
    @Loop func notKept(kind: SMSC.Kind) async throws {
        let smsc = try await SMSC(kind)
        let carrier = try Carrier(port: smsc.port)
        carrier.news.isWell = false
        #expect(await carrier.send("1000").providerID != nil)
        try await carrier.until { try smsc.events("deliver_sm_resp").map(\.status) == [0x64] }
        carrier.news.isWell = true
        #expect(await carrier.send("1009").providerID != nil)
        try await carrier.until { try smsc.events("deliver_sm_resp").map(\.status) == [0x64, 0] }
        #expect(carrier.news.texts == [InboundText(provider: "carrier", from: "+14155551009", text: "STOP")])
    }

    @Test(
        "knows what a refusal means, by its status", arguments: kinds,
        [
            (0x58, "retry"), (0x14, "retry"), (0x0B, "permanent"), (0x0A, "configuration"),
            (0x08, "uncertain"),
            (0x45, "uncertain"),
        ])
    @Loop func refusals(kind: SMSC.Kind, refusal: (status: Int, meaning: String)) async throws {
        let smsc = try await SMSC(kind)
        let carrier = try Carrier(port: smsc.port)
        let outcome = await carrier.send("2\(String(1_000 + refusal.status).dropFirst())")
        #expect(outcome == Outcome(SMPPStatus(rawValue: UInt32(refusal.status))))
        #expect("\(outcome)".hasPrefix(refusal.meaning))
        // The session goes on.
        #expect(await carrier.send("1006").providerID != nil)
        #expect(try smsc.events("bind").count == 1)
    }

    @Test("finds answers by their sequence number where they come in another order", arguments: kinds)
    @Loop func order(kind: SMSC.Kind) async throws {
        let smsc = try await SMSC(kind)
        let carrier = try Carrier(port: smsc.port)
        let first = carrier.begin("1008")
        try await carrier.until { try smsc.submitted.count == 1 }
        let second = await carrier.send("1006").providerID
        let late = await first.value.providerID
        #expect(second != nil && late != nil && second != late)
    }

    @Test(
        "does not know what became of a message that is never answered, and does not send it again",
        arguments: kinds)
    @Loop func silence(kind: SMSC.Kind) async throws {
        let smsc = try await SMSC(kind)
        let carrier = try Carrier(port: smsc.port) { $0.answer = 300 }
        #expect(await carrier.send("1010").isUncertain)
        // The carrier is asked whether it is there, and it is.
        try await carrier.until { try smsc.events("enquire_link").count == 1 }
        #expect(await carrier.send("1006").providerID != nil)
        #expect(try smsc.submitted.count == 2)
        #expect(try smsc.events("bind").count == 1)
    }

    @Test("learns from an answer that comes too late that the message was taken", arguments: kinds)
    @Loop func late(kind: SMSC.Kind) async throws {
        let smsc = try await SMSC(kind)
        let carrier = try Carrier(port: smsc.port) { $0.answer = 300 }
        let id = ID()
        #expect(await carrier.send("1008", id: id).isUncertain)
        #expect(await carrier.send("1006").providerID != nil)
        try await carrier.until { !carrier.news.receipts.isEmpty }
        let receipt = try #require(carrier.news.receipts.first)
        #expect(receipt.message == id)
        #expect(receipt.event == .receiptSent)
        #expect(receipt.providerID != nil)
    }

    @Test(
        "does not know what became of all in the window when the connection breaks, and connects again",
        arguments: kinds)
    @Loop func disconnect(kind: SMSC.Kind) async throws {
        let smsc = try await SMSC(kind)
        let carrier = try Carrier(port: smsc.port)
        let silent = (0..<3).map { _ in carrier.begin("1010") }
        try await carrier.until { try smsc.submitted.count == 3 }
        #expect(await carrier.send("1012").isUncertain)
        for one in silent { #expect(await one.value.isUncertain) }
        try await carrier.until { carrier.provider.counts.sessions == 2 && carrier.provider.isBound }
        #expect(await carrier.send("1006").providerID != nil)
        #expect(try smsc.submitted.count == 5)
    }

    @Test("asks whether the carrier is there where it hears nothing, and keeps the session", arguments: kinds)
    @Loop func enquires(kind: SMSC.Kind) async throws {
        let smsc = try await SMSC(kind)
        let carrier = try Carrier(port: smsc.port) { patience in
            patience.idle = 50
            // It is looked whether the answer came once this is over.
            patience.life = 5_000
        }
        try await carrier.until { try smsc.events("enquire_link").count >= 2 }
        #expect(await carrier.send("1006").providerID != nil)
        #expect(try smsc.events("bind").count == 1)
        #expect(carrier.provider.counts.sessions == 1)
    }

    @Test("comes back after the carrier has ended the session", arguments: kinds)
    @Loop func unbind(kind: SMSC.Kind) async throws {
        let smsc = try await SMSC(kind)
        let carrier = try Carrier(port: smsc.port)
        #expect(await carrier.send("1013").providerID != nil)
        try await carrier.until { carrier.provider.counts.sessions == 2 && carrier.provider.isBound }
        #expect(await carrier.send("1006").providerID != nil)
    }

    @Test("says that the account is wrong, sends nothing, and does not hammer", arguments: kinds)
    @Loop func wrongPassword(kind: SMSC.Kind) async throws {
        let smsc = try await SMSC(kind)
        let carrier = try Carrier(port: smsc.port, password: "wrong")
        guard case .configuration(let reason) = await carrier.send("1006") else {
            Issue.record("it was not refused")
            return
        }
        #expect(
            reason == "The carrier refuses the session with ESME_RINVPASWD (0x0E): the password is wrong.")
        for _ in 0..<10 { #expect(await carrier.send("1006") == .configuration(reason: reason)) }
        #expect(carrier.provider.trouble == reason)
        #expect(try smsc.events("bind").count == 1)
        #expect(try smsc.submitted.isEmpty)
        #expect(found("carrier refuses the session", in: carrier.scratch.read("log")))
        #expect(!found("password=", in: carrier.scratch.read("log")))
    }

    @Test("lets messages wait where its window is full", arguments: kinds)
    @Loop func window(kind: SMSC.Kind) async throws {
        let smsc = try await SMSC(kind)
        let carrier = try Carrier(port: smsc.port, settings: #""window": 2"#)
        let silent = [carrier.begin("1008"), carrier.begin("1010")]
        try await carrier.until { try smsc.submitted.count == 2 }
        let waiting = (0..<5).map { _ in carrier.begin("1006") }
        // Nothing more is written, however long the two take.
        for _ in 0..<50 { await Loop.pause(milliseconds: 1) }
        #expect(try smsc.submitted.count == 2)
        await carrier.provider.stop()
        for one in waiting {
            guard case .retry(after: nil, _) = await one.value else {
                Issue.record("it is not known to be unsent")
                continue
            }
        }
        for one in silent { #expect(await one.value.isUncertain) }
        #expect(try smsc.submitted.count == 2)
    }

    @Test(
        "gives a message back unsent where the carrier is gone, and finds it when it is there again",
        arguments: kinds)
    @Loop func gone(kind: SMSC.Kind) async throws {
        let smsc = try await SMSC(kind)
        let carrier = try Carrier(port: smsc.port)
        #expect(await carrier.send("1006").providerID != nil)
        smsc.kill()
        try await carrier.until { !carrier.provider.isBound }
        guard case .retry(after: nil, let reason) = await carrier.send("1006") else {
            Issue.record("it is not known to be unsent")
            return
        }
        #expect(
            reason.hasPrefix("The carrier was not reached: connect: Connection refused")
                || reason.hasPrefix("The connection to the carrier ended"))
    }

    private func hex(_ text: String) -> String {
        text.utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
