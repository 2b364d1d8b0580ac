/// A provider that takes each message by one request over HTTPS.
///
/// What a status of HTTP means for a message is the same for all of them: whatever may have been acted on is uncertain.
protocol HTTPProvider: Provider {
    /// Whose service it is, as reasons name it.
    static var service: String { get }
    var client: HTTPClient { get }

    /// The request that hands over a message.
    func request(_ message: OutboundMessage) -> HTTPRequest
    /// The provider's name for the message that it took; nil where its answer makes no sense.
    static func providerID(in answer: HTTPAnswer) -> String?
    /// What the error means by which the provider refuses a message; nil where its answer names none.
    static func refusal(_ answer: HTTPAnswer) -> Outcome?
}

extension HTTPProvider {
    func send(_ message: OutboundMessage) async -> Outcome {
        switch await client.post(request(message)) {
        case .notSent(let fault): fault.outcome
        case .noAnswer(let reason): .uncertain(reason: reason)
        case .answered(let answer): Self.outcome(answer)
        }
    }

    /// What an answer means for the message.
    static func outcome(_ answer: HTTPAnswer) -> Outcome {
        let status = answer.status
        switch status {
        case 200..<300:
            guard let id = providerID(in: answer) else { return senseless(status) }
            return .sent(providerID: id)
        case 300..<400:
            return .configuration(reason: "The endpoint is not that of \(service): it redirects (\(status)).")
        case 429:
            // A request of this status was not processed, by what the providers say of it.
            return .retry(
                after: answer.retryAfter, reason: "\(service) has too many requests at the moment (429).")
        case 408, 409, 425:
            return .uncertain(reason: "\(service) answered \(status).")
        case 400..<500:
            return refusal(answer) ?? wordless(status)
        default:
            return .uncertain(reason: "\(service) answered \(status).")
        }
    }

    /// What a refusal means that names no error.
    private static func wordless(_ status: Int) -> Outcome {
        switch status {
        case 401, 403: .configuration(reason: "\(service) does not take the key or the password (\(status)).")
        case 404: .configuration(reason: "The endpoint is not that of \(service) (404).")
        default: senseless(status)
        }
    }

    private static func senseless(_ status: Int) -> Outcome {
        .uncertain(reason: "\(service)'s answer \(status) makes no sense.")
    }
}

extension HTTPFault {
    /// What it means for a message: that it was not sent.
    fileprivate var outcome: Outcome {
        switch kind {
        case .unreachable: .retry(after: nil, reason: reason)
        case .untrusted:
            .configuration(
                reason: "Whoever answers is not who they should be, by their certificate: \(reason)")
        case .unusable: .configuration(reason: reason)
        }
    }
}
