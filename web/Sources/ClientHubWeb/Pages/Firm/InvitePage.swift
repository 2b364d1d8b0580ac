import Wire

/// Invitations of clients, and links by which a client chooses a new password: the PRO gets a link to hand over.
enum InvitePage {
    static let routes: [Route] = [
        .get("/clients/invite", show),
        .post("/clients/invite", invite),
        .get("/clients/invite/link", showLink),
        .post("/clients/invite/link", done),
        .get("/clients/{client}/reset-link", showReset),
        .post("/clients/{client}/reset-link", makeReset),
        .post("/clients/{client}/reset-link/done", doneReset),
    ]

    // MARK: a new client

    @Sendable static func show(_ visit: Visit) async throws -> Answer { visit.page("invite", view(visit)) }

    @Sendable static func invite(_ visit: Visit) async throws -> Answer {
        try await visit.form("invite", view(visit), fields: [.emailTaken: "email"]) {
            let (name, email) = (visit.form["name"] ?? "", visit.form["email"] ?? "")
            let reply = try await visit.ask(
                Auth.InviteClient(session: visit.session, name: name, email: email))
            let link = InvitationLink(visit, name: name, email: email, token: reply.invitation, reply.expires)
            return link.handedOver(at: LocalPath("/clients/invite/link"), visit)
        }
    }

    @Sendable static func showLink(_ visit: Visit) async throws -> Answer {
        guard let invitation = visit.browser.notes.invitation else {
            return .redirect(to: LocalPath("/clients/invite"))
        }
        return visit.page(
            "link", InvitationLink.view(invitation, "invited", back: LocalPath("/clients"), visit))
    }

    @Sendable static func done(_ visit: Visit) async throws -> Answer {
        InvitationLink.forgotten(visit, to: LocalPath("/clients"))
    }

    private static func view(_ visit: Visit) -> View {
        [
            "title": visit.texts("invite", "title"), "lead": visit.texts("invite", "lead"),
            "action": "/clients/invite", "back": "/clients", "backName": visit.texts("clients", "title"),
            "person": visit.form["name"] ?? "", "address": visit.form["email"] ?? "",
        ]
    }

    // MARK: a new password

    /// What a link will do; once it is made, the link.
    @Sendable static func showReset(_ visit: Visit) async throws -> Answer {
        let client = try await visit.client()
        guard let invitation = visit.browser.notes.invitation, invitation.email == client.email else {
            return visit.page("reset", resetView(client, visit.texts))
        }
        var view = InvitationLink.view(invitation, "reset", back: .client(client.id), visit)
        view["action"] = LocalPath.client(client.id, "/reset-link/done").description
        return visit.page("link", view)
    }

    @Sendable static func makeReset(_ visit: Visit) async throws -> Answer {
        let client = try await visit.client()
        return try await visit.form("reset", resetView(client, visit.texts)) {
            let reply = try await visit.ask(
                Auth.InviteClient(session: visit.session, name: client.name, email: client.email, reset: true)
            )
            let link = InvitationLink(
                visit, name: client.name, email: client.email, token: reply.invitation, reply.expires)
            return link.handedOver(at: .client(client.id, "/reset-link"), visit)
        }
    }

    @Sendable static func doneReset(_ visit: Visit) async throws -> Answer {
        InvitationLink.forgotten(visit, to: .client(try visit.id("client")))
    }

    private static func resetView(_ client: Auth.Client, _ texts: Texts) -> View {
        var view = ClientPage.head(client, texts)
        view["title"] = texts("reset", "title", ["name": client.name])
        view["action"] = LocalPath.client(client.id, "/reset-link").description
        return view
    }
}

/// A link with a one-time token, that a PRO hands over to whom it is for. It is kept in the PRO's browser, sealed, until the
/// PRO says that it is handed over, and nowhere else.
struct InvitationLink {
    private let invitation: Notes.Invitation

    init(_ visit: Visit, name: String, email: String, token: String, _ expires: Timestamp) {
        let path = LocalPath("/invitation").adding("firm", visit.actor?.firm ?? "").adding("token", token)
        invitation = Notes.Invitation(
            name: name, email: email, link: visit.site.configuration.origin.text + path.description,
            expires: expires)
    }

    /// Leaves the link for the page at `place`, which shows it.
    func handedOver(at place: LocalPath, _ visit: Visit) -> Answer {
        var notes = visit.browser.notes
        notes.invitation = invitation
        notes.until = Notes().until
        return Answer.redirect(to: place).leaving(notes)
    }

    static func forgotten(_ visit: Visit, to place: LocalPath) -> Answer {
        var notes = visit.browser.notes
        notes.invitation = nil
        return Answer.redirect(to: place).leaving(notes)
    }

    /// For the template `link`; `kind` names its texts.
    static func view(_ invitation: Notes.Invitation, _ kind: String, back: LocalPath, _ visit: Visit) -> View
    {
        let texts = visit.texts
        let values = [
            "name": invitation.name, "brand": visit.site.configuration.brand, "link": invitation.link,
        ]
        let mail =
            "mailto:" + percentEncoded(invitation.email)
            + "?subject=" + percentEncoded(texts("link", "\(kind).subject", values))
            + "&body=" + percentEncoded(texts("link", "\(kind).mail", values))
        return [
            "title": texts("link", "\(kind).title", values), "text": texts("link", "\(kind).text", values),
            "person": invitation.name, "address": invitation.email, "link": invitation.link, "mail": mail,
            "expires": View.moment(invitation.expires), "action": visit.path, "back": back.description,
        ]
    }
}
