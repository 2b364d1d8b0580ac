import AuditLog
import Cryptography
import Storage
import Wire

extension Database {
    /// Puts an event at the end of its firm's chain, in the transaction of what it records.
    func record(_ event: AuditEvent) throws {
        let head = try chain(of: event.firm)
        let number = head.number + 1
        let hash = AuditChain.hash(
            firm: event.firm, number: number, at: event.at, actor: event.actor, event: event.kind.rawValue,
            person: event.person, detail: event.detail, previous: head.hash)
        try run(
            """
            INSERT INTO event (firm, number, at, actor, actor_role, actor_name, event, person, detail, previous, hash)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """, event.firm, number, event.at, event.actor.id, event.actor.role, event.actor.name,
            event.kind.rawValue, event.person, Detail.encode(event.detail), head.hash, hash)
        try run(
            """
            INSERT INTO chain (firm, number, hash) VALUES (?1, ?2, ?3)
            ON CONFLICT (firm) DO UPDATE SET number = excluded.number, hash = excluded.hash
            """, event.firm, number, hash)
    }

    /// When the last event of all firms happened; nil where none has.
    func newestEvent() throws -> Timestamp? {
        try first(
            "SELECT max(at) FROM chain JOIN event ON event.firm = chain.firm AND event.number = chain.number"
        ) { $0.timeOrNil(0) } ?? nil
    }

    /// The end of a firm's chain: the number and hash of its last event, 0 where there is none.
    func chain(of firm: ID) throws -> (number: Int, hash: Digest) {
        try first("SELECT number, hash FROM chain WHERE firm = ?1", firm) { row in
            (number: row.int(0), hash: try row.digest(1))
        } ?? (number: 0, hash: AuditChain.start(of: firm))
    }
}
