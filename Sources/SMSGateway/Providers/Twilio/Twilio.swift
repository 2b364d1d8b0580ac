import Cryptography
import ServiceKit
import Wire

/// The provider that sends through Twilio's Programmable Messaging.
///
/// Twilio's endpoint knows no idempotency: what may have been taken is uncertain, and found by its receipt, whose URL
/// bears the message's id.
struct Twilio: HTTPProvider {
    static let service = "Twilio"
    let name: String
    let kind = "twilio"
    let settings: TwilioSettings
    let clock: Clock
    let client: HTTPClient

    init(name: String, settings: TwilioSettings, clock: Clock) {
        self.name = name
        self.settings = settings
        self.clock = clock
        client = settings.http.client
    }

    func request(_ message: OutboundMessage) -> HTTPRequest {
        let base = settings.http.endpoint?.text ?? "https://api.twilio.com"
        let login = "\(settings.login.user):\(settings.login.password.text ?? "")"
        return HTTPRequest(
            url: "\(base)/2010-04-01/Accounts/\(settings.account)/Messages.json",
            headers: [
                ("Authorization", "Basic \(Base64.encode(Array(login.utf8)))"),
                ("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json"),
            ], body: Array(FormText.encode(fields(message)).utf8))
    }

    private func fields(_ message: OutboundMessage) -> [(name: String, value: String)] {
        let life = message.expires.seconds(since: clock.wall())
        var fields = [
            ("To", message.to), ("Body", message.text),
            // Not in Twilio's queue for longer than the code lives, by default ten hours.
            ("ValidityPeriod", "\(min(max(life, 1), 36_000))"),
            // Neither the code nor the number stays in Twilio's logs.
            ("ContentRetention", "discard"), ("AddressRetention", "obfuscate"), ("SmartEncoded", "true"),
        ]
        switch settings.sender {
        case .number(let number): fields.append(("From", number))
        case .service(let service): fields.append(("MessagingServiceSid", service))
        }
        if let callback = settings.callback {
            // What follows the # asks Twilio to try three more times, whatever went wrong.
            let path = "\(TwilioWebhook.path(of: name))/\(message.id)"
            fields.append(("StatusCallback", "\(callback.text)\(path)#rc=3&rp=all"))
        }
        return fields
    }

    static func providerID(in answer: HTTPAnswer) -> String? {
        guard let id = try? ForeignJSON.decode(Created.self, from: answer.body).sid, isMessage(id) else {
            return nil
        }
        return id
    }

    static func refusal(_ answer: HTTPAnswer) -> Outcome? {
        guard let error = try? ForeignJSON.decode(Refused.self, from: answer.body) else { return nil }
        guard let row = TwilioErrors.row(error.code) else {
            let words = Redaction.withoutDigits(error.message ?? "")
            return .otherRoute(reason: "Twilio refuses it with error \(error.code): \(words)")
        }
        let reason = "\(row.reason) (Twilio's error \(error.code))"
        return switch row.meaning {
        case .retry: .retry(after: answer.retryAfter, reason: reason)
        case .otherRoute: .otherRoute(reason: reason)
        case .permanent, .expired: .permanent(reason: reason)
        case .optedOut: .permanent(reason: reason, optedOut: true)
        case .configuration: .configuration(reason: reason)
        }
    }

    /// Whether it is the SID of a message: SM or MM, and 32 hexadecimal digits.
    private static func isMessage(_ text: String) -> Bool {
        (text.hasPrefix("SM") || text.hasPrefix("MM")) && text.utf8.count == 34
            && text.dropFirst(2).allSatisfy(\.isHexDigit)
    }

    private struct Created: Decodable {
        var sid: String
    }

    private struct Refused: Decodable {
        var code: Int
        var message: String?
    }
}
