import Glibc
import Testing
import Wire

@testable import SMSGateway

@Suite("Courier", .timeLimit(.minutes(5))) struct CourierTests {
    @Test(
        "ends every message in the state that its provider's answer means",
        arguments: [
            (Outcome.sent(providerID: "x"), SMS.MessageState.sent), (.permanent(reason: "no"), .failed),
            (.otherRoute(reason: "no"), .failed), (.configuration(reason: "no"), .failed),
            (.uncertain(reason: "?"), .uncertain),
            (.retry(after: nil, reason: "busy"), .queued),
        ])
    @Loop func outcomes(outcome: Outcome, state: SMS.MessageState) async throws {
        let bench = try Bench([ScriptedProvider("a") { _ in outcome }])
        let id = try await bench.submit()
        try await bench.deliver()
        #expect(try bench.state(id) == state)
    }

    @Test(
        "wipes number and code when a message leaves the queue, and of what may be sent again when its code ends",
        arguments: [
            (Outcome.sent(providerID: nil), false), (.permanent(reason: ""), true),
            (.uncertain(reason: ""), true),
            (.retry(after: nil, reason: ""), true),
        ])
    @Loop func wiped(outcome: Outcome, keeps: Bool) async throws {
        let bench = try Bench([ScriptedProvider("a") { _ in outcome }])
        let id = try await bench.submit()
        try await bench.deliver()
        #expect(try bench.gateway.store.hasContent(id) == keeps)
        bench.time.advance(281)
        try await bench.deliver()
        #expect(try bench.gateway.store.hasContent(id) == false)
    }

    @Test("tries again what was turned away, after a pause, until it works")
    @Loop func retries() async throws {
        let provider = ScriptedProvider("a") { _ in .retry(after: nil, reason: "refused") }
        let bench = try Bench([provider])
        let id = try await bench.submit()
        try await bench.deliver()
        #expect(try bench.status(id).error == "refused")
        bench.time.advance(1)
        try await bench.deliver()
        #expect(provider.taken.count == 2)
        provider.answer { _ in .sent(providerID: nil) }
        bench.time.advance(2)
        try await bench.deliver()
        #expect(try bench.state(id) == .sent)
        #expect(try bench.status(id).attempts == 3)
        #expect(try bench.status(id).error == nil)
    }

    @Test("waits as long as the provider asks, with everything that goes to it")
    @Loop func retryAfter() async throws {
        let provider = ScriptedProvider("a") { _ in .retry(after: 30, reason: "too many requests") }
        let bench = try Bench([provider])
        try await bench.submit(to: testNumber(1))
        try await bench.deliver()
        provider.answer { _ in .sent(providerID: nil) }
        let second = try await bench.submit(to: testNumber(2))
        bench.time.advance(29)
        try await bench.deliver()
        #expect(provider.taken.count == 1)
        bench.time.advance(2)
        try await bench.deliver()
        #expect(provider.taken.count == 3)
        #expect(try bench.state(second) == .sent)
    }

    @Test("never sends a code with less than 20 seconds of life, whatever held it up")
    @Loop func expiry() async throws {
        let provider = ScriptedProvider()
        let bench = try Bench([provider])
        let late = try await bench.submit(to: testNumber(1), life: 60)
        let timely = try await bench.submit(to: testNumber(2), life: 61)
        bench.time.advance(41)
        try await bench.deliver()
        #expect(try bench.state(late) == .expired)
        #expect(try bench.status(late).error == "It was not sent before its code ended.")
        #expect(try bench.gateway.store.hasContent(late) == false)
        #expect(try bench.state(timely) == .sent)
        #expect(provider.taken.map(\.id) == [timely])
    }

    @Test("offers what one provider turns away to the next, and never again to the one that ruled it out")
    @Loop func failover() async throws {
        let first = ScriptedProvider("a") { _ in .otherRoute(reason: "no route") }
        let second = ScriptedProvider("b") { _ in .retry(after: nil, reason: "refused") }
        let bench = try Bench([first, second])
        let id = try await bench.submit()
        try await bench.deliver()
        #expect(second.taken.isEmpty, "it is taken up in the next round")
        try await bench.deliver()
        #expect(second.taken.map(\.id) == [id])
        second.answer { _ in .sent(providerID: nil) }
        bench.time.advance(16)
        try await bench.deliver()
        #expect(try bench.state(id) == .sent)
        #expect(first.taken.count == 1)
        #expect(try bench.status(id).provider == "b")
    }

    @Test("does not offer to another provider what one may have taken")
    @Loop func noFailoverOfUncertain() async throws {
        let second = ScriptedProvider("b")
        let bench = try Bench([
            ScriptedProvider("a") { _ in .uncertain(reason: "reset after writing") }, second,
        ])
        let id = try await bench.submit()
        for _ in 0..<5 {
            try await bench.deliver()
            bench.time.advance(60)
        }
        #expect(second.taken.isEmpty)
        #expect(try bench.state(id) == .uncertain)
    }

    @Test("sends what one may have taken once more by the next, where that is set, and never a third time")
    @Loop func resendOnce() async throws {
        let first = ScriptedProvider("a") { _ in .uncertain(reason: "reset after writing") }
        let second = ScriptedProvider("b") { _ in .uncertain(reason: "timed out") }
        let bench = try Bench([first, second], providerSettings: #""onUncertain": "resendOnce""#)
        let id = try await bench.submit()
        for _ in 0..<5 {
            try await bench.deliver()
            bench.time.advance(1)
        }
        #expect(first.taken.count == 1)
        #expect(second.taken.count == 1)
        #expect(first.taken.map(\.text) == second.taken.map(\.text), "the same text twice is one code")
        #expect(try bench.state(id) == .uncertain)
        #expect(try bench.status(id).attempts == 2)
        #expect(try bench.status(id).error == "timed out")
    }

    @Test("does not send once more what was answered, late, in the meantime")
    @Loop func resendOvertaken() async throws {
        let gate = Gate()
        let provider = ScriptedProvider("a") { _ in
            await gate.pass()
            return .sent(providerID: nil)
        }
        let bench = try Bench(
            [provider], settings: #""queue": { "sendTimeout": "10s" }"#,
            providerSettings: #""onUncertain": "resendOnce""#)
        for index in 0..<5 { try await bench.submit(to: testNumber(index)) }
        await bench.gateway.courier.round()
        try await bench.until { provider.taken.count == 5 }
        // Five time-outs shut the provider, so that all of them wait for their second sending.
        bench.time.advance(10)
        await bench.gateway.courier.round()
        #expect(try bench.gateway.store.tally()[.queued] == 5)
        gate.open()
        try await bench.until { try bench.gateway.store.tally()[.sent] == 5 }
        bench.time.advance(60)
        try await bench.deliver()
        #expect(provider.taken.count == 5)
    }

    @Test("never sends once more by itself what was on its way in a crash")
    @Loop func noResendAfterCrash() async throws {
        let gate = Gate()
        let provider = ScriptedProvider("a") { _ in
            await gate.pass()
            return .uncertain(reason: "timed out")
        }
        let bench = try Bench([provider], providerSettings: #""onUncertain": "resendOnce""#)
        let id = try await bench.submit(life: 600)
        await bench.gateway.courier.round()
        try await bench.until { provider.taken.count == 1 }
        try bench.killAndReopen()
        gate.open()
        for _ in 0..<3 { try await bench.deliver() }
        #expect(try bench.state(id) == .uncertain)
        // An admin's retry ends the same way: it has been on its way in a crash.
        _ = try await bench.gateway.retry(SMS.Retry(message: id))
        for _ in 0..<3 { try await bench.deliver() }
        #expect(provider.taken.count == 2)
        #expect(try bench.state(id) == .uncertain)
    }

    @Test("sends the messages of one number one after the other, and those of others at the same time")
    @Loop func serialPerNumber() async throws {
        let gate = Gate()
        let provider = ScriptedProvider("a") { _ in
            await gate.pass()
            return .sent(providerID: nil)
        }
        let bench = try Bench(
            [provider],
            settings: #""limits": { "numberPerTenMinutes": 100, "numberPerHour": 100, "numberPerDay": 100 }"#)
        var ids: [ID] = []
        for _ in 0..<5 {
            ids.append(try await bench.submit(to: testNumber(1)))
            bench.time.advance(milliseconds: 1)
        }
        try await bench.submit(to: testNumber(2))
        try await bench.submit(to: testNumber(3))
        for _ in 0..<3 { await bench.gateway.courier.round() }
        try await bench.until { provider.taken.count == 3 }
        gate.open()
        for _ in 0..<6 { try await bench.deliver() }
        #expect(!provider.overlapped)
        #expect(provider.taken.filter { $0.to == testNumber(1) }.map(\.id) == ids)
        #expect(try bench.gateway.store.tally()[.sent] == 7)
    }

    @Test("has no more on their way to a provider than its setting allows")
    @Loop func boundedInFlight() async throws {
        let gate = Gate()
        let provider = ScriptedProvider("a") { _ in
            await gate.pass()
            return .sent(providerID: nil)
        }
        let bench = try Bench([provider])
        for index in 0..<50 { try await bench.submit(to: testNumber(index)) }
        for _ in 0..<5 { await bench.gateway.courier.round() }
        #expect(bench.gateway.courier.inFlight == 8)
        #expect(try bench.gateway.store.tally()[.sending] == 8)
        try await bench.until { provider.taken.count == 8 }
        gate.open()
        for _ in 0..<10 { try await bench.deliver() }
        #expect(try bench.gateway.store.tally()[.sent] == 50)
        #expect(provider.busiest == 8)
    }

    @Test("is not held up by a provider that never answers: that message becomes uncertain")
    @Loop func timeout() async throws {
        let gate = Gate()
        let provider = ScriptedProvider("a") { message in
            if message.to == testNumber(1) { await gate.pass() }
            return .sent(providerID: nil)
        }
        let bench = try Bench([provider], settings: #""queue": { "sendTimeout": "10s" }"#)
        let stuck = try await bench.submit(to: testNumber(1))
        let other = try await bench.submit(to: testNumber(2))
        await bench.gateway.courier.round()
        try await bench.until { try bench.state(other) == .sent }
        bench.time.advance(9)
        await bench.gateway.courier.round()
        #expect(try bench.state(stuck) == .sending)
        bench.time.advance(1)
        await bench.gateway.courier.round()
        #expect(try bench.state(stuck) == .uncertain)
        #expect(try bench.status(stuck).error == "The provider did not answer within 10 s.")
        // The answer comes after all, and counts.
        gate.open()
        try await bench.until { try bench.state(stuck) == .sent }
        #expect(provider.taken.count == 2)
    }

    @Test("does not take a late answer for that of a later attempt")
    @Loop func lateAnswer() async throws {
        let first = Gate()
        let second = Gate()
        let provider = ScriptedProvider("a") { _ in
            await first.pass()
            return .sent(providerID: "first")
        }
        let bench = try Bench([provider])
        let id = try await bench.submit()
        await bench.gateway.courier.round()
        try await bench.until { provider.taken.count == 1 }
        bench.time.advance(30)
        await bench.gateway.courier.round()
        provider.answer { _ in
            await second.pass()
            return .permanent(reason: "no")
        }
        _ = try await bench.gateway.retry(SMS.Retry(message: id))
        await bench.gateway.courier.round()
        first.open()
        for _ in 0..<20 { await Loop.pause(milliseconds: 1) }
        #expect(try bench.state(id) == .sending)
        second.open()
        try await bench.until { try bench.state(id) == .failed }
    }

    @Test("holds messages back from a provider that fails, probes it with one, and goes on when it works")
    @Loop func breaker() async throws {
        let provider = ScriptedProvider("a") { _ in .retry(after: nil, reason: "refused") }
        let bench = try Bench([provider])
        for index in 0..<5 { try await bench.submit(to: testNumber(index)) }
        try await bench.deliver()
        #expect(provider.taken.count == 5)
        #expect(try bench.gateway.stats().providers.map(\.open) == [false])
        try await bench.submit(to: testNumber(5))
        bench.time.advance(4)
        try await bench.deliver()
        #expect(provider.taken.count == 5)
        let gate = Gate()
        provider.answer { _ in
            await gate.pass()
            return .sent(providerID: nil)
        }
        bench.time.advance(2)
        for _ in 0..<3 { await bench.gateway.courier.round() }
        try await bench.until { provider.taken.count == 6 }
        #expect(bench.gateway.courier.inFlight == 1, "one probe")
        gate.open()
        for _ in 0..<5 {
            bench.time.advance(2)
            try await bench.deliver()
        }
        #expect(try bench.gateway.store.tally()[.sent] == 6)
        #expect(try bench.gateway.stats().providers.map(\.open) == [true])
    }

    @Test("goes round a provider that fails, without touching what it may have taken")
    @Loop func breakerFailover() async throws {
        let first = ScriptedProvider("a") { _ in .uncertain(reason: "timed out") }
        let second = ScriptedProvider("b")
        let bench = try Bench([first, second])
        for index in 0..<12 {
            try await bench.submit(to: testNumber(index))
            try await bench.deliver()
        }
        #expect(first.taken.count == 5)
        #expect(second.taken.count == 7)
        #expect(try bench.gateway.store.tally()[.uncertain] == 5)
        #expect(try bench.gateway.store.tally()[.sent] == 7)
    }

    @Test("is not held up by messages that only a provider that is shut could take")
    @Loop func shutDoesNotBlock() async throws {
        let first = ScriptedProvider("a") { _ in .otherRoute(reason: "not here") }
        let second = ScriptedProvider("b") { _ in .configuration(reason: "wrong password") }
        let bench = try Bench([first, second])
        try await bench.submit(to: testNumber(0))
        for _ in 0..<2 { try await bench.deliver() }
        // b is shut for a minute now, and these wait for it.
        for index in 1..<20 { try await bench.submit(to: testNumber(index)) }
        for _ in 0..<4 { try await bench.deliver() }
        #expect(try bench.gateway.store.tally()[.queued] == 19)
        first.answer { _ in .sent(providerID: nil) }
        let free = try await bench.submit(to: testNumber(30))
        try await bench.deliver()
        #expect(try bench.state(free) == .sent)
    }

    @Test("gives up a message that it cannot read, after the second time, and goes on with the others")
    @Loop func poison() async throws {
        let bench = try Bench()
        let bad = try await bench.submit(to: testNumber(1))
        let good = try await bench.submit(to: testNumber(2))
        try bench.gateway.store.damage(bad)
        await bench.gateway.courier.round()
        try await bench.until { try bench.state(good) == .sent }
        #expect(try bench.state(bad) == .queued)
        bench.time.advance(2)
        await bench.gateway.courier.round()
        #expect(try bench.state(bad) == .failed)
        #expect(try bench.status(bad).error == "The gateway cannot read the message.")
    }

    @Test("makes due at once what a clock that was set back would hold up")
    @Loop func clockSetBack() async throws {
        let provider = ScriptedProvider("a") { _ in .retry(after: nil, reason: "refused") }
        let bench = try Bench([provider])
        let id = try await bench.submit(life: 600)
        try await bench.deliver()
        provider.answer { _ in .sent(providerID: nil) }
        bench.time.setBack(1_800)
        bench.time.advance(1)
        try await bench.deliver()
        #expect(try bench.state(id) == .sent)
    }

    @Test(
        "keeps outcomes that a full disk does not take, sends nothing meanwhile, and writes them when there is room",
        .enabled(if: getuid() == 0, "only root can mount a small disk"))
    @Loop func unwritten() async throws {
        let disk = try await SmallDisk()
        let gate = Gate()
        let provider = ScriptedProvider("a") { _ in
            await gate.pass()
            return .sent(providerID: nil)
        }
        let bench = try Bench([provider], scratch: disk.scratch)
        let first = try await bench.submit(to: testNumber(1))
        await bench.gateway.courier.round()
        let second = try await bench.submit(to: testNumber(2))
        try await bench.until { provider.taken.count == 1 }
        // The write-ahead log is emptied in a pause, which would make room again.
        try await bench.until { bench.scratch.read("sms.db-wal").isEmpty }
        disk.fill()
        gate.open()
        try await bench.until { bench.gateway.courier.inFlight == 0 }
        for _ in 0..<3 { await bench.gateway.courier.round() }
        #expect(try bench.state(first) == .sending)
        #expect(provider.taken.count == 1)
        disk.makeRoom()
        bench.gateway.courier.start()
        try await bench.until {
            try bench.state(first) == .sent && bench.state(second) == .sent
        }
        #expect(provider.taken.count == 2)
    }

    @Test("is not held up by an outcome that the database will never take")
    @Loop func unwritable() async throws {
        let provider = ScriptedProvider()
        let bench = try Bench([provider])
        let id = try await bench.submit(to: testNumber(1))
        try bench.gateway.store.forbidSent(true)
        await bench.gateway.courier.round()
        try await bench.until { provider.taken.count == 1 && bench.gateway.courier.inFlight == 0 }
        await bench.gateway.courier.round()
        #expect(try bench.state(id) == .sending)
        try bench.gateway.store.forbidSent(false)
        let next = try await bench.submit(to: testNumber(2))
        await bench.gateway.courier.round()
        try await bench.until { try bench.state(next) == .sent }
        try bench.killAndReopen()
        #expect(try bench.state(id) == .uncertain)
    }

    @Test("deletes messages after their retention, and nothing that is in the queue")
    @Loop func purge() async throws {
        let provider = ScriptedProvider()
        let bench = try Bench([provider], settings: #""queue": { "retention": "1d" }"#)
        let old = try await bench.submit(to: testNumber(1))
        try await bench.deliver()
        bench.time.advance(86_400)
        let young = try await bench.submit(to: testNumber(2))
        await bench.gateway.courier.round()
        try await bench.until { try bench.state(young) == .sent }
        #expect(try bench.state(old) == .sent, "a day old, not older")
        bench.time.advance(3_600)
        await bench.gateway.courier.round()
        #expect(throws: Refusal.self) { try bench.state(old) }
        #expect(try bench.gateway.store.tally()[.sent] == 1)
        #expect(try bench.state(young) == .sent)
        // Its key is free again, and its counters are kept by themselves.
        #expect(try bench.gateway.store.countRows() > 0)
        bench.time.advance(3 * 86_400)
        await bench.gateway.courier.round()
        #expect(try bench.gateway.store.countRows() == 0)
    }

    @Test("waits for what is on its way when it stops, for a while, and then calls it uncertain")
    @Loop func stop() async throws {
        let gate = Gate()
        let provider = ScriptedProvider("a") { message in
            if message.to == testNumber(1) { await gate.pass() }
            return .sent(providerID: nil)
        }
        let bench = try Bench([provider])
        let stuck = try await bench.submit(to: testNumber(1))
        let quick = try await bench.submit(to: testNumber(2))
        await bench.gateway.courier.round()
        await bench.gateway.courier.stop(within: 0)
        #expect(try bench.state(stuck) == .uncertain)
        #expect(try bench.state(quick) != .queued)
        let after = try await bench.submit(to: testNumber(3))
        await bench.gateway.courier.round()
        #expect(try bench.state(after) == .queued)
        gate.open()
    }

    @Test("keeps providers' words, without what they repeat of the message")
    @Loop func redacted() async throws {
        let bench = try Bench([
            ScriptedProvider("a") { message in
                .permanent(reason: "To \(message.to) failed: \(message.text) (21614)")
            }
        ])
        let id = try await bench.submit()
        try await bench.deliver()
        let error = try #require(try bench.status(id).error)
        #expect(error.contains("21614"))
        #expect(!error.contains("4155552671"))
        #expect(!error.contains("123456"))
    }
}
