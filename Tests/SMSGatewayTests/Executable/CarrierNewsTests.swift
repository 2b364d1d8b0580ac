import Testing
import Wire

@testable import SMSGateway

@Suite("The gateway's process, told by carriers", .serialized, .timeLimit(.minutes(5)))
struct CarrierNewsTests {
    @Test(
        "says what was delivered and why something was not, and sends nothing more to who texts STOP",
        arguments: SMSC.Kind.allCases)
    @Loop func smpp(kind: SMSC.Kind) async throws {
        let smsc = try await SMSC(kind)
        let gateway = try RealGateway()
        try gateway.configure([gateway.carrier(port: smsc.port)])
        try await gateway.start()
        func submit(_ number: String, key: String = "first") async throws -> ID {
            let request = SMS.Submit(
                key: "\(key) \(number)", to: number, code: "123456", expires: .now + 300, firm: Bench.firm,
                purpose: .verify)
            return try await gateway.client.call(request, within: 60_000).message
        }
        let arrives = try await submit("+14155551000")
        let fails = try await submit("+14155561005")
        let stops = try await submit("+14155571009")
        try await gateway.soon("the receipt of what arrived") {
            try await gateway.status(arrives).state == .delivered
        }
        try await gateway.soon("the receipt of what did not") {
            try await gateway.status(fails).state == .failed
        }
        #expect(
            try await gateway.status(fails).error
                == "It could not be delivered: The carrier could not deliver it, error 011.")
        // Two receipts and the text, each acknowledged once it was on disk.
        try await gateway.soon("the news to be kept") {
            try smsc.events("deliver_sm_resp").map(\.status) == [0, 0, 0]
        }
        #expect(try await gateway.status(stops).state == .sent)
        gateway.kill()
        try await gateway.start()
        let refusal = await #expect(throws: Refusal.self) {
            try await submit("+14155571009", key: "second")
        }
        #expect(refusal?.isFor(.blocked) == true)
        #expect(try smsc.submitted.count == 3)
    }

    @Test("says of what was on its way at a kill what Twilio's receipts say, and believes no others")
    @Loop func twilio() async throws {
        let server = try await Counterpart("twilio_api.py")
        try server.order("mute", "mute", "mute")
        let gateway = try RealGateway()
        try gateway.configure([gateway.twilio(server)])
        try await gateway.start()
        var messages: [ID] = []
        for number in 0..<3 {
            messages.append(try await gateway.client.call(gateway.request(number), within: 60_000).message)
        }
        try await gateway.soon("three messages at Twilio") { try server.accepted.count == 3 }
        gateway.kill()
        try await gateway.start()

        let news = [
            [("MessageStatus", "delivered")], [("MessageStatus", "undelivered"), ("ErrorCode", "30006")],
            [("MessageStatus", "delivered")],
        ]
        let posts = try zip(messages, news).map { message, fields in
            let callback = try server.accepted.compactMap { $0["StatusCallback"] }
                .first { $0.contains("/\(message)#") }
            let url = try #require(callback?.split(separator: "#").first)
            return Posted(url: String(url), form: [("MessageSid", "SM1")] + fields)
        }
        var signatures = try await Posted.signed(posts)
        // The last is signed as what it is not.
        signatures[2] = signatures[0]
        for (post, signature) in zip(posts, signatures) {
            let webhook = post.webhook(signature)
            let receipt = SMS.Receipt(
                provider: "twilio", headers: webhook.headers, body: webhook.body, url: webhook.url)
            _ = try? await gateway.client.call(receipt, within: 60_000)
        }
        var states: [SMS.MessageState] = []
        for message in messages { states.append(try await gateway.status(message).state) }
        #expect(states == [.delivered, .failed, .uncertain])
        let error = try await gateway.status(messages[1]).error
        #expect(error?.hasPrefix("It could not be delivered: ") == true, "\(error ?? "")")
        #expect(try server.requests.count == 3)
    }
}
