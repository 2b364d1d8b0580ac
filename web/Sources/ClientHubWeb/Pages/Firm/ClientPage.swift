import Wire

/// Clients Detail Page: what the firm knows of a client's 2FA, and under More > Security what a PRO can do about it.
enum ClientPage {
    static let routes: [Route] = [
        .get("/clients/{client}", show),
        .post("/clients/{client}/unlock", unlock),
    ]

    @Sendable static func show(_ visit: Visit) async throws -> Answer {
        let client = try await visit.client()
        return visit.page("client", view(client, visit.texts))
    }

    /// Ends a lockout; says so where that of codes goes on because OTPService could not be told.
    @Sendable static func unlock(_ visit: Visit) async throws -> Answer {
        let client = try await visit.call(
            Auth.UnlockClient(session: visit.session, client: visit.id("client")))
        return Answer.redirect(to: .client(client.id))
            .saying(client.lockedUntil == nil ? "unlocked" : "unlockedPartly", visit)
    }

    private static func view(_ client: Auth.Client, _ texts: Texts) -> View {
        let twoFactor = client.twoFactor
        var view = head(client, texts)
        view["title"] = client.name
        view["badge"] = ClientWords.badge(twoFactor.state, texts)
        view["sentence"] = ClientWords.sentence(client, texts)
        view["requiredBy"] = texts("client", "requiredBy.\(twoFactor.requiredBy?.rawValue ?? "nobody")")
        view["openSessions"] = texts.counted("client", "sessions", client.sessions)
        if let methods = ClientWords.methods(twoFactor.methods, texts) { view["methods"] = methods }
        if let phone = twoFactor.phone { view["maskedPhone"] = phone }
        if let time = twoFactor.since { view["since"] = View.moment(time) }
        if let time = twoFactor.overriddenAt {
            view["overridden"] = overridden(time, by: twoFactor.overriddenBy, texts)
        }
        if let time = client.lastLogIn { view["lastLogIn"] = View.moment(time) }
        if let time = client.lockedUntil { view["locked"] = locked(until: time) }
        return view
    }

    /// What the pages about one client have in common: who it is, and the way between them.
    static func head(_ client: Auth.Client, _ texts: Texts) -> View {
        [
            "person": client.name, "address": client.email, "path": LocalPath.client(client.id).description,
            "activityPath": LocalPath.client(client.id, "/activity").description,
        ]
    }

    private static func overridden(_ time: Timestamp, by pro: String?, _ texts: Texts) -> View {
        var view: View = ["at": View.moment(time)]
        if let pro { view["by"] = texts("client", "by", ["name": pro]) }
        return view
    }

    /// A lockout that time does not end is told as one that ends in the year 9999.
    private static func locked(until time: Timestamp) -> View {
        time.seconds(since: .now) > 10 * 365 * 86_400 ? ["forGood": true] : ["until": View.moment(time)]
    }
}

extension Visit {
    /// The client that the page's path names.
    func client() async throws -> Auth.Client {
        try await call(Auth.GetClient(session: session, client: id("client")))
    }
}
