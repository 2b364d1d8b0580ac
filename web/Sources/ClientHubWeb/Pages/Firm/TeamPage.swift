import Wire

/// Settings > Team: the firm's PROs. The owner invites and removes them, and helps one who is stuck.
enum TeamPage {
    static let routes: [Route] = [
        .get("/settings/team", show),
        .get("/settings/team/invite", showInvite),
        .post("/settings/team/invite", invite),
        .get("/settings/team/invite/link", showLink),
        .post("/settings/team/invite/link", done),
        .get("/settings/team/{pro}/remove", showRemove),
        .post("/settings/team/{pro}/remove", remove),
    ]

    @Sendable static func show(_ visit: Visit) async throws -> Answer {
        let pros = try await visit.call(Auth.ListPros(session: visit.session)).pros
        return visit.page(
            "team",
            [
                "title": visit.texts("team", "title"), "isOwner": visit.isOwner,
                "pros": pros.map { row($0, visit) },
            ])
    }

    private static func row(_ pro: Auth.Pro, _ visit: Visit) -> View {
        var row: View = [
            "person": pro.name, "address": pro.email,
            "role": visit.texts("team", "role.\(pro.role.rawValue)"),
            "isInvited": pro.invited, "hasFactor": !pro.methods.isEmpty,
            // Whom the owner can help or remove: everybody else.
            "isOther": visit.isOwner && pro.role == .pro,
            "removePath": "/settings/team/\(pro.id)/remove",
            "overridePath": "/settings/team/\(pro.id)/override",
        ]
        if let methods = ClientWords.methods(pro.methods, visit.texts) { row["methods"] = methods }
        if let time = pro.lastLogIn { row["lastLogIn"] = View.moment(time) }
        return row
    }

    // MARK: invite

    @Sendable static func showInvite(_ visit: Visit) async throws -> Answer {
        guard visit.isOwner else { throw Refusal(.notTheOwner) }
        return visit.page("invite", inviteView(visit))
    }

    @Sendable static func invite(_ visit: Visit) async throws -> Answer {
        try await visit.form("invite", inviteView(visit), fields: [.emailTaken: "email"]) {
            let (name, email) = (visit.form["name"] ?? "", visit.form["email"] ?? "")
            let reply = try await visit.ask(Auth.InvitePro(session: visit.session, name: name, email: email))
            let link = InvitationLink(visit, name: name, email: email, token: reply.invitation, reply.expires)
            return link.handedOver(at: LocalPath("/settings/team/invite/link"), visit)
        }
    }

    @Sendable static func showLink(_ visit: Visit) async throws -> Answer {
        let team = LocalPath("/settings/team")
        guard let invitation = visit.browser.notes.invitation else { return .redirect(to: team) }
        return visit.page("link", InvitationLink.view(invitation, "invitedPro", back: team, visit))
    }

    @Sendable static func done(_ visit: Visit) async throws -> Answer {
        InvitationLink.forgotten(visit, to: LocalPath("/settings/team"))
    }

    private static func inviteView(_ visit: Visit) -> View {
        [
            "title": visit.texts("team", "invite"), "lead": visit.texts("team", "inviteLead"),
            "action": "/settings/team/invite", "back": "/settings/team",
            "backName": visit.texts("team", "title"),
            "person": visit.form["name"] ?? "", "address": visit.form["email"] ?? "",
        ]
    }

    // MARK: remove

    @Sendable static func showRemove(_ visit: Visit) async throws -> Answer {
        let pro = try await visit.pro()
        let name = ["name": pro.name]
        return visit.page(
            "team-remove",
            [
                "title": visit.texts("team", "removeTitle", name), "person": pro.name, "address": pro.email,
                "action": visit.path, "submit": visit.texts("team", "removeSubmit", name),
            ])
    }

    @Sendable static func remove(_ visit: Visit) async throws -> Answer {
        _ = try await visit.call(Auth.RemovePro(session: visit.session, pro: visit.id("pro")))
        return Answer.redirect(to: LocalPath("/settings/team")).saying("proRemoved", visit)
    }
}

extension Visit {
    var isOwner: Bool { actor?.role == .owner }

    /// The PRO that the page's path names, for the owner; never the owner, whom nobody in the firm may remove or help.
    func pro() async throws -> Auth.Pro {
        guard isOwner else { throw Refusal(.notTheOwner) }
        let id = try id("pro")
        let pros = try await call(Auth.ListPros(session: session)).pros
        guard let pro = pros.first(where: { $0.id == id && $0.role == .pro }) else {
            throw Refusal(.noSuchPro)
        }
        return pro
    }
}
