import Cryptography
import Storage
import Wire

extension Database {
    func insert(_ session: Session, address: String?, agent: String?) throws {
        try run(
            """
            INSERT INTO session (digest, id, person, created, expires, last_seen, password_at, factor_at, device, deferred,
                address, agent)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            """, session.digest, session.id, session.person, session.created, session.expires,
            session.lastSeen, session.passwordAt, session.factorAt, session.device, session.deferred,
            address?.clipped(to: Self.addressLength), agent?.clipped(to: Self.agentLength))
    }

    func session(_ digest: Digest) throws -> Session? {
        try first(
            """
            SELECT digest, id, person, created, expires, last_seen, password_at, factor_at, device, deferred
            FROM session WHERE digest = ?1
            """, digest, row: Session.init(row:))
    }

    /// All sessions of a person, those too that are over but not swept away yet.
    func sessions(of person: ID) throws -> [Session] {
        try all(
            """
            SELECT digest, id, person, created, expires, last_seen, password_at, factor_at, device, deferred
            FROM session WHERE person = ?1 ORDER BY created, id
            """, person, row: Session.init(row:))
    }

    /// The same, as their holder sees them.
    func sessionEntries(of person: ID, current: ID) throws -> [Auth.SessionEntry] {
        try all(
            """
            SELECT id, created, last_seen, expires, address, agent FROM session WHERE person = ?1
            ORDER BY last_seen DESC, id
            """, person
        ) { row in
            let id = row.id(0)
            return Auth.SessionEntry(
                id: id, created: row.time(1), lastSeen: row.time(2), expires: row.time(3),
                address: row.stringOrNil(4), agent: row.stringOrNil(5), current: id == current)
        }
    }

    /// The User-Agent that a session was begun with.
    func agent(of session: Digest) throws -> String? {
        try first("SELECT agent FROM session WHERE digest = ?1", session) { $0.stringOrNil(0) } ?? nil
    }

    /// How many sessions of a person are open.
    func openSessions(of person: ID, idleMinutes: Int, at now: Timestamp) throws -> Int {
        try first(
            "SELECT count(*) FROM session WHERE person = ?1 AND expires > ?2 AND last_seen > ?3", person, now,
            now - idleMinutes * 60
        ) { $0.int(0) } ?? 0
    }

    /// Changes the session whose token has this digest as `body` does; its digest too, by which the old token dies.
    ///
    /// - Throws: `NO_SESSION` where it has ended, or its token was replaced, meanwhile.
    @discardableResult
    func change(_ digest: Digest, _ body: (inout Session) throws -> Void) throws -> Session {
        guard var session = try session(digest) else { throw Refusal(.noSession) }
        try body(&session)
        try run(
            """
            UPDATE session SET digest = ?2, last_seen = max(last_seen, ?3), password_at = ?4, factor_at = ?5, device = ?6,
                deferred = ?7
            WHERE digest = ?1
            """, digest, session.digest, session.lastSeen, session.passwordAt, session.factorAt,
            session.device, session.deferred)
        return session
    }

    /// Writes down when a session was last used. One that has ended or has a new token since is left alone.
    func seen(_ digest: Digest, at time: Timestamp, address: String?) throws {
        try run(
            """
            UPDATE session SET last_seen = max(last_seen, ?2), address = coalesce(?3, address) WHERE digest = ?1
            """, digest, time, address?.clipped(to: Self.addressLength))
    }

    /// No session of a person has proved a second factor any more, since there is none.
    func clearProofs(of person: ID) throws {
        try run(
            """
            UPDATE session SET factor_at = NULL, device = NULL
            WHERE person = ?1 AND (factor_at IS NOT NULL OR device IS NOT NULL)
            """, person)
    }

    func deleteSession(_ digest: Digest) throws {
        try run("DELETE FROM session WHERE digest = ?1", digest)
    }

    /// - Returns: whether the person had such a session.
    func deleteSession(id: ID, of person: ID) throws -> Bool {
        try run("DELETE FROM session WHERE id = ?1 AND person = ?2", id, person) == 1
    }

    /// Ends all sessions of a person, but the one with the id `kept`.
    ///
    /// - Returns: how many there were.
    @discardableResult
    func deleteSessions(of person: ID, but kept: ID? = nil) throws -> Int {
        try run("DELETE FROM session WHERE person = ?1 AND id IS NOT ?2", person, kept)
    }

    /// Ends the oldest sessions of a person beyond `count`.
    func deleteSessions(of person: ID, beyond count: Int) throws {
        try run(
            """
            DELETE FROM session WHERE digest IN
                (SELECT digest FROM session WHERE person = ?1 ORDER BY created DESC, id DESC LIMIT -1 OFFSET ?2)
            """, person, count)
    }

    /// Ends the sessions of a firm that were idle for so long, before it allows more: what is over stays over. A use that
    /// is not written down yet is allowed for.
    func deleteSessions(idleIn firm: ID, minutes: Int, at now: Timestamp) throws {
        try run(
            """
            DELETE FROM session WHERE last_seen <= ?2 AND person IN (SELECT id FROM person WHERE firm = ?1)
            """, firm, now - (minutes * 60 + 2 * SessionPolicy.seenInterval))
    }

    /// Sweeps away sessions that are over, whatever their firm's setting: some of them, the oldest first.
    ///
    /// - Returns: how many there were.
    func deleteSessions(overBy now: Timestamp, idleMinutes: Int, limit: Int) throws -> Int {
        try run(
            """
            DELETE FROM session WHERE digest IN
                (SELECT digest FROM session WHERE expires <= ?1 OR last_seen <= ?2 ORDER BY expires LIMIT ?3)
            """, now, now - idleMinutes * 60, limit)
    }
}

extension Database {
    /// What is kept of an address and of a User-Agent, in characters: they come from outside, as long as they like.
    private static var addressLength: Int { 64 }
    private static var agentLength: Int { 256 }
}

extension String {
    fileprivate func clipped(to count: Int) -> String { String(prefix(count)) }
}

extension Session {
    /// Reads the columns in the order of the SELECTs above.
    init(row: borrowing Row) throws {
        self.init(
            digest: try row.digest(0), id: row.id(1), person: row.id(2), created: row.time(3),
            expires: row.time(4), lastSeen: row.time(5), passwordAt: row.time(6), factorAt: row.timeOrNil(7),
            device: row.idOrNil(8), deferred: row.bool(9))
    }
}
