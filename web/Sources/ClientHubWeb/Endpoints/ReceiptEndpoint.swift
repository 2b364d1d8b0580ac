import HTTPTypes
import Hummingbird
import NIOCore
import Wire

/// `/receipts/twilio…`: where Twilio posts what became of a message. It is handed on as it came to SMSGateway, which checks
/// the signature: what is posted here is believed by nobody before that. Twilio has no session, and its body is no form of
/// ours, so it is for programs.
enum ReceiptEndpoint {
    static let routes: [Route] = [
        .post("/receipts/twilio/{provider}/{message}", for: .machine, take),
        .post("/receipts/twilio/{provider}", for: .machine, take),
        .post("/receipts/twilio", for: .machine, take),
    ]

    /// How long SMSGateway has: Twilio waits for 15 seconds.
    private static let milliseconds = 10_000

    /// 204 once the receipt is on disk. That the gateway is out of reach is ``Site``'s to answer, with 503, after which Twilio
    /// tries again.
    @Sendable static func take(_ visit: Visit) async throws -> Answer {
        guard let sms = visit.site.services.sms else {
            return Answer(.notFound, "No receipts are taken here.\n")
        }
        let body = String(buffer: try await visit.site.body(of: visit))
        let receipt = SMS.Receipt(
            // Where the address names none, the provider is called what it is.
            provider: visit.parameters.get("provider") ?? "twilio", headers: headers(of: visit), body: body,
            // Signed is the address that Twilio knows, whatever the proxy has made of it.
            url: visit.site.configuration.origin.text + (visit.request.head.path ?? ""))
        do {
            _ = try await sms.call(receipt, within: milliseconds)
        } catch let refusal as Refusal where !refusal.isOutage {
            return try answer(to: refusal)
        }
        return Answer(.noContent)
    }

    /// Those that matter to a signature, by name.
    private static func headers(of visit: Visit) -> [String: String] {
        let names = visit.request.headers.map(\.name).filter { name in
            let text = name.canonicalName
            return text.hasPrefix("x-twilio-") || text == "content-type"
                || text == "i-twilio-idempotency-token"
        }
        return Dictionary(
            names.map { ($0.rawName, visit.request.headers[$0] ?? "") },
            uniquingKeysWith: { first, _ in first })
    }

    /// What is wrong with the receipt. Twilio does not send such a one again.
    private static func answer(to refusal: Refusal) throws -> Answer {
        switch refusal {
        case _ where refusal.isFor(.badSignature): Answer(.forbidden, refusal.message + "\n")
        case _ where refusal.isFor(.tooLarge): Answer(.contentTooLarge, refusal.message + "\n")
        case _ where refusal.status == .notFound: Answer(.notFound, refusal.message + "\n")
        case _ where refusal.status == .invalidArgument: Answer(.badRequest, refusal.message + "\n")
        default: throw refusal
        }
    }
}
