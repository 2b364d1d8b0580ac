import Foundation
import Wire

/// Visits to the front end, as browsers make them: pages by a session, and log-ins by the forms.
@Loop
struct WebVisits {
    let site: Site
    private static let sessionCookie = "__Host-session"

    func journeys(_ mix: Mix) -> [Journey] {
        [
            Journey(mix(0.02, 0.2, 0.05), logIn),
            Journey(mix(0.98, 0.8, 0.95)) { visit in
                let session = site.session(for: visit)
                try await page("/", cookies: [Self.sessionCookie: session], visit)
            },
        ]
    }

    /// The log-in page, its form, the code of an app, and the home behind it.
    private func logIn(_ visit: Visit) async throws {
        let client = try site.authenticatorsTurn()
        var cookies: [String: String] = [:]
        let form = try await exchange("log-in form", visit) { try $0.get("/log-in") }
        cookies.merge(form.cookies) { $1 }
        let fields = [
            ("_token", try Self.token(in: form.body)), ("email", site.population.email(of: client)),
            ("password", Population.password),
        ]
        let entered = try await send("log in", "/log-in", fields, cookies, visit)
        cookies.merge(entered.cookies) { $1 }
        let asked = try await exchange("page", visit) { [cookies] in
            try $0.get("/two-factor/verify", cookies: cookies)
        }
        cookies.merge(asked.cookies) { $1 }
        let code = [("_token", try Self.token(in: asked.body)), ("code", site.code(of: client))]
        let proved = try await send("code", "/two-factor/verify", code, cookies, visit)
        cookies.merge(proved.cookies) { $1 }
        try await page("/", cookies: cookies, visit)
    }

    /// Opens a page that has to be there.
    private func page(_ path: String, cookies: [String: String], _ visit: Visit) async throws {
        let answer = try await exchange("page", visit) { try $0.get(path, cookies: cookies) }
        guard answer.status == 200 else { throw Unexpected("status \(answer.status) of \(path)") }
    }

    /// Sends a form, which leads on to another page.
    private func send(
        _ name: String, _ path: String, _ fields: [(String, String)], _ cookies: [String: String],
        _ visit: Visit
    ) async throws -> HTTPConnection.Answer {
        let answer = try await exchange(name, visit) { try $0.post(path, fields, cookies: cookies) }
        guard answer.status == 303 else { throw Unexpected("status \(answer.status) of the form \(path)") }
        return answer
    }

    private func exchange(
        _ name: String, _ visit: Visit,
        _ body: @escaping @Sendable (HTTPConnection) throws -> HTTPConnection.Answer
    ) async throws -> HTTPConnection.Answer {
        guard let web = site.web else { throw Unexpected("no front end") }
        return try await visit.measure(name) {
            let answer = try await web.use(body)
            guard answer.status < 500, answer.status != 429 else {
                throw Unexpected("status \(answer.status)")
            }
            return answer
        }
    }

    /// What a form's hidden field holds.
    private static func token(in page: String) throws -> String {
        let mark = "name=\"_token\" value=\""
        guard let start = page.range(of: mark) else { throw Unexpected("a page without a form") }
        return String(page[start.upperBound...].prefix { $0 != "\"" })
    }
}
