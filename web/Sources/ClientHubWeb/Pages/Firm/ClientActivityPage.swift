import Wire

/// Clients Activity Page: what happened with a client, newest first, and under More > Security whether 2FA is required of
/// this client alone.
enum ClientActivityPage {
    static let routes: [Route] = [.get("/clients/{client}/activity", show)]

    @Sendable static func show(_ visit: Visit) async throws -> Answer {
        let client = try await visit.client()
        let view = view(visit, client)
        return try await visit.form("client-activity", view) {
            let list = try await visit.ask(
                Auth.ListActivity(session: visit.session, client: client.id, cursor: visit.query["cursor"]))
            return visit.page(
                "client-activity", view.merging(events(list, of: client.id, visit.texts)) { $1 })
        }
    }

    private static func view(_ visit: Visit, _ client: Auth.Client) -> View {
        let texts = visit.texts
        let requirer = client.twoFactor.requiredBy
        var view = ClientPage.head(client, texts)
        view["title"] = texts("clientActivity", "title", ["name": client.name])
        view["requirementPath"] = LocalPath.client(client.id, "/requirement").description
        view["firmRequires"] = requirer == .firm
        view["proRequires"] = requirer == .pro
        view["mayRequire"] = requirer == nil || requirer == .person
        if visit.query["cursor"] != nil {
            view["firstPage"] = LocalPath.client(client.id, "/activity").description
            view["hasPages"] = true
        }
        return view
    }

    private static func events(_ list: Auth.ListActivity.Reply, of client: ID, _ texts: Texts) -> View {
        var view: View = [
            "events": list.events.map { EventText.view($0, texts) }, "hasNone": list.events.isEmpty,
        ]
        if let next = list.next {
            view["nextPage"] = LocalPath.client(client, "/activity").adding("cursor", next).description
            view["hasPages"] = true
        }
        return view
    }
}
