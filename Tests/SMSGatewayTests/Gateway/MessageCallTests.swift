import Testing
import Wire

@testable import SMSGateway

@Suite("Verified, Status and Cancel", .timeLimit(.minutes(5))) struct MessageCallTests {
    let unknown = ID()

    @Test("tell an unknown message from a known one")
    @Loop func unknownMessage() async throws {
        let gateway = try Bench().gateway
        let reason = Reason.noSuchMessage.name
        await #expect { try await gateway.verified(SMS.Verified(message: unknown)) } throws: {
            ($0 as? Refusal)?.reason == reason
        }
        await #expect { try await gateway.cancel(SMS.Cancel(message: unknown)) } throws: {
            ($0 as? Refusal)?.reason == reason
        }
        #expect { try gateway.status(SMS.Status(message: unknown)) } throws: {
            ($0 as? Refusal)?.reason == reason
        }
    }

    @Test("Status tells provider, tries, why and when")
    @Loop func status() async throws {
        let bench = try Bench([ScriptedProvider("carrier") { _ in .permanent(reason: "It is a landline.") }])
        let id = try await bench.submit()
        #expect(
            try bench.status(id)
                == SMS.Status.Reply(message: id, state: .queued, attempts: 0, updated: bench.time.now))
        bench.time.advance(2)
        try await bench.deliver()
        #expect(
            try bench.status(id)
                == SMS.Status.Reply(
                    message: id, state: .failed, provider: "carrier", attempts: 1, error: "It is a landline.",
                    updated: bench.time.now))
    }

    @Test("Verified counts once")
    @Loop func verifiedTwice() async throws {
        let bench = try Bench(settings: #""limits": { "prefixPerHour": 2 }"#)
        let first = try await bench.submit(to: "+14155551001", purpose: .setUp)
        try await bench.submit(to: "+14155551002", purpose: .setUp)
        for _ in 0..<5 { _ = try await bench.gateway.verified(SMS.Verified(message: first)) }
        try await bench.submit(to: "+14155551003", purpose: .setUp)
        await #expect(throws: Refusal.self) { try await bench.submit(to: "+14155551004", purpose: .setUp) }
    }

    @Test("Cancel keeps a waiting message from being sent, and wipes it")
    @Loop func cancelQueued() async throws {
        let provider = ScriptedProvider()
        let bench = try Bench([provider])
        let id = try await bench.submit()
        #expect(try await bench.gateway.cancel(SMS.Cancel(message: id)).state == .cancelled)
        #expect(try await bench.gateway.cancel(SMS.Cancel(message: id)).state == .cancelled)
        try await bench.deliver()
        #expect(provider.taken.isEmpty)
        #expect(try bench.gateway.store.hasContent(id) == false)
    }

    @Test("Cancel does not hold back what is on its way, but keeps it from being tried again")
    @Loop func cancelSending() async throws {
        let gate = Gate()
        let provider = ScriptedProvider("a") { _ in
            await gate.pass()
            return .retry(after: nil, reason: "refused")
        }
        let bench = try Bench([provider])
        let id = try await bench.submit()
        await bench.gateway.courier.round()
        #expect(try await bench.gateway.cancel(SMS.Cancel(message: id)).state == .sending)
        gate.open()
        try await bench.until { try bench.state(id) == .cancelled }
        bench.time.advance(30)
        try await bench.deliver()
        #expect(provider.taken.count == 1)
    }

    @Test(
        "Cancel of what failed or is uncertain wipes it, so that no admin sends it again either",
        arguments: [
            Outcome.permanent(reason: "no"), .uncertain(reason: "timed out"),
        ])
    @Loop func cancelFailed(outcome: Outcome) async throws {
        for cancelsEarly in [false, true] {
            let gate = Gate()
            let bench = try Bench([
                ScriptedProvider("a") { _ in
                    await gate.pass()
                    return outcome
                }
            ])
            let id = try await bench.submit()
            await bench.gateway.courier.round()
            if cancelsEarly { _ = try await bench.gateway.cancel(SMS.Cancel(message: id)) }
            gate.open()
            try await bench.until { try bench.state(id) != .sending }
            let state = try bench.state(id)
            #expect(try await bench.gateway.cancel(SMS.Cancel(message: id)).state == state)
            #expect(try bench.gateway.store.hasContent(id) == false)
            await #expect {
                try await bench.gateway.retry(SMS.Retry(message: id))
            } throws: {
                ($0 as? Refusal)?.isFor(.notRetryable) == true
            }
        }
    }

    @Test("Cancel changes nothing that is over")
    @Loop func cancelSent() async throws {
        let bench = try Bench()
        let id = try await bench.submit()
        try await bench.deliver()
        #expect(try await bench.gateway.cancel(SMS.Cancel(message: id)).state == .sent)
    }
}
