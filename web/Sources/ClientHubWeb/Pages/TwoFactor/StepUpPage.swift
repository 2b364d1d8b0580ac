import HTTPTypes
import Hummingbird
import Wire

/// A fresh proof of who it is, where AuthService asks for one before it changes something; and then the form that was
/// meant is sent again by the browser, as if nothing had been asked in between.
///
/// The page's own fields begin with an underscore, so that a form which it carries along may have any others.
enum StepUpPage {
    static let routes: [Route] = [
        .get(path, show),
        .post(path, prove),
    ]

    private static let path = "/two-factor/step-up"

    /// The page in place of an answer to a form that was refused with `STEP_UP`.
    ///
    /// Its status is 200: 401 would have to name a scheme of HTTP's own to log in by (RFC 9110, section 11.6.1), of which
    /// there is none here, and this page is what the visitor has to see next, and no error.
    static func ask(_ visit: Visit) -> Answer {
        let place = LocalPath(visit.request.head.path) ?? .home
        guard visit.request.method == .post else {
            return .redirect(to: LocalPath("/two-factor/step-up").then(place))
        }
        return page(Question(visit, then: place))
    }

    /// The question without a form: it leads on to `next`.
    @Sendable static func show(_ visit: Visit) async throws -> Answer {
        guard visit.gate?.state == .open else {
            return .redirect(to: LocalPath("/two-factor").then(visit.next))
        }
        return page(Question(visit, then: nil))
    }

    @Sendable static func prove(_ visit: Visit) async throws -> Answer {
        let place = target(of: visit)
        guard place != nil || !visit.form.has("_then") else { return ProblemPage.badForm(visit) }
        let question = Question(visit, then: place)
        if visit.form.has("_use") { return page(question) }
        let fields: [Reason: String] = [
            .wrongCode: "code", .codeUsed: "code", .codeExpired: "code", .notBegun: "code",
        ]
        return try await visit.form("step-up", question.view, fields: fields) {
            if visit.form["_action"] == "send" { return try await send(question) }
            return try await prove(question)
        }
    }

    private static func prove(_ question: Question) async throws -> Answer {
        let visit = question.visit
        var call = Auth.StepUp(session: visit.session)
        if let method = question.method {
            call.method = method
            call.code = visit.form["_code"] ?? ""
        } else {
            call.password = visit.form.exact("_password")
        }
        do {
            let reply = try await visit.call(call)
            var notes = visit.browser.notes
            notes.sent = nil
            let answer = question.then.map(Answer.resend) ?? .redirect(to: visit.next)
            return answer.setting(.session, reply.session).leaving(notes)
        } catch let refusal as Refusal where refusal.isFor(.badCredentials) {
            // No address was asked for, so nothing is wrong with it.
            let problem = FormProblem("wrongPassword", field: "password", visit.texts)
            return visit.page("step-up", question.view.merging(problem.view) { $1 }, problem.status)
        }
    }

    /// Sends a code, and shows the page again with a field for it: a redirect would lose the form that it carries. Should the
    /// browser send this again at a reload, AuthService refuses to send codes faster than it may.
    private static func send(_ question: Question) async throws -> Answer {
        var question = question
        let sent = try await VerifyPage.send(question.visit, session: question.visit.session)
        question.sent = sent
        var notes = question.visit.browser.notes
        notes.sent = sent
        return page(question).leaving(notes)
    }

    private static func page(_ question: Question) -> Answer { question.visit.page("step-up", question.view) }

    /// Where the form that is carried along goes to; nil where that is nowhere that a form of this site goes to.
    private static func target(of visit: Visit) -> LocalPath? {
        guard let place = LocalPath(visit.form["_then"]) else { return nil }
        let path = place.description.prefix { $0 != "?" }
        let isForm = visit.site.routes.contains { route in
            route.method == .post && route.access == .gated && route.path != Self.path
                && fits(path, route.path)
        }
        return isForm ? place : nil
    }

    /// Whether a path is one of a route's, whose variables are ids and words.
    private static func fits(_ path: Substring, _ route: String) -> Bool {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        let pattern = route.split(separator: "/", omittingEmptySubsequences: false)
        guard segments.count == pattern.count else { return false }
        return zip(segments, pattern).allSatisfy { segment, wanted in
            guard wanted.first == "{" else { return segment == wanted }
            return !segment.isEmpty && segment.utf8.allSatisfy(isOfWord)
        }
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// What is asked of whom, and what for.
    private struct Question {
        let visit: Visit
        /// Where the form goes that is carried along; nil where there is none.
        let then: LocalPath?
        /// What is asked for; nil is the password, of whoever has no factor.
        let method: FactorMethod?
        /// The code that is on its way.
        var sent: Notes.Sent?

        init(_ visit: Visit, then: LocalPath?) {
            self.visit = visit
            self.then = then
            let asked = (visit.form["_use"] ?? visit.form["_method"]).flatMap(FactorMethod.init(rawValue:))
            let methods = visit.gate?.methods ?? []
            if OwnTwoFactor.enrolled(visit.gate).isEmpty {
                method = nil
            } else if let asked, methods.contains(asked) {
                method = asked
            } else {
                method = VerifyPage.firstMethod(visit.gate)
            }
            sent = visit.browser.notes.sent.flatMap { .now < $0.expires ? $0 : nil }
        }

        var view: View {
            let texts = visit.texts
            var view: View = ["title": texts("stepUp", "title"), "fields": fields]
            if let then { view["then"] = then.description }
            guard let method else {
                view["asksPassword"] = true
                return view
            }
            view["method"] = method.rawValue
            view["isSMS"] = method == .sms
            view["isRecovery"] = method == .recovery
            view["codeLabel"] = texts("verify", "codeLabel.\(method.rawValue)")
            view["codeHint"] = texts("verify", "codeHint.\(method.rawValue)")
            view["others"] = others(than: method)
            if method == .sms {
                if let sent {
                    view["sent"] = texts("verify", "sentTo", ["phone": sent.phone])
                    view["resendIn"] = max(0, sent.resendAt.seconds(since: .now))
                } else {
                    view["unsent"] = texts("verify", "unsent", ["phone": visit.gate?.phone ?? ""])
                }
            }
            return view
        }

        /// The fields of the form that is carried along; without one, where to go on.
        private var fields: [View] {
            guard then != nil || visit.request.method == .post else {
                return [["name": "next", "value": visit.next.description]]
            }
            return visit.form.kept.map { ["name": $0.name, "value": $0.value] }
        }

        private func others(than method: FactorMethod) -> [View] {
            (OwnTwoFactor.factors + [.recovery]).filter {
                $0 != method && visit.gate?.methods.contains($0) == true
            }
            .map { ["value": $0.rawValue, "name": visit.texts("verify", "use.\($0.rawValue)")] }
        }
    }
}
