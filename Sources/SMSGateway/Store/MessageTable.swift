import Storage
import Wire

/// The table of messages: what callers and admins ask of it. What the courier does with it stands in
/// `MessageTable+Queue.swift`.
struct MessageTable {
    let db: Database

    init(_ db: Database) { self.db = db }

    /// Adds a message to the queue, due at once.
    func insert(_ order: Order, _ standing: Standing, now: Timestamp) throws {
        try db.run(
            """
            INSERT INTO message (id, key, order_hash, number_hash, prefix_hash, prefix_scope, masked, country,
                                 firm, purpose, state, sealed, created, updated, expires, due, ruled_out)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'queued', ?11, ?12, ?12, ?13, ?12, ?14)
            """, order.id, order.key, order.orderHash, order.numberHash, order.prefixHash,
            standing.prefixScope.rawValue, order.masked, order.country, order.firm, order.purpose.rawValue,
            order.sealed,
            now, order.expires, joined(order.ruledOut))
    }

    /// The message that was submitted with `key`.
    func find(key: String) throws -> (id: ID, orderHash: [UInt8], state: SMS.MessageState)? {
        try db.first(Self.byKey, key) { row in (row.id(0), row.blob(1), try row.word(2)) }
    }

    static let byKey: StaticString = "SELECT id, order_hash, state FROM message WHERE key = ?1"

    func status(_ id: ID) throws -> SMS.Status.Reply? {
        try db.first("SELECT id, state, provider, attempts, error, updated FROM message WHERE id = ?1", id) {
            row in
            SMS.Status.Reply(
                message: row.id(0), state: try row.word(1), provider: row.stringOrNil(2),
                attempts: row.int(3),
                error: row.stringOrNil(4), updated: row.time(5))
        }
    }

    /// When the last message was accepted; nil where none was.
    func newest() throws -> Timestamp? {
        try db.first("SELECT created FROM message ORDER BY id DESC LIMIT 1") { $0.time(0) }
    }

    /// All that is kept of a message.
    func trace(_ id: ID) throws -> SMS.Trace.Reply? {
        try db.first(
            """
            SELECT id, masked, firm, purpose, state, provider, attempts, error, created, updated, expires,
                provider_id, verified, resent, closed, due, ruled_out, crashes, country FROM message WHERE id = ?1
            """, id
        ) { row in
            let entry = try Self.entry(row)
            return SMS.Trace.Reply(
                message: entry, country: row.string(18), providerID: row.stringOrNil(11),
                due: entry.state == .queued ? row.time(15) : nil, ruledOut: row.names(16).sorted(),
                crashes: row.int(17), resent: row.bool(13), closed: row.bool(14), verified: row.timeOrNil(12))
        }
    }

    private static func entry(_ row: borrowing Row) throws -> SMS.Entry {
        SMS.Entry(
            message: row.id(0), to: row.string(1), firm: row.id(2), purpose: try row.word(3),
            state: try row.word(4), provider: row.stringOrNil(5), attempts: row.int(6),
            error: row.stringOrNil(7),
            created: row.time(8), updated: row.time(9), expires: row.time(10))
    }

    /// Messages older than `before`, newest first.
    func list(state: SMS.MessageState?, firm: ID?, before: ID, limit: Int) throws -> [SMS.Entry] {
        switch (state, firm) {
        case (nil, nil):
            try db.all(
                """
                SELECT id, masked, firm, purpose, state, provider, attempts, error, created, updated, expires
                FROM message WHERE id < ?1 ORDER BY id DESC LIMIT ?2
                """, before, limit, row: Self.entry)
        case (let state?, nil):
            try db.all(
                """
                SELECT id, masked, firm, purpose, state, provider, attempts, error, created, updated, expires
                FROM message WHERE state = ?3 AND id < ?1 ORDER BY id DESC LIMIT ?2
                """, before, limit, state.rawValue, row: Self.entry)
        case (nil, let firm?):
            try db.all(
                """
                SELECT id, masked, firm, purpose, state, provider, attempts, error, created, updated, expires
                FROM message WHERE firm = ?3 AND id < ?1 ORDER BY id DESC LIMIT ?2
                """, before, limit, firm, row: Self.entry)
        case (let state?, let firm?):
            try db.all(
                """
                SELECT id, masked, firm, purpose, state, provider, attempts, error, created, updated, expires
                FROM message WHERE state = ?3 AND firm = ?4 AND id < ?1 ORDER BY id DESC LIMIT ?2
                """, before, limit, state.rawValue, firm, row: Self.entry)
        }
    }

