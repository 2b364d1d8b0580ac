import HTTPTypes
import Testing
import Wire

@testable import ClientHubWeb

@Suite("Delivery receipts", .timeLimit(.minutes(5)))
struct ReceiptTests {
    @Loop static func gateway(_ refusal: Refusal? = nil) -> AnsweringService<SMS.Receipt> {
        AnsweringService(SMS.Receipt.self) { _ in
            if let refusal { throw refusal }
            return Nothing()
        }
    }

    static let body = "MessageSid=SM1&MessageStatus=delivered&To=%2B14155552671"

    @Test(
        "a receipt is handed on as it came, with the address that the provider knows",
        arguments: [
            ("/receipts/twilio", "twilio"), ("/receipts/twilio/backup", "backup"),
            ("/receipts/twilio/backup/0193?bodySHA256=ab%20c", "backup"),
        ])
    func handsOn(path: String, provider: String) async throws {
        let gateway = await Self.gateway()
        let program = try await AskingProgram(sms: gateway.client)
        let answer = try await program.send(
            .post, path,
            [
                ("X-Twilio-Signature", "c2lnbmVk"), ("I-Twilio-Idempotency-Token", "once"),
                ("X-Twilio-Webhooks-Signature-Settings", "key=k"),
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Cookie", "__Host-session=secret"), ("X-Forwarded-For", "203.0.113.9"),
                ("Host", "127.0.0.1"),
            ], body: Self.body)
        #expect(answer.status == .noContent)
        #expect(answer["Set-Cookie"] == nil)
        let receipt = try #require(await gateway.calls.first)
        #expect(receipt.provider == provider)
        #expect(receipt.body == Self.body)
        #expect(receipt.url == "https://hub.example.com" + path)
        #expect(
            receipt.headers == [
                "X-Twilio-Signature": "c2lnbmVk", "I-Twilio-Idempotency-Token": "once",
                "X-Twilio-Webhooks-Signature-Settings": "key=k",
                "Content-Type": "application/x-www-form-urlencoded",
            ])
    }

    @Test(
        "a receipt that is not taken is answered with why",
        arguments: [
            (Refusal(.badSignature), 403), (Refusal(.tooLarge), 413), (Refusal(.noSuchMessage), 404),
            (Refusal(.malformed), 400), (Refusal(.unavailable), 503), (Refusal(.overloaded), 503),
            (Refusal(.internalError), 500),
        ])
    func refuses(refusal: Refusal, status: Int) async throws {
        let program = try AskingProgram(sms: await Self.gateway(refusal).client)
        #expect(try await program.send(.post, "/receipts/twilio", body: Self.body).status.code == status)
    }

    @Test("while the gateway is out of reach the provider is asked to try again")
    func outage() async throws {
        let answer = try await AskingProgram(sms: AskingProgram.nobody).send(
            .post, "/receipts/twilio", body: Self.body)
        #expect(answer.status == .serviceUnavailable)
        #expect(answer["Retry-After"] != nil)
    }

    @Test("without a gateway no receipts are taken")
    func notConfigured() async throws {
        #expect(
            try await AskingProgram().send(.post, "/receipts/twilio", body: Self.body).status == .notFound)
    }

    @Test("a receipt over the limit is not read")
    func tooLong() async throws {
        let gateway = await Self.gateway()
        let program = try await AskingProgram(
            sms: gateway.client,
            settings:
                #"{ "origin": "https://h.example", "auth": "/nowhere/auth.sock", "limits": { "bodyBytes": 4096 } }"#
        )
        let answer = try await program.send(
            .post, "/receipts/twilio", body: String(repeating: "x", count: 4_097))
        #expect(answer.status == .contentTooLarge)
        #expect(await gateway.calls.isEmpty)
    }
}
