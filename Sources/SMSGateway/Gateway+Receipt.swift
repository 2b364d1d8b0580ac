import ServiceKit
import Wire

/// What providers post to the web front end.
extension Gateway {
    /// Takes a webhook that is its provider's. The answer goes out once what it says is on disk, so that a provider whose
    /// webhook was not answered so may post it again.
    func receipt(_ request: SMS.Receipt) async throws -> Nothing {
        let webhook = Webhook(headers: request.headers, body: request.body, url: request.url)
        let route = courier.routes.first { $0.name == request.provider }
        let said: WebhookNews
        do throws(Forged) {
            // Whoever cannot sign learns nothing of which providers there are.
            guard let provider = route?.provider as? any WebhookProvider else { throw Forged() }
            said = try provider.read(webhook)
        } catch {
            webhooks.count(.forged)
            log.warning("webhook refused", ["provider": .text(request.provider)])
            throw Refusal(.badSignature)
        }
        switch said {
        case .receipt(let receipt): try await news.receipt(receipt)
        case .inbound(let text): try await news.inbound(text)
        case .nothing: break
        }
        webhooks.count(WebhookCounts.Result(said))
        return Nothing()
    }
}

/// What came by `sms.Receipt`, by what it was.
@Loop
final class WebhookCounts {
    enum Result: String, CaseIterable, Sendable {
        case receipt, inbound, nothing, forged

        init(_ news: WebhookNews) {
            self =
                switch news {
                case .receipt: .receipt
                case .inbound: .inbound
                case .nothing: .nothing
                }
        }
    }

    private(set) var counts: [Result: UInt64] = [:]

    func count(_ result: Result) { counts[result, default: 0] += 1 }
}