    /// Calls a message back, if it is not on its way.
    ///
    /// - Returns: where the message is now; nil where there is no such message.
    func cancel(_ id: ID, now: Timestamp) throws -> SMS.MessageState? {
        let found = try db.first("SELECT state FROM message WHERE id = ?1", id) {
            try $0.word(0, SMS.MessageState.self)
        }
        guard let old = found else { return nil }
        guard let new = old.after(.cancel), new != old else { return old }
        try db.run(
            """
            UPDATE message SET state = ?2, updated = ?3, error = ?4, sealed = CASE WHEN ?5 THEN sealed END
            WHERE id = ?1
            """, id, new.rawValue, now, "Its code was used, replaced or wiped.", new.keepsContent)
        return new
    }

    /// Sees to it that a message which is not to be sent any more is not sent again either, by the courier or
    /// by an admin.
    func disown(_ id: ID) throws {
        try db.run("UPDATE message SET unwanted = 1 WHERE id = ?1", id)
        try db.run("UPDATE message SET sealed = NULL WHERE id = ?1 AND state IN ('failed', 'uncertain')", id)
    }

    /// Puts a failed or uncertain message into the queue again, as if new, if it still can be sent.
    func requeue(_ id: ID, now: Timestamp) throws -> Requeued {
        let found = try db.first("SELECT state, sealed IS NULL, expires FROM message WHERE id = ?1", id) {
            row in
            (state: try row.word(0, SMS.MessageState.self), isWiped: row.bool(1), expires: row.time(2))
        }
        guard let found else { return .unknown }
        guard let new = found.state.after(.retry) else { return .refused(found.state) }
        guard RetryPolicy.isWorthSending(found.expires, now: now) else { return .dead }
        guard !found.isWiped else { return .unwanted }
        try db.run(
            """
            UPDATE message SET state = ?2, updated = ?3, due = ?3, ruled_out = '', tried = '' WHERE id = ?1
            """, id, new.rawValue, now)
        return .queued
    }

    enum Requeued: Sendable, Equatable {
        case queued
        case unknown
        case refused(SMS.MessageState)
        /// Its code has ended or is about to.
        case dead
        /// It was cancelled, too late to hold it back.
        case unwanted
    }

    /// What a used code is counted by; nil where there is no such message. Marks it as used.
    func verify(_ id: ID, now: Timestamp) throws -> Verified? {
        let found = try db.first(
            """
            SELECT verified IS NULL, number_hash, prefix_hash, prefix_scope, created FROM message WHERE id = ?1
            """,
            id
        ) { row in
            Verified(
                isFirst: row.bool(0), numberHash: row.blob(1), prefixHash: row.blob(2),
                prefixScope: try row.word(3),
                created: row.time(4))
        }
        if found?.isFirst == true { try db.run("UPDATE message SET verified = ?2 WHERE id = ?1", id, now) }
        return found
    }

    struct Verified {
        /// Whether nobody said so before.
        let isFirst: Bool
        let numberHash: [UInt8]
        let prefixHash: [UInt8]
        let prefixScope: CountScope
        let created: Timestamp
    }

    /// How many messages are in each state.
    func tally() throws -> [SMS.MessageState: Int] {
        let rows = try db.all("SELECT state, count FROM tally") {
            (try $0.word(0, SMS.MessageState.self), $0.int(1))
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    func count(_ state: SMS.MessageState) throws -> Int {
        try db.first("SELECT count FROM tally WHERE state = ?1", state.rawValue) { $0.int(0) } ?? 0
    }

    /// When the message that has been in the queue for longest was accepted.
    func oldestQueued() throws -> Timestamp? {
        try db.first(Self.oldest) { $0.time(0) }
    }

    static let oldest: StaticString = "SELECT created FROM message WHERE state = 'queued' ORDER BY id LIMIT 1"

    /// Deletes messages accepted before `then` that are in no queue, 500 at most; how many.
    func purge(acceptedBefore then: Timestamp) throws -> Int {
        // An id begins with the time at which it was made.
        let bound = ID(high: UInt64(clamping: then.milliseconds) << 16, low: 0)
        return try db.run(
            """
            DELETE FROM message WHERE id IN (
                SELECT id FROM message WHERE id < ?1 AND state NOT IN ('queued', 'sending')
                ORDER BY id LIMIT 500)
            """, bound)
    }
}
