import Testing
import Wire

@testable import SMSGateway

@Suite("sms.Submit", .timeLimit(.minutes(5))) struct SubmitTests {
    /// The refusal that a call ends with.
    @Loop func refusal(_ call: @Loop () async throws -> some Any) async -> Refusal? {
        do {
            _ = try await call()
            return nil
        } catch {
            return error as? Refusal
        }
    }

    @Test("takes a code, and the message says what it should, to the number it should")
    @Loop func sends() async throws {
        let provider = ScriptedProvider()
        let bench = try Bench([provider])
        let reply = try await bench.gateway.submit(
            bench.request(to: "(415) 555-2671", brand: "Smith & Co.", domain: "app.example.com"))
        #expect(reply.state == .queued)
        #expect(!reply.duplicate)
        try await bench.deliver()
        #expect(try bench.state(reply.message) == .sent)
        let message = try #require(provider.taken.first)
        #expect(message.id == reply.message)
        #expect(message.to == "+14155552671")
        #expect(
            message.text
                == "Smith & Co. code: 123456. Expires in 5 min. Never share it.\n\n@app.example.com #123456")
        #expect(message.expires == bench.time.now + 300)
    }

    @Test("writes in the language that it is asked for; the same key in another one is the same message")
    @Loop func language() async throws {
        let provider = ScriptedProvider()
        let bench = try Bench([provider])
        let first = try await bench.gateway.submit(bench.request(key: "k", language: .es))
        #expect(
            try await bench.gateway.submit(bench.request(key: "k", language: .en)).message == first.message)
        try await bench.deliver()
        #expect(provider.taken.map(\.text) == ["ClientHub codigo: 123456. Vence en 5 min. No lo comparta."])
    }

    @Test("sends the same key once, however often and by however many it is submitted")
    @Loop func idempotent() async throws {
        let provider = ScriptedProvider()
        let bench = try Bench([provider])
        let request = bench.request(key: "k")
        let gateway = bench.gateway
        let tasks = (0..<32).map { _ in Task { @Loop in try await gateway.submit(request) } }
        var replies: [SMS.Submit.Reply] = []
        for task in tasks { replies.append(try await task.value) }
        #expect(Set(replies.map(\.message)).count == 1)
        #expect(replies.count { !$0.duplicate } == 1)
        try await bench.deliver()
        let again = try await gateway.submit(bench.request(key: "k", to: "415-555-2671"))
        #expect(again.duplicate)
        #expect(again.state == .sent)
        try await bench.deliver()
        #expect(provider.taken.count == 1)
    }

    @Test(
        "answers the same key as before when the code has ended, the number was blocked or the limits changed"
    )
    @Loop func stillDuplicate() async throws {
        let bench = try Bench()
        let request = bench.request(key: "k")
        let first = try await bench.gateway.submit(request)
        _ = try await bench.gateway.block(SMS.Block(prefix: "+1415"))
        bench.time.advance(301)
        bench.gateway.reload(
            try Bench.configuration(
                bench.scratch, settings: #""limits": { "countries": ["DE"], "numberPerDay": 0 }"#))
        #expect(try await bench.gateway.submit(request).message == first.message)
    }

    @Test(
        "refuses a key that was used for something else",
        arguments: [
            ("+14155552672", "123456", Purpose.verify), ("+14155552671", "123457", .verify),
            ("+14155552671", "123456", .stepUp),
        ])
    @Loop func keyReused(to: String, code: String, purpose: Purpose) async throws {
        let bench = try Bench()
        _ = try await bench.gateway.submit(bench.request(key: "k"))
        let refusal = await refusal {
            try await bench.gateway.submit(bench.request(key: "k", to: to, code: code, purpose: purpose))
        }
        #expect(refusal?.isFor(.keyReused) == true)
    }

    @Test(
        "refuses codes that would end before anybody could use them",
        arguments: [
            (-1, false), (0, false), (19, false), (20, true), (3_600, true),
        ])
    @Loop func expired(life: Int, isTaken: Bool) async throws {
        let bench = try Bench()
        let refusal = await refusal { try await bench.gateway.submit(bench.request(life: life)) }
        #expect((refusal == nil) == isTaken)
        if !isTaken { #expect(refusal?.isFor(.alreadyExpired) == true) }
    }

    @Test(
        "refuses numbers that no code is sent to, and says why",
        arguments: [
            ("", "has no digits"), ("+442079460018", "numbers of GB, only of CA, US"),
            ("+19005550123", "premium-rate"),
            ("+881612345678", "satellite"), ("+17875550123", "numbers of PR"),
        ])
    @Loop func badPhone(to: String, why: String) async throws {
        let bench = try Bench()
        let refusal = await refusal { try await bench.gateway.submit(bench.request(to: to)) }
        #expect(refusal?.isFor(.badPhone) == true)
        #expect(refusal?.field == "to")
        #expect(refusal?.message.contains(why) == true)
    }

    @Test("names the field that is wrong")
    @Loop func malformed() async throws {
        let bench = try Bench()
        let wrong: [(field: String, change: (inout SMS.Submit) -> Void)] = [
            ("key", { $0.key = "" }),
            ("key", { $0.key = String(repeating: "k", count: 129) }),
            ("code", { $0.code = "123" }),
            ("code", { $0.code = "12345678901" }),
            ("code", { $0.code = "12345a" }),
            ("code", { $0.code = "١٢٣٤٥٦" }),
            ("expires", { $0.expires = $0.expires + 3_301 }),
            ("domain", { $0.domain = "https://a.example" }),
            ("domain", { $0.domain = "" }),
            ("brand", { $0.brand = String(repeating: "b", count: 1_001) }),
        ]
        for (field, change) in wrong {
            var request = bench.request()
            change(&request)
            let changed = request
            let refusal = await refusal { try await bench.gateway.submit(changed) }
            #expect(refusal?.isFor(.malformed) == true, "\(field)")
            #expect(refusal?.field == field)
        }
    }

    @Test("keeps each limit, tells when to come back, and then takes codes again")
    @Loop func limits() async throws {
        let bench = try Bench()
        for _ in 0..<3 { try await bench.submit() }
        let third = await refusal { try await bench.submit() }
        #expect(third?.isFor(.tooManyCodes) == true)
        #expect(third?.message == "Too many codes were sent to this number.")
        let wait = try #require(third?.retryAfter)
        #expect((600...660).contains(wait))
        bench.time.advance(wait - 1)
        #expect(await refusal { try await bench.submit() } != nil)
        bench.time.advance(1)
        for _ in 0..<2 { try await bench.submit() }
        // Five in the hour.
        let fifth = await refusal { try await bench.submit() }
        #expect(try #require(fifth?.retryAfter) > 600)
        // Another number is another matter.
        try await bench.submit(to: testNumber(1))
    }

    @Test("keeps a limit of 3 when 64 codes come at once")
    @Loop func parallel() async throws {
        let bench = try Bench()
        let requests = (0..<64).map { _ in bench.request() }
        let gateway = bench.gateway
        let tasks = requests.map { request in Task { @Loop in try await gateway.submit(request) } }
        var taken = 0
        for task in tasks where (try? await task.value) != nil { taken += 1 }
        #expect(taken == 3)
        #expect(try gateway.store.tally()[.queued] == 3)
    }

    @Test("keeps its counters over a restart")
    @Loop func durableLimits() async throws {
        let bench = try Bench()
        for _ in 0..<3 { try await bench.submit() }
        try bench.killAndReopen()
        #expect(await refusal { try await bench.submit() }?.isFor(.tooManyCodes) == true)
    }

    @Test("does not let a stranger's claims use up the owner's codes")
    @Loop func stranger() async throws {
        let bench = try Bench(settings: #""limits": { "prefixPerHour": 1000 }"#)
        let owner = try await bench.submit()
        _ = try await bench.gateway.verified(SMS.Verified(message: owner))
        for _ in 0..<3 { try await bench.submit(purpose: .setUp) }
        #expect(await refusal { try await bench.submit(purpose: .setUp) }?.isFor(.tooManyCodes) == true)
        for _ in 0..<2 { try await bench.submit(purpose: .verify) }
    }

    @Test(
        "counts unused claims by prefix; a number proved once is not held up by them, nor are codes that were used counted"
    )
    @Loop func prefix() async throws {
        let bench = try Bench()
        let proved = try await bench.submit(to: "+14155550001", purpose: .verify)
        _ = try await bench.gateway.verified(SMS.Verified(message: proved))
        var claims: [ID] = []
        for last in 1_000..<1_005 {
            claims.append(try await bench.submit(to: "+1415555\(last)", purpose: .setUp))
        }
        let sixth = await refusal { try await bench.submit(to: "+14155559999", purpose: .setUp) }
        #expect(sixth?.message == "Too many codes were sent to numbers like this one.")
        try await bench.submit(to: "+14155550001", purpose: .setUp)
        // The re-enrolled one counts too, so two have to be used before another one is taken.
        for claim in claims.prefix(2) { _ = try await bench.gateway.verified(SMS.Verified(message: claim)) }
        try await bench.submit(to: "+14155559999", purpose: .setUp)
    }

    @Test("keeps a daily budget for a firm and for a country")
    @Loop func budgets() async throws {
        let bench = try Bench(settings: #""limits": { "firmPerDay": 4, "countryPerDay": 6 }"#)
        for index in 0..<4 { try await bench.submit(to: testNumber(index)) }
        let fifth = await refusal { try await bench.submit(to: testNumber(5)) }
        #expect(fifth?.message == "Too many codes were sent for this firm.")
        let other = ID()
        for index in 6..<8 {
            _ = try await bench.gateway.submit(bench.request(to: testNumber(index), firm: other))
        }
        let ninth = await refusal {
            try await bench.gateway.submit(bench.request(to: testNumber(9), firm: other))
        }
        #expect(ninth?.message == "Too many codes were sent to this country.")
        _ = try await bench.gateway.submit(bench.request(to: "+16045550123", firm: other))
    }

    @Test("takes changed limits without a restart")
    @Loop func reload() async throws {
        let bench = try Bench()
        for _ in 0..<3 { try await bench.submit() }
        bench.gateway.reload(
            try Bench.configuration(bench.scratch, settings: #""limits": { "numberPerTenMinutes": 4 }"#))
        try await bench.submit()
        #expect(await refusal { try await bench.submit() } != nil)
    }

    @Test("blocks a prefix for 12 hours whose codes are not used")
    @Loop func pumping() async throws {
        let bench = try Bench(settings: #""limits": { "prefixPerHour": 1000 }"#)
        for last in 1_000..<1_020 { try await bench.submit(to: "+1415555\(last)", purpose: .setUp) }
        bench.time.advance(240)
        let tripped = await refusal { try await bench.submit(to: "+14155552000", purpose: .setUp) }
        #expect(tripped?.isFor(.blocked) == true)
        #expect(tripped?.message == Reason.blocked.meaning, "it does not say more")
        bench.time.advance(11 * 3_600)
        #expect(
            await refusal { try await bench.submit(to: "+14155552000", purpose: .setUp) }?.isFor(.blocked)
                == true)
        // Owners of the prefix still get their codes, and so does everybody elsewhere.
        try await bench.submit(to: "+14155552000", purpose: .verify)
        try await bench.submit(to: "+14155562000", purpose: .setUp)
        let block = try #require(try bench.gateway.stats().blocks.first)
        #expect(block.prefix == "+1415555")
        bench.time.advance(3_600)
        try await bench.submit(to: "+14155552001", purpose: .setUp)
    }

    @Test("does not block a prefix whose codes are used")
    @Loop func noPumping() async throws {
        let bench = try Bench(settings: #""limits": { "prefixPerHour": 1000 }"#)
        for last in 1_000..<1_040 {
            let id = try await bench.submit(to: "+1415555\(last)", purpose: .setUp)
            if last % 5 == 0 { _ = try await bench.gateway.verified(SMS.Verified(message: id)) }
        }
        bench.time.advance(240)
        try await bench.submit(to: "+14155552000", purpose: .setUp)
    }

    @Test("refuses what the queue has no room for")
    @Loop func queueFull() async throws {
        let bench = try Bench(settings: #""queue": { "limit": 2 }"#)
        for index in 0..<2 { try await bench.submit(to: testNumber(index)) }
        let third = await refusal { try await bench.submit(to: testNumber(3)) }
        #expect(third?.isFor(.queueFull) == true)
        #expect(third?.retryAfter == 5)
        try await bench.deliver()
        try await bench.submit(to: testNumber(4))
    }

    @Test("refuses a code at once that would end while every provider is shut")
    @Loop func allShut() async throws {
        let provider = ScriptedProvider("a") { _ in .configuration(reason: "wrong password") }
        let bench = try Bench([provider])
        try await bench.submit(to: testNumber(1))
        try await bench.deliver()
        let short = await refusal { try await bench.submit(to: testNumber(2), life: 70) }
        #expect(short?.isFor(.queueFull) == true)
        #expect(short?.retryAfter == 60)
        try await bench.submit(to: testNumber(2), life: 300)
    }

    @Test("refuses a code at once that would end before those ahead of it are sent")
    @Loop func slowQueue() async throws {
        let bench = try Bench()
        for index in 0..<40 { try await bench.submit(to: testNumber(index), life: 3_600) }
        // Eight at a time, and 40 seconds for them.
        for _ in 0..<3 {
            await bench.gateway.courier.round()
            bench.time.advance(40)
            try await bench.until { bench.gateway.courier.inFlight == 0 }
        }
        let refusal = await refusal { try await bench.submit(to: testNumber(50), life: 60) }
        #expect(refusal?.isFor(.queueFull) == true)
        try await bench.submit(to: testNumber(50), life: 3_600)
    }

    @Test("on a full disk refuses, sends nothing that is not recorded, and works again once there is room")
    @Loop func diskFull() async throws {
        let provider = ScriptedProvider()
        let bench = try Bench([provider])
        try await bench.submit()
        try bench.gateway.store.limitPages(toCurrent: true)
        var refused: Refusal?
        // Some pages have room left; soon none has.
        for index in 0..<200 where refused == nil {
            do {
                _ = try await bench.gateway.submit(
                    bench.request(key: String(repeating: "k", count: 100) + "\(index)", to: testNumber(index))
                )
            } catch {
                refused = (error as? any Refusable)?.refusal
            }
        }
        #expect(refused?.isFor(.unavailable) == true)
        let accepted = try #require(try bench.gateway.store.tally()[.queued])
        try bench.gateway.store.limitPages(toCurrent: false)
        for _ in 0..<50 { try await bench.deliver() }
        #expect(provider.taken.count == accepted)
        #expect(try bench.gateway.store.tally()[.sent] == accepted)
    }
}
