import AuditLog
import CLinux
import Cryptography
import Storage
import Wire

/// The place of an event in its firm's log.
struct EventPosition: Hashable, Sendable {
    let number: Int

    init(_ number: Int) { self.number = number }

    init(_ bytes: [UInt8]) throws(Refusal) {
        guard let number = Int(String(decoding: bytes, as: UTF8.self)) else {
            throw Refusal(.malformed, "cursor is not the next of this list", field: "cursor")
        }
        self.number = number
    }

    var bytes: [UInt8] { Array("\(number)".utf8) }
}

/// An event as a page lists it.
struct EventRow: Sendable {
    let position: EventPosition
    let event: Auth.Event
}

extension Database {
    /// The events of a firm, or of it those that concern `person`, newest first, older than `before`.
    func events(of firm: ID, about person: ID?, before: EventPosition?, limit: Int) throws -> [EventRow] {
        let before = before?.number ?? .max
        guard let person else {
            return try all(
                """
                SELECT number, at, actor, actor_role, actor_name, event, person, detail FROM event
                WHERE firm = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3
                """, firm, before, limit, row: EventRow.init(row:))
        }
        return try all(
            """
            SELECT number, at, actor, actor_role, actor_name, event, person, detail FROM event
            WHERE firm = ?1 AND person = ?2 AND number < ?3 ORDER BY number DESC LIMIT ?4
            """, firm, person, before, limit, row: EventRow.init(row:))
    }
}

extension EventRow {
    init(row: borrowing Row) {
        position = EventPosition(row.int(0))
        event = Auth.Event(
            at: row.time(1),
            actor: Auth.EventActor(id: row.idOrNil(2), role: row.string(3), name: row.string(4)),
            event: row.string(5), client: row.idOrNil(6), detail: Detail.decode(row.string(7)))
    }
}

// MARK: checking the chain

/// A row of the log as it is found, whoever wrote it.
struct StoredEvent: Sendable {
    let number: Int
    /// Nil where this program would not have written the row so.
    let record: AuditRecord?
}

/// The end of a firm's chain as it was recorded apart from the events.
struct ChainEnd: Hashable, Sendable {
    let number: Int
    let hash: [UInt8]
}

extension Database {
    func chainEnd(of firm: ID) throws -> ChainEnd {
        try first("SELECT number, hash FROM chain WHERE firm = ?1", firm) { row in
            ChainEnd(number: row.int(0), hash: row.blob(1))
        } ?? ChainEnd(number: 0, hash: AuditChain.start(of: firm).bytes)
    }

    /// The number of the last event that stands in the table; 0 where there is none.
    func lastEventNumber(of firm: ID) throws -> Int {
        try first("SELECT max(number) FROM event WHERE firm = ?1", firm) { $0.intOrNil(0) ?? 0 } ?? 0
    }

    func storedEvents(of firm: ID, after number: Int, upTo end: Int, limit: Int) throws -> [StoredEvent] {
        try all(
            """
            SELECT number, at, actor, actor_role, actor_name, event, person, detail, previous, hash FROM event
            WHERE firm = ?1 AND number > ?2 AND number <= ?3 ORDER BY number LIMIT ?4
            """, firm, number, end, limit
        ) { StoredEvent(row: $0, of: firm) }
    }
}

extension StoredEvent {
    init(row: borrowing Row, of firm: ID) {
        number = row.int(0)
        let (actor, person) = (row.blobOrNil(2), row.blobOrNil(6))
        let (actorID, personID) = (actor.flatMap(ID.init(bytes:)), person.flatMap(ID.init(bytes:)))
        let text = row.string(7)
        let detail = Detail.decode(text)
        guard (actor == nil) == (actorID == nil), (person == nil) == (personID == nil),
            Detail.encode(detail) == text, let previous = Digest(bytes: row.blob(8)),
            let hash = Digest(bytes: row.blob(9))
        else {
            record = nil
            return
        }
        record = AuditRecord(
            firm: firm, number: number, at: row.time(1),
            actor: Auth.EventActor(id: actorID, role: row.string(3), name: row.string(4)),
            event: row.string(5),
            person: personID, detail: detail, previous: previous, hash: hash)
    }
}

extension AuthStore {
    /// Reads at length, by a connection of its own, on a thread that runs only when nothing else wants the processor.
    func readApart<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        let path = path
        return try await withCheckedThrowingContinuation { waiting in
            startThread(named: "auth reader") {
                // Where it cannot be had, reading takes its fair share instead; it still leaves the loop's thread alone.
                _ = clinux_idle_priority()
                waiting.resume(
                    with: Result { try body(Database(reading: path, schema: AuthSchema.schema)) })
            }
        }
    }
}
