import HTTPTypes
import Hummingbird
import Wire

/// One request, and who makes it: what a page's handler works with.
struct Visit: Sendable {
    let site: Site
    let request: Request
    /// The values of the path's variables.
    let parameters: Parameters
    let browser: Browser
    let address: String?
    let language: PageLanguage
    /// Where this page is found again by GET.
    var here = LocalPath.home
    /// A form's fields; none for GET.
    var form = Form()
    /// Who it is, where there is a session.
    var actor: Auth.Actor?
    /// What AuthService said of the session.
    var gate: Auth.Gate?
    /// The firm of the person, or the one that is served.
    var firmName: String?

    /// The path as it was sent.
    var path: String { request.uri.path }
    var agent: String? { request.headers[.userAgent].map { String($0.prefix(300)) } }
    var session: String { browser.session }
    /// The query's fields, as browsers send a form by GET: a space is a plus.
    var query: Form { Form(parsing: request.uri.query ?? "") ?? Form() }
    /// Where the visitor wants to go from here: of the form, else of the query.
    var next: LocalPath { form["next"] == nil ? query.next : form.next }
    var texts: Texts { site.renderer.texts(language) }
    var isPro: Bool { actor.map { $0.role != .client } ?? false }

    /// The path's variable `name`, as an id.
    /// - Throws: `NO_SUCH_CLIENT`, where it is none: a page of nobody.
    func id(_ name: String) throws(Refusal) -> ID {
        guard let id = parameters.get(name).flatMap({ ID($0) }) else { throw Refusal(.noSuchClient) }
        return id
    }

    /// Makes a call to AuthService.
    func call<C: Call>(_ call: C) async throws -> C.Reply {
        try await site.services.auth.call(call, within: Services.milliseconds)
    }

    /// A page made of a template.
    func page(_ template: String, _ view: View, _ status: HTTPResponse.Status = .ok) -> Answer {
        site.renderer.page(template, view, status, for: self)
    }

    /// Does `work`. What is refused because of what the visitor typed shows the same form again, with what is wrong and with
    /// what was typed; `fields` tells which field a reason is about.
    func form(
        _ template: String, _ view: @autoclosure () -> View, fields: [Reason: String] = [:],
        _ work: () async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await work()
        } catch let refusal as Refusal where !refusal.endsVisit {
            let problem = FormProblem(refusal, fields: fields, texts)
            var answer = page(template, view().merging(problem.view) { _, new in new }, problem.status)
            if let seconds = problem.retryAfter { answer.headers[.retryAfter] = "\(seconds)" }
            return answer
        }
    }
}
