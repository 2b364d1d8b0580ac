import Wire

/// Clients: how far 2FA has come with all of them, and each by name.
enum ClientsPage {
    static let routes: [Route] = [.get("/clients", show)]

    @Sendable static func show(_ visit: Visit) async throws -> Answer {
        let wish = Wish(visit)
        let coverage = try await Coverage.count(visit)
        let view = view(visit, wish, coverage)
        return try await visit.form("clients", view) {
            let list = try await visit.ask(
                Auth.ListClients(
                    session: visit.session, search: wish.search, state: wish.state, cursor: wish.cursor))
            return visit.page("clients", view.merging(rows(list, wish, visit.texts)) { $1 })
        }
    }

    /// Which clients are asked for, by the page's address.
    private struct Wish {
        let search: String?
        let state: Auth.Client.State?
        let cursor: String?

        init(_ visit: Visit) {
            search = visit.query["search"]
            state = visit.query["state"].flatMap(Auth.Client.State.init(rawValue:))
            cursor = visit.query["cursor"]
        }

        var isFiltered: Bool { search != nil || state != nil }

        /// The page of the same list that begins at `cursor`; nil: the first.
        func page(_ cursor: String?) -> LocalPath {
            var place = LocalPath("/clients")
            if let search { place = place.adding("search", search) }
            if let state { place = place.adding("state", state.rawValue) }
            if let cursor { place = place.adding("cursor", cursor) }
            return place
        }
    }

    private static func view(_ visit: Visit, _ wish: Wish, _ coverage: Coverage) -> View {
        let texts = visit.texts
        var view: View = [
            "title": texts("clients", "title"), "coverage": coverage.view(texts), "search": wish.search ?? "",
            "isFiltered": wish.isFiltered,
            "states": Auth.Client.State.allCases.map { state in
                [
                    "value": state.rawValue, "label": texts("clientState", state.rawValue),
                    "isChosen": state == wish.state,
                ] as View
            },
        ]
        if wish.cursor != nil {
            view["firstPage"] = wish.page(nil).description
            view["hasPages"] = true
        }
        return view
    }

    private static func rows(_ list: Auth.ListClients.Reply, _ wish: Wish, _ texts: Texts) -> View {
        var view: View = [
            "clients": list.clients.map { row($0, texts) }, "hasNone": list.clients.isEmpty,
            "hasSome": !list.clients.isEmpty,
        ]
        if let next = list.next {
            view["nextPage"] = wish.page(next).description
            view["hasPages"] = true
        }
        return view
    }

    private static func row(_ client: Auth.Client, _ texts: Texts) -> View {
        var row: View = [
            "person": client.name, "address": client.email, "path": LocalPath.client(client.id).description,
            "activityPath": LocalPath.client(client.id, "/activity").description,
            "badge": ClientWords.badge(client.twoFactor.state, texts),
        ]
        if let methods = ClientWords.methods(client.twoFactor.methods, texts) { row["methods"] = methods }
        if let time = client.lastLogIn { row["lastLogIn"] = View.moment(time) }
        return row
    }
}
