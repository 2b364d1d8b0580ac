import Glibc
import Testing
import Wire

@testable import SMSGateway

@Suite("What admins ask", .timeLimit(.minutes(5))) struct AdminTests {
    @Loop func reason(_ call: @Loop () async throws -> some Any) async -> String? {
        do {
            _ = try await call()
            return nil
        } catch {
            return (error as? Refusal)?.reason
        }
    }

    @Test("List gives messages newest first, masked, a page at a time")
    @Loop func list() async throws {
        let bench = try Bench()
        var ids: [ID] = []
        for index in 0..<7 {
            bench.time.advance(1)
            ids.append(try await bench.submit(to: testNumber(index)))
        }
        var found: [SMS.Entry] = []
        var cursor: String?
        var pages = 0
        repeat {
            let page = try bench.gateway.list(SMS.List(cursor: cursor, limit: 3))
            found += page.messages
            cursor = page.next
            pages += 1
        } while cursor != nil
        #expect(pages == 3)
        #expect(found.map(\.message) == ids.reversed())
        let newest = try #require(found.first)
        #expect(newest.to == "+1••••••••00")
        #expect(newest.firm == Bench.firm)
        #expect(newest.purpose == .verify)
        #expect(newest.created == bench.time.now)
        #expect(newest.expires == bench.time.now + 300)
    }

    @Test("List gives no cursor to a page that does not exist")
    @Loop func lastPage() async throws {
        let bench = try Bench()
        for index in 0..<3 { try await bench.submit(to: testNumber(index)) }
        #expect(try bench.gateway.list(SMS.List(limit: 3)).next == nil)
    }

    @Test("List filters by state and by firm")
    @Loop func filters() async throws {
        let bench = try Bench()
        let other = ID()
        let mine = try await bench.submit(to: testNumber(1))
        let theirs = try await bench.gateway.submit(bench.request(to: testNumber(2), firm: other)).message
        try await bench.deliver()
        bench.time.advance(1)
        let waiting = try await bench.gateway.submit(bench.request(to: testNumber(3), firm: other)).message
        func ids(_ state: SMS.MessageState?, _ firm: ID?) throws -> [ID] {
            try bench.gateway.list(SMS.List(state: state, firm: firm)).messages.map(\.message)
        }
        #expect(try ids(.queued, nil) == [waiting])
        #expect(try Set(ids(.sent, nil)) == [mine, theirs])
        #expect(try ids(nil, other) == [waiting, theirs])
        #expect(try ids(.sent, other) == [theirs])
        #expect(try ids(.failed, other) == [])
    }

    @Test(
        "List refuses limits and cursors that cannot be",
        arguments: [
            (0, nil), (201, nil), (-1, nil), (5, "x"), (5, ""),
        ] as [(Int, String?)])
    @Loop func badPages(limit: Int, cursor: String?) async throws {
        let bench = try Bench()
        #expect(
            await reason { try bench.gateway.list(SMS.List(cursor: cursor, limit: limit)) } == "MALFORMED")
    }

    @Test(
        "Retry sends a failed or uncertain message again, with the same text",
        arguments: [
            Outcome.permanent(reason: "no"), .uncertain(reason: "timed out"),
        ])
    @Loop func retry(outcome: Outcome) async throws {
        let provider = ScriptedProvider("a") { _ in outcome }
        let bench = try Bench([provider])
        let id = try await bench.submit()
        try await bench.deliver()
        provider.answer { _ in .sent(providerID: "x") }
        bench.time.advance(60)
        #expect(try await bench.gateway.retry(SMS.Retry(message: id)).state == .queued)
        try await bench.deliver()
        #expect(try bench.state(id) == .sent)
        #expect(provider.taken.map(\.text).count == 2)
        #expect(Set(provider.taken.map(\.text)).count == 1)
        #expect(try bench.status(id).attempts == 2)
    }

    @Test("Retry refuses what is not failed, what has ended, and what is not there")
    @Loop func notRetryable() async throws {
        let provider = ScriptedProvider()
        let bench = try Bench([provider])
        #expect(await reason { try await bench.gateway.retry(SMS.Retry(message: ID())) } == "NO_SUCH_MESSAGE")
        let sent = try await bench.submit(to: testNumber(1))
        #expect(await reason { try await bench.gateway.retry(SMS.Retry(message: sent)) } == "NOT_RETRYABLE")
        try await bench.deliver()
        #expect(await reason { try await bench.gateway.retry(SMS.Retry(message: sent)) } == "NOT_RETRYABLE")
        provider.answer { _ in .uncertain(reason: "timed out") }
        let lost = try await bench.submit(to: testNumber(2))
        try await bench.deliver()
        bench.time.advance(281)
        #expect(await reason { try await bench.gateway.retry(SMS.Retry(message: lost)) } == "ALREADY_EXPIRED")
        #expect(try bench.state(lost) == .uncertain)
    }

    @Test("Block refuses a number or a prefix until it is unblocked or the time is over")
    @Loop func block() async throws {
        let bench = try Bench()
        _ = try await bench.gateway.block(
            SMS.Block(prefix: "+1 (415) 555", reason: "fraud", until: bench.time.now + 60))
        _ = try await bench.gateway.block(SMS.Block(prefix: "+16045550123"))
        #expect(await reason { try await bench.submit(to: "+14155552671") } == "BLOCKED")
        #expect(await reason { try await bench.submit(to: "+16045550123") } == "BLOCKED")
        try await bench.submit(to: "+14155562671")
        try await bench.submit(to: "+16045550124")
        #expect(
            Set(try bench.gateway.stats().blocks) == [
                SMS.BlockEntry(prefix: "+1415555", reason: "fraud", until: bench.time.now + 60),
                SMS.BlockEntry(prefix: "+16045550123", reason: "Blocked by an admin."),
            ])
        bench.time.advance(60)
        try await bench.submit(to: "+14155552671")
        #expect(
            await reason { try await bench.gateway.unblock(SMS.Unblock(prefix: "+1415555")) } == "NOT_BLOCKED"
        )
        _ = try await bench.gateway.unblock(SMS.Unblock(prefix: "+16045550123"))
        try await bench.submit(to: "+16045550123")
    }

    @Test("Block holds back what waits in the queue already")
    @Loop func blockQueued() async throws {
        let provider = ScriptedProvider()
        let bench = try Bench([provider])
        let id = try await bench.submit()
        _ = try await bench.gateway.block(SMS.Block(prefix: "+1415"))
        try await bench.deliver()
        #expect(provider.taken.isEmpty)
        #expect(try bench.state(id) == .failed)
    }

    @Test(
        "Block takes + and 1 to 15 digits",
        arguments: [
            ("+1", nil), ("+123456789012345", nil), ("1415", "BAD_PHONE"), ("+", "BAD_PHONE"),
            ("+1234567890123456", "BAD_PHONE"),
            ("+0", "BAD_PHONE"), ("+14x", "BAD_PHONE"), ("", "BAD_PHONE"), ("+1٤", "BAD_PHONE"),
        ])
    @Loop func prefixes(prefix: String, refused: String?) async throws {
        let bench = try Bench()
        #expect(await reason { try await bench.gateway.block(SMS.Block(prefix: prefix)) } == refused)
        #expect(await reason { try await bench.gateway.unblock(SMS.Unblock(prefix: prefix)) } == refused)
    }

    @Test("Stats tells states, providers and what is oldest")
    @Loop func stats() async throws {
        let provider = ScriptedProvider("a") { _ in .permanent(reason: "no") }
        let bench = try Bench([provider, ScriptedProvider("b")])
        try await bench.submit(to: testNumber(1))
        try await bench.deliver()
        provider.answer { _ in .sent(providerID: nil) }
        try await bench.submit(to: testNumber(2))
        try await bench.deliver()
        let oldest = bench.time.now
        try await bench.submit(to: testNumber(3))
        bench.time.advance(5)
        try await bench.submit(to: testNumber(4))
        let stats = try bench.gateway.stats()
        #expect(
            stats.states == [
                "queued": 2, "sending": 0, "sent": 1, "delivered": 0, "failed": 1, "expired": 0,
                "cancelled": 0, "uncertain": 0,
            ])
        #expect(stats.oldestQueued == oldest)
        #expect(
            stats.providers == [
                SMS.Provider(name: "a", kind: "scripted", open: true, sent: 1, failed: 1),
                SMS.Provider(name: "b", kind: "scripted", open: true, sent: 0, failed: 0),
            ])
    }
}

