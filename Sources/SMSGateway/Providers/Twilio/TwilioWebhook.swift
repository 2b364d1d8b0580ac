import Wire

/// What Twilio posts: how far a message has come, and texts to the firm's numbers.
enum TwilioWebhook {
    /// Where it is posted below the web front end's URL. A receipt's URL has the message's id behind it.
    static func path(of provider: String) -> String { "/receipts/twilio/\(provider)" }

    /// The fields of a body. `isJSON` tells how it is written.
    static func fields(of body: String, isJSON: Bool) -> [(name: String, value: String)]? {
        guard isJSON else { return try? FormText.decode(body) }
        let object = try? ForeignJSON.decode([String: JSONText].self, from: Array(body.utf8))
        return object?.compactMap { name, value in value.text.map { (name, $0) } }
    }

    /// Reads what the fields of a genuine webhook say. Twilio adds fields and states without notice: what is not known
    /// says nothing.
    static func news(_ fields: [(name: String, value: String)], url: String, provider: String) -> WebhookNews
    {
        let values = Dictionary(fields.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        if let status = values["MessageStatus"] {
            return receipt(status, values, message(in: url, of: provider), provider)
        }
        guard let from = values["From"], let body = values["Body"] else { return .nothing }
        // Where Twilio keeps the opt-outs itself, it says what the words, in any language, meant to it.
        return .inbound(InboundText(provider: provider, from: from, text: values["OptOutType"] ?? body))
    }

    private static func receipt(
        _ status: String, _ values: [String: String], _ message: ID?, _ provider: String
    ) -> WebhookNews {
        let code = values["ErrorCode"].flatMap { Int($0) }
        guard let event = event(status, code) else { return .nothing }
        let providerID = values["MessageSid"] ?? values["SmsSid"]
        guard message != nil || providerID != nil else { return .nothing }
        return .receipt(
            Receipt(
                provider: provider, message: message, providerID: providerID, event: event,
                reason: code.map { TwilioErrors.row($0)?.reason ?? "Twilio's error \($0)." }))
    }

    /// What a state of Twilio's, with its error, is to the gateway; nil for one that tells nothing.
    static func event(_ status: String, _ code: Int?) -> MessageEvent? {
        switch status {
        // They come from Twilio's queue on: proof that it has the message, though its answer may have been lost.
        case "accepted", "scheduled", "queued", "sending", "sent": .receiptSent
        case "delivered", "read": .receiptDelivered
        case "failed", "undelivered", "canceled":
            code.flatMap(TwilioErrors.row)?.meaning == .expired ? .receiptExpired : .receiptFailed
        default: nil
        }
    }

    /// The id of our message at the end of the URL that we gave for its receipts.
    private static func message(in url: String, of provider: String) -> ID? {
        let path = url.prefix { !"?#".contains($0) }
        guard let slash = path.lastIndex(of: "/"), path[..<slash].hasSuffix(TwilioWebhook.path(of: provider))
        else {
            return nil
        }
        return ID(String(path[path.index(after: slash)...]))
    }

    /// A member of a JSON object, as the text that a form would have; nil for lists and objects.
    private struct JSONText: Decodable {
        let text: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self.text = text
            } else {
                text = (try? container.decode(Int.self)).map { "\($0)" }
            }
        }
    }
}

extension Twilio: WebhookProvider {
    func read(_ webhook: Webhook) throws(Forged) -> WebhookNews {
        let isJSON = webhook.headers["content-type"]?.lowercased().hasPrefix("application/json") ?? false
        let signature = TwilioSignature(token: settings.token, keys: settings.webhookKeys)
        guard let fields = TwilioWebhook.fields(of: webhook.body, isJSON: isJSON),
            signature.isGenuine(webhook, fields: isJSON ? nil : fields)
        else { throw Forged() }
        return TwilioWebhook.news(fields, url: webhook.url, provider: name)
    }
}
