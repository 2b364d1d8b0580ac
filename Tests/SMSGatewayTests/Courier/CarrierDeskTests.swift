import Testing
import Wire

@testable import SMSGateway

@Suite("The carriers' desk: receipts", .timeLimit(.minutes(1))) struct ReceiptTests {
    func receipt(
        _ event: MessageEvent, of message: ID? = nil, providerID: String? = nil, reason: String? = nil
    ) -> Receipt {
        Receipt(provider: "a", message: message, providerID: providerID, event: event, reason: reason)
    }

    /// A message that provider `a` took, and named 7.
    @Loop func sent(_ bench: Bench) async throws -> ID {
        let id = try await bench.submit()
        try await bench.deliver()
        return id
    }

    @Loop func bench(_ outcome: Outcome = .sent(providerID: "7")) throws -> Bench {
        try Bench([ScriptedProvider("a") { _ in outcome }])
    }

    @Test(
        "is what Status tells from then on, found by our id or by the provider's", arguments: [true, false])
    @Loop func status(isOurs: Bool) async throws {
        let bench = try bench()
        let id = try await sent(bench)
        bench.time.advance(3)
        try await bench.gateway.desk.take(
            receipt(
                .receiptFailed, of: isOurs ? id : nil, providerID: "7", reason: "The phone is switched off."))
        #expect(
            try bench.status(id)
                == SMS.Status.Reply(
                    message: id, state: .failed, provider: "a", attempts: 1,
                    error: "It could not be delivered: The phone is switched off.", updated: bench.time.now))
    }

    @Test("comes to the same in any order, and twice", arguments: [0, 1, 2, 3, 4, 5])
    @Loop func anyOrder(shift: Int) async throws {
        let bench = try bench()
        let id = try await sent(bench)
        let events: [MessageEvent] = [.receiptSent, .receiptDelivered, .receiptSent]
        let order = shift < 3 ? events : events.reversed()
        for index in order.indices {
            let event = order[(index + shift) % order.count]
            try await bench.gateway.desk.take(receipt(event, of: id, providerID: "7"))
            try await bench.gateway.desk.take(receipt(event, providerID: "7"))
        }
        #expect(try bench.state(id) == .delivered)
        #expect(try bench.status(id).error == nil)
        try await bench.gateway.desk.take(receipt(.receiptFailed, of: id, providerID: "7", reason: "late"))
        #expect(try bench.state(id) == .delivered)
    }

    @Test("that comes before the provider's answer counts once that is written", arguments: [true, false])
    @Loop func beforeAnswer(isOurs: Bool) async throws {
        let gate = Gate()
        let provider = ScriptedProvider("a") { _ in
            await gate.pass()
            return .sent(providerID: "7")
        }
        let bench = try Bench([provider])
        let id = try await bench.submit()
        await bench.gateway.courier.round()
        try await bench.until { provider.taken.count == 1 }
        try await bench.gateway.desk.take(
            receipt(.receiptDelivered, of: isOurs ? id : nil, providerID: "7"))
        #expect(try bench.state(id) == (isOurs ? .delivered : .sending))
        gate.open()
        try await bench.until { try bench.gateway.courier.inFlight == 0 && bench.state(id) == .delivered }
        try await bench.deliver()
        #expect(try bench.state(id) == .delivered)
        #expect(try bench.gateway.store.earlyReceipts() == 0)
        #expect(try bench.gateway.store.hasContent(id) == false)
    }

    @Test("that comes early survives a crash, and settles what that made uncertain where it carries our id")
    @Loop func afterCrash() async throws {
        let gate = Gate()
        let provider = ScriptedProvider("a") { _ in
            await gate.pass()
            return .sent(providerID: "7")
        }
        let bench = try Bench([provider])
        let id = try await bench.submit()
        await bench.gateway.courier.round()
        try await bench.until { provider.taken.count == 1 }
        try await bench.gateway.desk.take(receipt(.receiptDelivered, providerID: "7"))
        try bench.killAndReopen()
        #expect(try bench.state(id) == .uncertain)
        #expect(try bench.gateway.store.earlyReceipts() == 1)
        try await bench.gateway.desk.take(receipt(.receiptSent, of: id, providerID: "7"))
        #expect(try bench.state(id) == .sent)
        // From now on the provider's name for it is known.
        try await bench.gateway.desk.take(receipt(.receiptDelivered, providerID: "7"))
        #expect(try bench.state(id) == .delivered)
        gate.open()
    }

    @Test("of no message of ours is taken, kept for a day where it may be early, and forgotten then")
    @Loop func swept() async throws {
        let bench = try bench()
        try await bench.gateway.desk.take(receipt(.receiptDelivered, of: ID(), providerID: "8"))
        #expect(try bench.gateway.store.earlyReceipts() == 0)
        for _ in 0..<3 {
            try await bench.gateway.desk.take(receipt(.receiptDelivered, providerID: "9"))
        }
        #expect(try bench.gateway.store.earlyReceipts() == 1)
        await bench.gateway.courier.round()
        bench.time.advance(86_400)
        await bench.gateway.courier.round()
        #expect(try bench.gateway.store.earlyReceipts() == 1, "a day old, not older")
        bench.time.advance(3_601)
        await bench.gateway.courier.round()
        #expect(try bench.gateway.store.earlyReceipts() == 0)
    }

    @Test("tells nothing of the number")
    @Loop func redacted() async throws {
        let bench = try bench()
        let id = try await sent(bench)
        try await bench.gateway.desk.take(
            receipt(.receiptFailed, of: id, reason: "30003: no handset at +14155552671"))
        let error = try #require(try bench.status(id).error)
        #expect(error.contains("30003"))
        #expect(!error.contains("4155552671"))
    }

    @Test("of what is uncertain counts until ten minutes after the code's end, and then nothing does")
    @Loop func uncertainCloses() async throws {
        let bench = try bench(.uncertain(reason: "timed out"))
        let id = try await sent(bench)
        bench.time.advance(300 + 599)
        await bench.gateway.courier.round()
        let other = try await bench.submit(to: testNumber(3), life: 300)
        try await bench.deliver()
        bench.time.advance(1)
        await bench.gateway.courier.round()
        for message in [id, other] {
            try await bench.gateway.desk.take(receipt(.receiptDelivered, of: message))
        }
        #expect(try bench.state(id) == .uncertain)
        #expect(try bench.status(id).error == "timed out")
        #expect(try bench.state(other) == .delivered)
    }

    @Test(
        "of what was sent is waited for a day, and what got none says so where its provider gives receipts",
        arguments: [("7", "No receipt came within a day."), (nil, nil)] as [(String?, String?)])
    @Loop func sentCloses(providerID: String?, error: String?) async throws {
        let bench = try bench(.sent(providerID: providerID))
        let id = try await sent(bench)
        bench.time.advance(86_399)
        await bench.gateway.courier.round()
        #expect(try bench.status(id).error == nil)
        bench.time.advance(1)
        await bench.gateway.courier.round()
        try await bench.gateway.desk.take(receipt(.receiptDelivered, of: id))
        #expect(try bench.state(id) == .sent)
        #expect(try bench.status(id).error == error)
    }

    @Test("is not acknowledged while it cannot be written down")
    @Loop func notWritten() async throws {
        let bench = try bench()
        let id = try await sent(bench)
        bench.gateway.store.close()
        await #expect(throws: (any Error).self) {
            try await bench.gateway.desk.take(receipt(.receiptDelivered, of: id))
        }
        try bench.reopen()
        #expect(try bench.state(id) == .sent)
    }
}
