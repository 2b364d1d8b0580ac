/// What somebody posted to the web front end, in the name of a provider.
struct Webhook: Sendable {
    /// By their names in small letters.
    let headers: [String: String]
    let body: String
    /// The whole URL, as whoever posted it sees it.
    let url: String

    init(headers: [String: String], body: String, url: String) {
        self.headers = Dictionary(
            headers.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
        self.body = body
        self.url = url
    }
}

/// What a webhook says.
enum WebhookNews: Sendable, Equatable {
    case receipt(Receipt)
    case inbound(InboundText)
    /// Nothing that the gateway has a use for.
    case nothing
}

/// It does not bear the provider's signature; nothing in it is to be believed.
struct Forged: Error, Equatable {}

/// A provider that posts what it has to tell to the web front end.
protocol WebhookProvider: Provider {
    /// Checks that a webhook is the provider's, and reads it.
    func read(_ webhook: Webhook) throws(Forged) -> WebhookNews
}
