import ServiceKit
import Testing
import Wire

@testable import SMSGateway

/// A provider over a server that takes what Twilio takes.
@Loop
struct TwilioBench {
    let server: Counterpart
    let time = TestClock()
    static let account = "AC00000000000000000000000000000001"

    init() async throws { server = try await Counterpart("twilio_api.py") }

    /// The provider that a configuration makes; `settings` are further members.
    func twilio(_ settings: String = "from: '+14155550000'", token: String = "test-token") throws -> Twilio {
        let text = """
            {
                account: '\(Self.account)', token: '\(try server.scratch.write(token, to: "token"))',
                endpoint: '\(server.url)', caFile: '\(server.authorities)', connectTimeout: '20s', \(settings)
            }
            """
        let read = try Settings.read(text: text) { settings throws(SettingError) in
            try TwilioSettings(settings, name: "twilio")
        }
        return Twilio(name: "twilio", settings: read, clock: time.clock)
    }

    func message(life: Int = 300) -> OutboundMessage {
        OutboundMessage(
            id: ID(), to: "+14155552671", text: "Hub code: 123456. é\n\n@app.example.com #123456",
            expires: time.now + life)
    }
}

// One after the other: each has servers to wait for, and all tests share one loop.
@Suite("Twilio", .serialized, .timeLimit(.minutes(5))) struct TwilioTests {
    @Test("sends a message that Twilio's rules allow, and keeps its SID")
    @Loop func sends() async throws {
        let bench = try await TwilioBench()
        let message = bench.message()
        let outcome = try await bench.twilio().send(message)
        guard case .sent(let id?) = outcome else {
            Issue.record("it became \(outcome)")
            return
        }
        #expect(id.hasPrefix("SM"))
        #expect(
            try bench.server.accepted == [
                [
                    "To": "+14155552671", "From": "+14155550000", "Body": message.text,
                    "ValidityPeriod": "300",
                    "ContentRetention": "discard", "AddressRetention": "obfuscate", "SmartEncoded": "true",
                ]
            ])
    }

    @Test("asks for receipts at a URL that bears the message's id, and for more tries of them")
    @Loop func callback() async throws {
        let bench = try await TwilioBench()
        let message = bench.message()
        let twilio = try bench.twilio("from: '+14155550000', callback: 'https://hub.example.com/x/'")
        _ = await twilio.send(message)
        #expect(
            try bench.server.accepted.first?["StatusCallback"]
                == "https://hub.example.com/x/receipts/twilio/twilio/\(message.id)#rc=3&rp=all")
    }

    @Test("sends from a Messaging Service, and by an API key")
    @Loop func service() async throws {
        let bench = try await TwilioBench()
        let secret = try bench.server.scratch.write("test-secret\n", to: "secret")
        let twilio = try bench.twilio(
            """
            messagingService: 'MG000000000000000000000000000000ff', apiKey: 'SK00000000000000000000000000000001',
            apiSecret: '\(secret)'
            """)
        guard case .sent = await twilio.send(bench.message()) else {
            Issue.record("it was not sent")
            return
        }
        #expect(
            try bench.server.accepted.first?["MessagingServiceSid"] == "MG000000000000000000000000000000ff")
        #expect(try bench.server.accepted.first?["From"] == nil)
    }

    @Test(
        "lets Twilio keep a message for as long as its code lives, within Twilio's bounds",
        arguments: [(20, "20"), (3_600, "3600"), (90_000, "36000"), (-5, "1")])
    @Loop func validity(life: Int, seconds: String) async throws {
        let bench = try await TwilioBench()
        guard case .sent = try await bench.twilio().send(bench.message(life: life)) else {
            Issue.record("it was not sent")
            return
        }
        #expect(try bench.server.accepted.first?["ValidityPeriod"] == seconds)
    }

    @Test("says that its settings are wrong where Twilio does not know its secret")
    @Loop func wrongToken() async throws {
        let bench = try await TwilioBench()
        let outcome = try await bench.twilio(token: "another-token").send(bench.message())
        #expect(
            outcome
                == .configuration(
                    reason: "Twilio does not know the account or its secret. (Twilio's error 20003)"))
    }

    enum Kind: Sendable { case retry(Int?), otherRoute, permanent, configuration, uncertain }

    @Test(
        "knows what became of a message, whatever Twilio does",
        arguments: [
            ("refuse 429 20429", Kind.retry(nil)), ("refuse 429 20429 9", .retry(9)),
            ("status 429 3", .retry(3)),
            ("refuse 400 21211", .permanent), ("refuse 400 21610", .permanent),
            ("refuse 400 21611", .otherRoute),
            ("refuse 400 12345", .otherRoute), ("refuse 403 20003", .configuration),
            ("status 500", .uncertain), ("status 502", .uncertain), ("status 503 1", .uncertain),
            ("refuse 503 20429", .uncertain), ("redirect", .configuration), ("reset", .uncertain),
            ("close", .uncertain), ("half", .uncertain), ("garbage 201", .uncertain),
            ("long 70000", .uncertain),
        ])
    @Loop func misbehaves(order: String, kind: Kind) async throws {
        let bench = try await TwilioBench()
        try bench.server.order(order)
        let outcome = try await bench.twilio().send(bench.message())
        switch (kind, outcome) {
        case (.retry(let wanted), .retry(let after, _)): #expect(after == wanted)
        case (.otherRoute, .otherRoute), (.permanent, .permanent), (.configuration, .configuration),
            (.uncertain, .uncertain):
            break
        default: Issue.record("\(order) became \(outcome)")
        }
        #expect(try bench.server.requests.count == 1)
        for secret in ["2671", "123456", "test-token"] {
            #expect(outcome.reason?.contains(secret) == false, "\(outcome)")
        }
    }

    @Test("says that nothing was sent where Twilio is out of reach or cannot prove to be Twilio")
    @Loop func notSent() async throws {
        let bench = try await TwilioBench()
        let stranger = try await Counterpart("echo.py", name: "IP:127.0.0.1")
        _ = try bench.server.scratch.write(
            String(decoding: stranger.scratch.read("ca.pem"), as: UTF8.self), to: "ca.pem")
        guard case .configuration(let reason) = try await bench.twilio().send(bench.message()) else {
            Issue.record("a stranger's certificate was taken")
            return
        }
        #expect(reason.contains("certificate"), "\(reason)")
        try await bench.server.end()
        guard case .retry(after: nil, let cause) = try await bench.twilio().send(bench.message()) else {
            Issue.record("it may have been sent")
            return
        }
        #expect(cause.contains("connect"), "\(cause)")
        #expect(try bench.server.requests.isEmpty)
    }

    @Test("is uncertain of a message that Twilio takes and does not answer, and sends it once")
    @Loop func hangs() async throws {
        let server = try await Counterpart("twilio_api.py")
        try server.order("mute")
        let gateway = try Bench([], settings: "")
        let text = """
            {
                socket: "\(gateway.scratch.file("sms.sock"))", database: "\(gateway.scratch.file("second.db"))",
                key: "\(gateway.scratch.file("key"))", queue: { sendTimeout: "1s" },
                providers: [{
                    name: "twilio", kind: "twilio", account: "\(TwilioBench.account)", from: "+14155550000",
                    token: "\(try server.scratch.write("test-token", to: "token"))",
                    endpoint: "\(server.url)", caFile: "\(server.authorities)", connectTimeout: "20s",
                }],
            }
            """
        let configuration = try Settings.read(text: text) { settings throws(SettingError) in
            try SMSConfiguration(settings)
        }
        let second = try Gateway(configuration, log: log(to: gateway.scratch.file("log")), clock: Clock())
        second.courier.start()
        let request = SMS.Submit(
            key: "a", to: "+14155552671", code: "123456", expires: .now + 300, firm: Bench.firm,
            purpose: .verify)
        let message = try await second.submit(request).message
        let status = try await eventually("the message to be uncertain") {
            let status = try second.status(SMS.Status(message: message))
            return status.state == .uncertain ? status : nil
        }
        #expect(status.error == "The provider did not answer within 1 s.")
        #expect(status.attempts == 1)
        try await eventually("the message to be taken") { try server.accepted.first }
        #expect(try server.requests.count == 1)
        await second.stop()
    }

    @Test("gets each message once at most, and says so of each, wherever the gateway is killed")
    @Loop func killed() async throws {
        let twilio = try await TwilioBench()
        let callback = "from: '+14155550000', callback: 'https://hub.example.com'"
        let bench = try Bench(
            [twilio.twilio(callback)], settings: #""limits": { "prefixPerHour": 1000, "firmPerDay": 1000 }"#)
        var messages: [ID] = []
        for round in 0..<10 {
            for index in 0..<8 { messages.append(try await bench.submit(to: testNumber(round * 8 + index))) }
            await bench.gateway.courier.round()
            // At another point each time: before the first answer, between two, after the last one.
            let wanted = try twilio.server.requests.count + Int.random(in: 0...6)
            try await bench.until {
                try twilio.server.requests.count >= wanted || bench.gateway.courier.inFlight == 0
            }
            try bench.killAndReopen()
        }
        for _ in 0..<20 where try bench.gateway.store.tally()[.queued] != 0 { try await bench.deliver() }

        let taken = try twilio.server.accepted.compactMap { $0["StatusCallback"] }
        #expect(Set(taken).count == taken.count, "a message was sent twice")
        for message in messages {
            let state = try bench.state(message)
            let wasTaken = taken.contains { $0.contains("/\(message)#") }
            #expect(state == .uncertain || state == .sent && wasTaken, "\(state)")
        }
        #expect(try twilio.server.requests.count == taken.count)
    }

    @Test("is checked by rules that Twilio's own client keeps, and breaks")
    @Loop func peer() async throws {
        let server = try await Counterpart("twilio_api.py")
        func ask(_ parameters: String...) async throws -> String {
            let words = try Child.python(
                "Tests/Counterparts/twilio_client.py", "\(server.port)", server.authorities)
            return try await Child.run(words + ["to=+14155552671", "body=hello"] + parameters).filter {
                !$0.isNewline
            }
        }
        let callback = "status_callback=https://hub.example.com/receipts/twilio/a/1#rc=3&rp=all"
        #expect(
            try await ask(
                "from_=+14155550000", callback, "validity_period=300", "content_retention=discard",
                "address_retention=obfuscate"
            ).hasPrefix("SM"))
        #expect(try await ask() == "21603")
        #expect(try await ask("from_=+14155550000", "validity_period=36001") == "21600")
        #expect(try await ask("from_=+14155550000", "content_retention=perhaps") == "21600")
        #expect(try await ask("from_=+14155550000", "status_callback=https://a_b.example.com/") == "21609")
    }
}
