import Cryptography
import Glibc
import ServiceKit
import Synchronization
import Testing
import Wire

@testable import SMSGateway

/// Remembers what it was told, or refuses it.
private final class Desk: Sendable {
    private let state = Mutex((receipts: [Receipt](), texts: [InboundText](), isBroken: false))

    var receipts: [Receipt] { state.withLock { $0.receipts } }
    var texts: [InboundText] { state.withLock { $0.texts } }
    func breakDown() { state.withLock { $0.isBroken = true } }

    var news: CarrierNews {
        CarrierNews(
            receipt: { receipt in
                try self.state.withLock {
                    guard !$0.isBroken else { throw Refusal(.unavailable) }
                    $0.receipts.append(receipt)
                }
            }, inbound: { text in self.state.withLock { $0.texts.append(text) } })
    }
}

@Suite("sms.Receipt", .timeLimit(.minutes(5))) struct ReceiptCallTests {
    let scratch: Scratch
    private let desk = Desk()
    let gateway: Gateway
    let server: Server

    /// A gateway with a Twilio and an outbox, which takes receipts from user 40000.
    @Loop init() throws {
        scratch = try Scratch()
        let text = """
            {
                socket: "\(scratch.file("sms.sock"))", database: "\(scratch.file("sms.db"))",
                key: "\(try scratch.write(SealingKeys.generate().file, to: "key"))",
                callers: [40001], admins: [40002], receipts: [40000],
                providers: [
                    {
                        name: "texts", kind: "twilio", account: "AC00000000000000000000000000000001",
                        from: "+14155550000", callback: "https://hub.example.com",
                        token: "\(try scratch.write("test-token", to: "token"))",
                    },
                    { name: "paper", kind: "outbox", directory: "\(scratch.file("outbox"))" },
                ],
            }
            """
        let configuration = try Settings.read(text: text) { settings throws(SettingError) in
            try SMSConfiguration(settings)
        }
        #expect(configuration.service.mayCall == [40000, 40001, 40002])
        gateway = try Gateway(
            configuration, log: log(to: scratch.file("log")), clock: Clock(), news: desk.news)
        server = Server(service: "sms", version: "1")
        gateway.register(on: server)
    }

    /// A webhook with these fields, as Twilio would sign it.
    func request(
        _ fields: [(name: String, value: String)], provider: String = "texts", path: String = "/texts"
    )
        -> SMS.Receipt
    {
        let url = "https://hub.example.com/receipts/twilio\(path)"
        let text = fields.sorted { $0.name < $1.name }.reduce(url) { $0 + $1.name + $1.value }
        let signature = Base64.encode(HMAC.sha1(key: Array("test-token".utf8), Array(text.utf8)))
        return SMS.Receipt(
            provider: provider, headers: ["X-TWILIO-SIGNATURE": signature], body: FormText.encode(fields),
            url: url)
    }

    func reason(_ request: SMS.Receipt) async -> String {
        do {
            _ = try await gateway.receipt(request)
            return "OK"
        } catch {
            return (error as? Refusal)?.reason ?? "\(error)"
        }
    }

    @Test("hands on a receipt, with the message's id from the URL, before it is answered")
    @Loop func receipt() async {
        let id = ID()
        #expect(
            await reason(
                request([("MessageStatus", "delivered"), ("MessageSid", "SM1")], path: "/texts/\(id)"))
                == "OK")
        #expect(
            desk.receipts == [
                Receipt(provider: "texts", message: id, providerID: "SM1", event: .receiptDelivered)
            ])
    }

    @Test("hands on a text that somebody sent")
    @Loop func inbound() async {
        #expect(await reason(request([("From", "+14155552671"), ("Body", "STOP")])) == "OK")
        #expect(desk.texts == [InboundText(provider: "texts", from: "+14155552671", text: "STOP")])
    }

    @Test("takes what tells nothing, so that Twilio does not post it again")
    @Loop func nothing() async {
        #expect(await reason(request([("MessageStatus", "new")])) == "OK")
        #expect(desk.receipts.isEmpty && desk.texts.isEmpty)
    }

    @Test("believes nobody who cannot sign, and tells nobody which providers there are")
    @Loop func forged() async {
        var forged = request([("MessageStatus", "delivered"), ("MessageSid", "SM1")])
        forged.body += "&x=1"
        #expect(await reason(forged) == "BAD_SIGNATURE")
        forged.headers = [:]
        #expect(await reason(forged) == "BAD_SIGNATURE")
        for provider in ["paper", "none", "Texts", ""] {
            #expect(await reason(request([("MessageStatus", "sent")], provider: provider)) == "BAD_SIGNATURE")
        }
        #expect(desk.receipts.isEmpty)
    }

    @Test("refuses a receipt that cannot be kept, so that Twilio posts it again")
    @Loop func broken() async {
        desk.breakDown()
        #expect(
            await reason(request([("MessageStatus", "delivered"), ("MessageSid", "SM1")])) == "UNAVAILABLE")
    }

    @Test("counts what comes, by what it was")
    @Loop func counted() async throws {
        _ = await reason(request([("MessageStatus", "sent"), ("MessageSid", "SM1")]))
        _ = await reason(request([("From", "+14155552671"), ("Body", "hello")]))
        _ = await reason(request([("MessageStatus", "new")]))
        _ = await reason(SMS.Receipt(provider: "texts", headers: [:], body: "", url: ""))
        let text = server.metrics.render()
        for result in ["receipt", "inbound", "nothing", "forged"] {
            #expect(text.contains("sms_webhooks_total{result=\"\(result)\"} 1\n"), "\(result)")
        }
    }
}

@Suite("Who may call sms.Receipt", .timeLimit(.minutes(5))) struct ReceiptCallerTests {
    /// Why this process's user is refused a call of a gateway with these settings.
    @Loop func reasons<each C: Call>(_ settings: String, _ calls: repeat each C) async throws -> [String] {
        let bench = try Bench(settings: settings)
        let server = Server(service: "sms", version: "1")
        bench.gateway.register(on: server)
        let client = Client(to: server)
        var reasons: [String] = []
        for call in repeat each calls {
            do {
                _ = try await client.call(call, within: 60_000)
                reasons.append("OK")
            } catch let refusal as Refusal {
                reasons.append(refusal.reason)
            }
        }
        return reasons
    }

    let receipt = SMS.Receipt(provider: "a", headers: [:], body: "", url: "")

    @Test("whoever passes on receipts does nothing else")
    @Loop func receiptsAlone() async throws {
        let reasons = try await reasons(
            #""callers": [4000000000], "admins": [4000000000], "receipts": [\#(getuid())]"#, receipt,
            SMS.Status(message: ID()), SMS.Cancel(message: ID()), SMS.Verified(message: ID()), SMS.Stats(),
            SMS.Submit(
                key: "a", to: "+14155552671", code: "123456", expires: .now + 300, firm: ID(),
                purpose: .verify))
        #expect(
            reasons == [
                "BAD_SIGNATURE", "NOT_A_CALLER", "NOT_A_CALLER", "NOT_A_CALLER", "NOT_AN_ADMIN",
                "NOT_A_CALLER",
            ])
    }

    @Test("nobody else passes on receipts")
    @Loop func nobodyElse() async throws {
        let reasons = try await reasons(
            #""callers": [\#(getuid())], "admins": [\#(getuid())], "receipts": [4000000000]"#, receipt,
            SMS.Status(message: ID()))
        #expect(reasons == ["NOT_A_CALLER", "NO_SUCH_MESSAGE"])
    }
}
