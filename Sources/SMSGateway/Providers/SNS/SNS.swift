import ServiceKit
import Wire

/// The provider that sends through AWS's Simple Notification Service, by Publish to a phone number.
///
/// SNS knows no idempotency, no end of a message's life, and posts no receipts: what is uncertain stays so.
struct SNS: Provider {
    let name: String
    let kind = "sns"
    let settings: SNSSettings
    let clock: Clock
    private let client: HTTPClient

    init(name: String, settings: SNSSettings, clock: Clock) {
        self.name = name
        self.settings = settings
        self.clock = clock
        client = settings.http.client
    }

    func send(_ message: OutboundMessage) async -> Outcome {
        guard let request = request(message) else {
            return .configuration(reason: "There is no endpoint for the region \(settings.region).")
        }
        return switch await client.post(request) {
        case .notSent(let fault): fault.outcome
        case .noAnswer(let reason): .uncertain(reason: reason)
        case .answered(let answer): Self.outcome(answer)
        }
    }

    private func request(_ message: OutboundMessage) -> HTTPRequest? {
        guard let url = settings.url else { return nil }
        let body = Array(FormText.encode(fields(message)).utf8)
        let signature = AWSSignature(
            accessKey: settings.accessKey, secretKey: settings.secretKey, region: settings.region,
            service: "sns")
        return HTTPRequest(
            url: "https://\(url.authority)/",
            headers: signature.headers(host: url.authority, body: body, time: clock.wall()), body: body)
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

    /// What an answer means for the message.
    static func outcome(_ answer: HTTPAnswer) -> Outcome {
        let text = String(decoding: answer.body, as: UTF8.self)
        switch answer.status {
        case 200..<300:
            guard let id = element("MessageId", of: text), (1...64).contains(id.utf8.count) else {
                return .uncertain(reason: "AWS's answer \(answer.status) makes no sense.")
            }
            return .sent(providerID: id)
        case 300..<400:
            return .configuration(reason: "The endpoint is not that of SNS: it redirects (\(answer.status)).")
        case 429:
            return .retry(after: answer.retryAfter, reason: "AWS has too many requests at the moment (429).")
        case 408, 409, 425:
            return .uncertain(reason: "AWS answered \(answer.status).")
        case 400..<500:
            return refusal(answer, text)
        default:
            return .uncertain(reason: "AWS answered \(answer.status).")
        }
    }

    private static func refusal(_ answer: HTTPAnswer, _ text: String) -> Outcome {
        guard let code = element("Code", of: text), (1...64).contains(code.utf8.count) else {
            return switch answer.status {
            case 401, 403: .configuration(reason: "AWS does not take the key (\(answer.status)).")
            case 404: .configuration(reason: "The endpoint is not that of SNS (404).")
            default: .uncertain(reason: "AWS's answer \(answer.status) makes no sense.")
            }
        }
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
