import HTTPTypes
import Wire

/// Why a form was not accepted, as its page says it.
struct FormProblem {
    let status: HTTPResponse.Status
    let text: String
    /// The field that it is about.
    let field: String?
    /// Seconds.
    let retryAfter: Int?

    /// A problem that the front end finds itself: the text `problem.NAME`.
    init(_ name: StaticString, field: String?, _ texts: Texts) {
        status = .unprocessableContent
        text = texts("problem", "\(name)")
        self.field = field
        retryAfter = nil
    }

    init(_ refusal: Refusal, fields: [Reason: String], _ texts: Texts) {
        status =
            switch refusal.status {
            case .unavailable, .deadlineExceeded: .serviceUnavailable
            case .resourceExhausted: .tooManyRequests
            case .internal, .unimplemented: .internalServerError
            default: .unprocessableContent
            }
        field = fields.first { refusal.isFor($0.key) }?.value ?? refusal.field
        retryAfter = refusal.retryAfter ?? (status == .serviceUnavailable ? 5 : nil)
        text = Self.text(refusal, texts)
    }

    /// The reason in words, and then what is known beyond it: wrong tries left, when to try again, what may be the cause.
    private static func text(_ refusal: Refusal, _ texts: Texts) -> String {
        let name =
            texts.has("problem", refusal.reason) ? refusal.reason : refusal.isOutage ? "outage" : "other"
        var sentences = [texts("problem", name)]
        if let hint = refusal.hint, texts.has("problem", hint) { sentences.append(texts("problem", hint)) }
        if let left = refusal.attemptsLeft {
            sentences.append(
                left > 0
                    ? texts.counted("problem", "attemptsLeft", left) : texts("problem", "TOO_MANY_ATTEMPTS"))
        }
        if let wait = refusal.retryAfter, wait > 0 {
            sentences.append(texts("problem", "retryAfter", ["span": texts.span(seconds: wait)]))
        }
        return sentences.joined(separator: " ")
    }

    /// For the template: `problem` with its text, and `problemOf` with the field's name as a key.
    var view: View {
        var view: View = ["problem": text]
        if let field { view["problemOf"] = [field: true] as View }
        return view
    }
}

extension Refusal {
    /// Whether the service, or one that it needs, does not work now.
    var isOutage: Bool { status == .unavailable || status == .deadlineExceeded || isFor(.overloaded) }

    /// Whether it is about who makes the visit, and no matter what was typed: ``Site`` answers those.
    var endsVisit: Bool {
        isFor(.noSession) || isFor(.locked) || isFor(.stepUp) || isFor(.notAPro) || isFor(.notTheOwner)
            || isFor(.noSuchClient) || isFor(.noSuchPro) || isFor(.notACaller)
    }
}