@Suite("Over the wire", .timeLimit(.minutes(5))) struct WireTests {
    /// A server of the gateway, whose admins are the users given.
    @Loop func client(_ bench: Bench) -> Client {
        let server = Server(service: "sms", version: "test")
        bench.gateway.register(on: server)
        return Client(to: server)
    }

    @Test("a code goes all the way, and metrics and health tell of it")
    @Loop func story() async throws {
        let bench = try Bench(settings: #""admins": [\#(getuid())]"#)
        let client = client(bench)
        bench.gateway.started()
        let reply = try await client.call(bench.request(), within: 60_000)
        try await eventually("the code to be sent") {
            let status = try await client.call(SMS.Status(message: reply.message), within: 60_000)
            return status.state == .sent ? () : nil
        }
        _ = try await client.call(SMS.Verified(message: reply.message), within: 60_000)
        #expect(try await client.call(SMS.List(), within: 60_000).messages.map(\.message) == [reply.message])
        let metrics = try await client.call(Common.Metrics(), within: 60_000).text
        #expect(metrics.contains(#"sms_messages{state="sent"} 1"#))
        #expect(metrics.contains(#"sms_sent_total{provider="a"} 1"#))
        #expect(metrics.contains("sms_oldest_queued_seconds 0"))
        let health = try await client.call(Common.Health(), within: 60_000)
        #expect(health.status == .serving)
        for wrong in ["", "+900", "+442079460018"] {
            await #expect(throws: Refusal.self) {
                try await client.call(bench.request(to: wrong), within: 60_000)
            }
        }
        #expect(
            try await client.call(Common.Metrics(), within: 60_000).text.contains(
                #"sms_refused_total{reason="BAD_PHONE"} 3"#)
        )
        await bench.gateway.stop()
    }

    @Test("who is no admin is refused what only admins may, and told so")
    @Loop func notAnAdmin() async throws {
        let bench = try Bench(settings: #""admins": [4000000000]"#)
        let client = client(bench)
        func refused<C: Call>(_ call: C) async -> Bool {
            do {
                _ = try await client.call(call, within: 60_000)
                return false
            } catch {
                return (error as? Refusal)?.isFor(.notAnAdmin) == true
            }
        }
        #expect(await refused(SMS.List()))
        #expect(await refused(SMS.Retry(message: ID())))
        #expect(await refused(SMS.Block(prefix: "+1")))
        #expect(await refused(SMS.Unblock(prefix: "+1")))
        #expect(await refused(SMS.Stats()))
        #expect(await refused(SMS.Trace(message: ID())))
        #expect(await refused(SMS.Limits()))
        #expect(await refused(SMS.Top()))
        #expect(await refused(SMS.Test(provider: "a", to: "+14155552671")))
        _ = try await client.call(bench.request(), within: 60_000)
    }

    @Test("a refusal arrives with its reason, its field and when to come back")
    @Loop func refusal() async throws {
        let bench = try Bench(settings: #""limits": { "numberPerTenMinutes": 0 }"#)
        let client = client(bench)
        await #expect {
            try await client.call(bench.request(), within: 60_000)
        } throws: {
            ($0 as? Refusal)?.isFor(.tooManyCodes) == true && ($0 as? Refusal)?.retryAfter == 600
        }
    }
}
