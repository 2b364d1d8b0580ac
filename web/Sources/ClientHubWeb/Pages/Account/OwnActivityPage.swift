import Wire

/// What happened to one's own account, newest first.
enum OwnActivityPage {
    static let routes: [Route] = [.get("/security/activity", show)]

    private static let path = LocalPath("/security/activity")

    @Sendable static func show(_ visit: Visit) async throws -> Answer {
        let cursor = visit.query["cursor"]
        let list: Auth.ListActivity.Reply
        do {
            list = try await self.list(visit, cursor: cursor)
        } catch let refusal as Refusal where refusal.isFor(.malformed) && cursor != nil {
            // An address that somebody shortened, or kept from another list.
            return .redirect(to: path)
        }
        var view: View = [
            "title": visit.texts("ownActivity", "title"),
            "events": list.events.map { EventText.view($0, visit.texts) },
            "isFirst": cursor == nil,
        ]
        if let next = list.next {
            view["older"] = path.adding("cursor", next).description
        }
        return visit.page("own-activity", view)
    }

    /// One's own events: who works at the firm would see those of all the firm, unless it is said whose are meant.
    static func list(_ visit: Visit, cursor: String? = nil, limit: Int? = nil) async throws
        -> Auth.ListActivity.Reply
    {
        try await visit.call(
            Auth.ListActivity(session: visit.session, client: visit.actor?.id, cursor: cursor, limit: limit))
    }
}
