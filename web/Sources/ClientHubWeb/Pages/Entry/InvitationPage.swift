import HTTPTypes
import Wire

/// Accept an invitation: choose a password, and be inside. The link that leads here is all that somebody invited has.
enum InvitationPage {
    static let routes: [Route] = [
        .get("/invitation", for: .everybody, show),
        .post("/invitation", for: .everybody, accept),
    ]

    /// Whom a link is for, as far as it says.
    private struct Link {
        let firm: String
        let token: String

        /// Nil where a part of it is missing, such as one that a mail program broke in two.
        init?(_ fields: Form, _ configuration: WebConfiguration) {
            guard let firm = fields["firm"] ?? configuration.firm, let token = fields["token"] else {
                return nil
            }
            self.firm = firm
            self.token = token
        }
    }

    @Sendable static func show(_ visit: Visit) async throws -> Answer {
        guard let link = Link(visit.query, visit.site.configuration) else {
            return deadEnd(visit, "broken", .notFound)
        }
        guard let view = try await view(visit, link) else { return deadEnd(visit, "unknown", .notFound) }
        return visit.page("invitation", view)
    }

    @Sendable static func accept(_ visit: Visit) async throws -> Answer {
        guard let link = Link(visit.form, visit.site.configuration) else {
            return deadEnd(visit, "broken", .notFound)
        }
        guard let view = try await view(visit, link) else { return deadEnd(visit, "unknown", .notFound) }
        return try await visit.form("invitation", view, fields: [.weakPassword: "password"]) {
            do {
                let reply = try await visit.call(
                    Auth.AcceptInvitation(
                        firm: link.firm, invitation: link.token, password: visit.form.exact("password")))
                return try await LogInPage.enter(visit, session: reply.session, gate: reply.gate, next: .home)
            } catch let refusal as Refusal where refusal.isFor(.noSuchInvitation) {
                return deadEnd(visit, "unknown", .notFound)
            } catch let refusal as Refusal where refusal.isFor(.invitationExpired) {
                return deadEnd(visit, "expired", .gone)
            }
        }
    }

    /// Nil where there is no such firm. Whether the token is any good is seen when it is used.
    private static func view(_ visit: Visit, _ link: Link) async throws -> View? {
        do {
            let firm = try await visit.call(Auth.GetFirm(firm: link.firm))
            return [
                "title": visit.texts("invitation", "title"), "firmName": firm.name, "firm": firm.slug,
                "lead": visit.texts("invitation", "lead", ["firm": firm.name]), "invitation": link.token,
            ]
        } catch let refusal as Refusal where refusal.isFor(.noSuchFirm) {
            return nil
        }
    }

    /// Why the link is no good, and what to do: trying it again would not help.
    private static func deadEnd(_ visit: Visit, _ name: String, _ status: HTTPResponse.Status) -> Answer {
        visit.page(
            "invitation-ended",
            [
                "title": visit.texts("invitation", "\(name).title"),
                "text": visit.texts("invitation", "\(name).text"),
            ], status)
    }
}
