import Wire

/// Change the password. It asks for the one there is, and so needs no other proof.
enum PasswordPage {
    static let routes: [Route] = [
        .get("/security/password", show),
        .post("/security/password", change),
    ]

    @Sendable static func show(_ visit: Visit) async throws -> Answer { visit.page("password", view(visit)) }

    @Sendable static func change(_ visit: Visit) async throws -> Answer {
        try await visit.form("password", view(visit), fields: [.weakPassword: "new"]) {
            do {
                let reply = try await visit.call(
                    Auth.ChangePassword(
                        session: visit.session, current: visit.form.exact("current"),
                        new: visit.form.exact("new")))
                // The trust in this device has ended with that in all others.
                return Answer.redirect(to: SecurityPage.path).setting(.session, reply.session).setting(
                    .device, nil
                )
                .saying("passwordChanged", visit)
            } catch let refusal as Refusal where refusal.isFor(.badCredentials) {
                // No address was asked for, so nothing is wrong with it.
                let problem = FormProblem("wrongPassword", field: "current", visit.texts)
                return visit.page("password", view(visit).merging(problem.view) { $1 }, problem.status)
            }
        }
    }

    private static func view(_ visit: Visit) -> View {
        ["title": visit.texts("password", "title"), "email": visit.actor?.email ?? ""]
    }
}
