import Storage
import Wire

/// Which clients are listed.
struct ClientFilter: Sendable {
    let firm: Firm
    /// A part of the name or the address, in lower case.
    var search: String?
    var state: Auth.Client.State?
    /// The last one of the page before.
    var after: ClientPosition?
}

/// The place of a client in the list: by name, and of the same name by id.
struct ClientPosition: Hashable, Sendable {
    let key: String
    let id: ID

    init(key: String, id: ID) {
        self.key = key
        self.id = id
    }

    init(_ bytes: [UInt8]) throws(Refusal) {
        guard bytes.count >= 16, let id = ID(bytes: Array(bytes[..<16])) else {
            throw Refusal(.malformed, "cursor is not the next of this list", field: "cursor")
        }
        self.init(key: String(decoding: bytes[16...], as: UTF8.self), id: id)
    }

    var bytes: [UInt8] { id.bytes + Array(key.utf8) }
}

/// A client as a page lists it.
struct ClientRow: Sendable {
    let person: Person
    /// How many sessions are open.
    let sessions: Int
    let position: ClientPosition
}

extension Database {
    /// The clients of a firm by name, from the one after `filter.after` on. It follows the index `person_by_name`, so a
    /// page costs what it shows, and with a search what it passes over.
    ///
    /// The filter by state says in SQL what `Auth.Client.State(_:)` says of the gate's rule; a test holds them together.
    func clients(_ filter: ClientFilter, limit: Int, at now: Timestamp) throws -> [ClientRow] {
        let settings = filter.firm.settings
        let after = filter.after ?? ClientPosition(key: "", id: ID(high: 0, low: 0))
        return try all(
            """
            SELECT id, firm, role, name, email, created, required_by_pro, required_by_self, declined, factors, phone,
                enrolled_at, epoch, overridden_at, overridden_by, last_log_in, codes_locked_until,
                (SELECT count(*) FROM session WHERE session.person = person.id AND expires > ?4 AND last_seen > ?5),
                name_key
            FROM person
            WHERE firm = ?1 AND role = 'client' AND (name_key, id) > (?2, ?3)
                AND (?6 IS NULL OR instr(name_key, ?6) > 0 OR instr(email_key, ?6) > 0)
                AND (?7 IS NULL OR ?7 = CASE
                    WHEN NOT (?8 OR required_personally) THEN 'off'
                    WHEN enrolled THEN 'active'
                    ELSE 'pending' END)
            ORDER BY name_key, id LIMIT ?9
            """, filter.firm.id, after.key, after.id, now, now - settings.idleMinutes * 60, filter.search,
            filter.state?.rawValue, RequirementPolicy.firmRequires(of: .client, settings, at: now), limit
        ) { row in
            let person = try Person(row: row)
            return ClientRow(
                person: person, sessions: row.int(17),
                position: ClientPosition(key: row.string(18), id: person.id))
        }
    }

    /// The owner of a firm, and then its PROs by name.
    func pros(of firm: ID) throws -> [Auth.Pro] {
        try all(
            """
            SELECT id, role, name, email, factors, password IS NULL, last_log_in FROM person
            WHERE firm = ?1 AND role IN ('owner', 'pro') ORDER BY role = 'pro', name_key, id
            """, firm
        ) { row in
            Auth.Pro(
                id: row.id(0), role: try row.role(1), name: row.string(2), email: row.string(3),
                methods: row.factors(4).methods, invited: row.bool(5), lastLogIn: row.timeOrNil(6))
        }
    }
}
