import Testing
import Wire

@testable import SMSGateway

@Suite("What admins look into", .timeLimit(.minutes(5))) struct InspectTests {
    @Loop func reason(_ call: @Loop () async throws -> some Any) async -> String? {
        do {
            _ = try await call()
            return nil
        } catch {
            return (error as? Refusal)?.reason
        }
    }

    @Test("Trace tells all that is kept of a message, and its number only masked")
    @Loop func trace() async throws {
        let bench = try Bench([
            ScriptedProvider("a") { _ in .otherRoute(reason: "no route") },
            ScriptedProvider("b") { _ in .sent(providerID: "7") },
        ])
        let id = try await bench.submit()
        let accepted = bench.time.now
        #expect(try bench.gateway.trace(SMS.Trace(message: id)).due == accepted)
        for _ in 0..<2 { try await bench.deliver() }
        bench.time.advance(5)
        _ = try await bench.gateway.verified(SMS.Verified(message: id))
        #expect(
            try bench.gateway.trace(SMS.Trace(message: id))
                == SMS.Trace.Reply(
                    message: SMS.Entry(
                        message: id, to: "+1••••••••71", firm: Bench.firm, purpose: .verify, state: .sent,
                        provider: "b", attempts: 2, created: accepted, updated: accepted,
                        expires: accepted + 300),
                    country: "US", providerID: "7", ruledOut: ["a"], crashes: 0, resent: false, closed: false,
                    verified: bench.time.now))
        #expect(await reason { try bench.gateway.trace(SMS.Trace(message: ID())) } == "NO_SUCH_MESSAGE")
    }

    @Test("Limits tells those in force, also after a change")
    @Loop func limits() async throws {
        let bench = try Bench()
        let before = bench.gateway.currentLimits()
        #expect(before.numberPerHour == 5 && before.countries == ["CA", "US"] && before.pumping == "block")
        bench.gateway.reload(
            try Bench.configuration(
                bench.scratch, settings: #""limits": { "numberPerHour": 7, "pumping": "record" }"#))
        let after = bench.gateway.currentLimits()
        #expect(after.numberPerHour == 7 && after.pumping == "record" && after.queue == 10_000)
    }

    @Test("Top tells which prefixes, firms and countries codes went to and were not used")
    @Loop func top() async throws {
        let bench = try Bench()
        var used: [ID] = []
        for index in 0..<4 {
            used.append(try await bench.submit(to: "+1415555267\(index)", purpose: .setUp))
        }
        for id in used.prefix(2) { _ = try await bench.gateway.verified(SMS.Verified(message: id)) }
        try await bench.submit(to: "+16045550123", purpose: .setUp)
        try await bench.submit(to: "+16045550124")
        _ = try await bench.gateway.block(SMS.Block(prefix: "+1604555"))
        let top = try bench.gateway.top(SMS.Top())
        #expect(
            top.claimed == [
                SMS.Usage(name: "+1415555", sent: 4, verified: 2, blocked: false),
                SMS.Usage(name: "+1604555", sent: 1, verified: 0, blocked: true),
            ])
        #expect(top.proved == [SMS.Usage(name: "+1604555", sent: 1, verified: 0, blocked: true)])
        #expect(top.firms == [SMS.Usage(name: "\(Bench.firm)", sent: 6, verified: 0)])
        #expect(top.countries.map(\.name) == ["US", "CA"])
        #expect(try bench.gateway.top(SMS.Top(limit: 1)).claimed.count == 1)
        bench.time.advance(2 * 3_600)
        #expect(try bench.gateway.top(SMS.Top()).claimed.isEmpty)
        #expect(try bench.gateway.top(SMS.Top(hours: 24)).claimed.count == 2)
        for (hours, limit) in [(0, 1), (25, 1), (1, 0), (1, 101)] {
            #expect(
                await reason { try bench.gateway.top(SMS.Top(hours: hours, limit: limit)) } == "MALFORMED")
        }
        // With the counters goes what they are called.
        bench.time.advance(3 * 86_400)
        await bench.gateway.courier.round()
        #expect(
            try bench.gateway.store.sealedUnder(version: 1) == 2, "the key of the fingerprints, the block")
    }

    @Test("Test sends by the provider that it names and by no other, and keeps to the limits")
    @Loop func test() async throws {
        let first = ScriptedProvider("a")
        let second = ScriptedProvider("b") { _ in .otherRoute(reason: "no route") }
        let bench = try Bench([first, second], settings: #""limits": { "numberPerTenMinutes": 1 }"#)
        let reply = try await bench.gateway.test(SMS.Test(provider: "b", to: "(415) 555-2671"))
        #expect(reply.state == .queued)
        for _ in 0..<3 { try await bench.deliver() }
        #expect(first.taken.isEmpty)
        #expect(second.taken.map(\.to) == ["+14155552671"])
        #expect(second.taken.first?.text.contains(" code: ") == true)
        #expect(try bench.status(reply.message).error == "no route")
        let calls: [(provider: String, to: String, reason: String)] = [
            ("c", "+14155552672", "NO_SUCH_PROVIDER"), ("a", "+19005550123", "BAD_PHONE"),
            ("a", "+14155552671", "TOO_MANY_CODES"),
        ]
        for call in calls {
            let found = await reason {
                try await bench.gateway.test(SMS.Test(provider: call.provider, to: call.to))
            }
            #expect(found == call.reason)
        }
    }

    @Test("Test is taken though the queue is longer than its code's life: that waits for another provider")
    @Loop func testBesideQueue() async throws {
        let first = ScriptedProvider("a")
        let second = ScriptedProvider("b")
        let bench = try Bench([first, second])
        for index in 0..<200 { try await bench.submit(to: testNumber(index), life: 3_600) }
        // Eight at a time, and 40 seconds for them.
        for _ in 0..<3 {
            await bench.gateway.courier.round()
            bench.time.advance(40)
            try await bench.until { bench.gateway.courier.inFlight == 0 }
        }
        #expect(await reason { try await bench.submit(to: testNumber(200)) } == "QUEUE_FULL")
        let reply = try await bench.gateway.test(SMS.Test(provider: "b", to: testNumber(201)))
        try await bench.deliver()
        #expect(try bench.state(reply.message) == .sent)
        #expect(second.taken.map(\.id) == [reply.message])
    }

    @Test("a block of the guard that an admin takes back does not come back with the next code")
    @Loop func unblocked() async throws {
        let bench = try Bench(settings: #""limits": { "prefixPerHour": 1000 }"#)
        func submit(_ index: Int) async -> String? {
            await reason { try await bench.submit(to: "+1415555\(1_000 + index)", purpose: .setUp) }
        }
        for index in 0..<20 { #expect(await submit(index) == nil) }
        bench.time.advance(300)
        #expect(await submit(20) == "BLOCKED")
        _ = try await bench.gateway.unblock(SMS.Unblock(prefix: "+1415555"))
        for index in 20..<40 { #expect(await submit(index) == nil) }
        // What goes there from now on is judged anew.
        bench.time.advance(300)
        #expect(await submit(40) == "BLOCKED")
    }

    @Test(
        "the guard against pumping blocks, or says once what it would block, and real blocks hold all the same"
    )
    @Loop func record() async throws {
        for mode in PumpingGuard.Mode.allCases {
            let bench = try Bench(
                settings: #""limits": { "prefixPerHour": 1000, "pumping": "\#(mode.rawValue)" }"#)
            func submit(_ index: Int) async -> String? {
                await reason { try await bench.submit(to: "+1415555\(1_000 + index)", purpose: .setUp) }
            }
            for index in 0..<20 { #expect(await submit(index) == nil) }
            bench.time.advance(300)
            let expected = mode == .block ? "BLOCKED" : nil
            for index in 20..<25 { #expect(await submit(index) == expected) }
            let block = try #require(try bench.gateway.stats().blocks.first)
            #expect(block.prefix == "+1415555")
            #expect(block.recorded == (mode == .record ? true : nil))
            #expect(bench.gateway.refusals.pumping == 1)
            _ = try await bench.gateway.block(SMS.Block(prefix: "+1415555"))
            #expect(await submit(25) == "BLOCKED")
        }
    }
}
