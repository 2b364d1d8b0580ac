import Storage
import Wire

extension AuthService {
    /// What happened in the firm, or to one person of it, newest first. A client sees what concerns itself alone.
    func listActivity(_ request: Auth.ListActivity, for visitor: Visitor) throws -> Auth.ListActivity.Reply {
        let limit = try Fields.limit(request.limit)
        return try store.read { database in
            let person = try database.subject(of: request, for: visitor)
            let list = "activity \(visitor.firm.id) \(person.map(String.init(describing:)) ?? "all")"
            let before = try request.cursor.map { text throws(Refusal) in
                try EventPosition(Cursor.decode(text, of: list))
            }
            var rows = try database.events(
                of: visitor.firm.id, about: person, before: before, limit: limit + 1)
            let isLast = rows.count <= limit
            if !isLast { rows.removeLast() }
            return Auth.ListActivity.Reply(
                events: rows.map { visitor.person.isStaff ? $0.event : $0.event.asSeen(by: visitor.person) },
                next: isLast ? nil : rows.last.map { Cursor.encode($0.position.bytes, of: list) })
        }
    }
}

extension Database {
    /// Whose events are listed; nil: those of all the firm.
    fileprivate func subject(of request: Auth.ListActivity, for visitor: Visitor) throws -> ID? {
        if visitor.person.isStaff {
            guard let id = request.client else { return nil }
            guard try person(id)?.firm == visitor.firm.id else { throw Refusal(.noSuchClient) }
            return id
        }
        guard request.client == nil || request.client == visitor.person.id else {
            throw Refusal(.noSuchClient)
        }
        return visitor.person.id
    }
}

extension Auth.Event {
    /// The details that a client sees. What is not named here is the firm's own, such as the reason of an override.
    private static let clientDetails: Set<String> = [
        "address", "device", "method", "methods", "required", "reset", "seconds",
    ]

    /// What the client whom it concerns sees of it: what was done to it and by whom, not why.
    fileprivate func asSeen(by client: Person) -> Auth.Event {
        var event = self
        if event.actor.id != client.id { event.actor.id = nil }
        event.detail = detail.filter { Self.clientDetails.contains($0.key) }
        return event
    }
}
