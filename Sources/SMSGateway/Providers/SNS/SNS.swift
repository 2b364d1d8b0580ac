import ServiceKit
import Wire

/// The provider that sends through AWS's Simple Notification Service, by Publish to a phone number.
///
/// SNS knows no idempotency, no end of a message's life, and posts no receipts: what is uncertain stays so.
struct SNS: HTTPProvider {
    static let service = "AWS SNS"
    let name: String
    let kind = "sns"
    let settings: SNSSettings
    let clock: Clock
    let client: HTTPClient

    init(name: String, settings: SNSSettings, clock: Clock) {
        self.name = name
        self.settings = settings
        self.clock = clock
        client = settings.http.client
    }

    func request(_ message: OutboundMessage) -> HTTPRequest {
        let body = Array(FormText.encode(fields(message)).utf8)
        let signature = AWSSignature(
            accessKey: settings.accessKey, secretKey: settings.secretKey, region: settings.region,
            service: "sns")
        return HTTPRequest(
            url: "https://\(settings.url.authority)/",
            headers: signature.headers(host: settings.url.authority, body: body, time: clock.wall()),
            body: body)
    }

    private func fields(_ message: OutboundMessage) -> [(name: String, value: String)] {
        var fields = [
            ("Action", "Publish"), ("Version", "2010-03-31"), ("PhoneNumber", message.to),
            ("Message", message.text),
        ]
        var attributes = [("AWS.SNS.SMS.SMSType", "Transactional")]
        if let sender = settings.senderID { attributes.append(("AWS.SNS.SMS.SenderID", sender)) }
        if let origin = settings.origin { attributes.append(("AWS.MM.SMS.OriginationNumber", origin)) }
        for (index, (name, value)) in attributes.enumerated() {
            let entry = "MessageAttributes.entry.\(index + 1)"
            fields += [
                ("\(entry).Name", name), ("\(entry).Value.DataType", "String"),
                ("\(entry).Value.StringValue", value),
            ]
        }
        return fields
    }

    static func providerID(in answer: HTTPAnswer) -> String? {
        let id = element("MessageId", of: String(decoding: answer.body, as: UTF8.self))
        return id.flatMap { (1...64).contains($0.utf8.count) ? $0 : nil }
    }

    static func refusal(_ answer: HTTPAnswer) -> Outcome? {
        let text = String(decoding: answer.body, as: UTF8.self)
        guard let code = element("Code", of: text), (1...64).contains(code.utf8.count) else { return nil }
        guard let row = SNSErrors.row(code) else {
            let words = Redaction.withoutDigits(element("Message", of: text) ?? "")
            return .otherRoute(reason: "AWS refuses it with \(code): \(words)")
        }
        let reason = "\(row.reason) (AWS's error \(code))"
        return switch row.meaning {
        case .retry: .retry(after: answer.retryAfter, reason: reason)
        case .permanent: .permanent(reason: reason)
        case .configuration: .configuration(reason: reason)
        }
    }

    /// The text of the first element of this name, which has no attributes and no elements in it.
    private static func element(_ name: String, of text: String) -> String? {
        guard let start = text.firstRange(of: "<\(name)>"),
            let end = text[start.upperBound...].firstRange(of: "</\(name)>")
        else { return nil }
        let content = text[start.upperBound..<end.lowerBound]
        return content.contains("<") ? nil : String(content)
    }
}
