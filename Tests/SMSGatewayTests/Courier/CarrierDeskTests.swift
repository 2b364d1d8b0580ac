import Testing
import Wire

@testable import SMSGateway

@Suite("The carriers' desk: receipts", .timeLimit(.minutes(5))) struct ReceiptTests {
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

@Suite("The carriers' desk: opt-out", .timeLimit(.minutes(5))) struct OptOutCallTests {
    @Loop func say(_ text: String, from: String = "+14155552671", _ bench: Bench) async throws {
        try await bench.gateway.desk.take(InboundText(provider: "a", from: from, text: text))
    }

    @Loop func refusal(_ bench: Bench, to: String = "+14155552671") async -> Refusal? {
        do {
            _ = try await bench.submit(to: to)
            return nil
        } catch {
            return error as? Refusal
        }
    }

    @Test("holds for the number that it came from, also after a restart, until START")
    @Loop func stopAndStart() async throws {
        let bench = try Bench()
        for _ in 0..<2 { try await say("Stop", bench) }
        try bench.killAndReopen()
        let refused = await refusal(bench)
        #expect(refused?.isFor(.blocked) == true)
        #expect(refused?.field == "to")
        #expect(refused?.message.contains("START") == true)
        #expect(try bench.gateway.store.tally().allSatisfy { $0.value == 0 }, "nothing is stored")
        #expect(await refusal(bench, to: "+14155552672") == nil)
        for _ in 0..<2 { try await say("START", bench) }
        #expect(await refusal(bench) == nil)
    }

    @Test("holds back what waits in the queue already")
    @Loop func queued() async throws {
        let provider = ScriptedProvider()
        let bench = try Bench([provider])
        let id = try await bench.submit()
        try await say("STOP", bench)
        try await bench.deliver()
        #expect(provider.taken.isEmpty)
        #expect(try bench.state(id) == .failed)
        #expect(try bench.status(id).error == "The number's owner has switched text messages off.")
    }

    @Test("comes from a provider's answer too")
    @Loop func answered() async throws {
        let provider = ScriptedProvider("a") { _ in .permanent(reason: "21610", optedOut: true) }
        let bench = try Bench([provider])
        let id = try await bench.submit()
        try await bench.deliver()
        #expect(try bench.state(id) == .failed)
        #expect(await refusal(bench)?.isFor(.blocked) == true)
        #expect(await refusal(bench, to: "+14155552672") == nil)
    }

    @Test("is not taken from other texts, nor from what is no number, and none of them is kept or logged")
    @Loop func others() async throws {
        let bench = try Bench()
        try await say("Please STOP calling, my code is 918273", bench)
        try await say("HELP", bench)
        try await say("STOP", from: "74454", bench)
        #expect(await refusal(bench) == nil)
        for file in ["sms.db", "sms.db-wal", "log"] {
            let bytes = bench.scratch.read(file)
            #expect(!found("918273", in: bytes))
            #expect(!found("4155552671", in: bytes))
        }
    }
}
