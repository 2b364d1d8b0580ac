import Storage
import Wire

@testable import SMSGateway

/// What tests look up in the database, or do to it, behind the gateway's back.
extension Store {
    /// Makes a message's sealed part unreadable.
    func damage(_ id: ID) throws {
        try writer.writeNow { db in _ = try db.run("UPDATE message SET sealed = x'00' WHERE id = ?1", id) }
    }

    /// Lets no message be `sent`, by a rule of the database.
    func forbidSent(_ forbids: Bool) throws {
        try writer.writeNow { db in
            guard forbids else {
                _ = try db.run("DROP TRIGGER forbidden")
                return
            }
            _ = try db.run(
                """
                CREATE TRIGGER forbidden BEFORE UPDATE ON message WHEN new.state = 'sent' BEGIN
                    SELECT raise(ABORT, 'forbidden');
                END
                """)
        }
    }

    func countRows() throws -> Int {
        try writer.writeNow { db in try db.first("SELECT count(*) FROM send_count") { $0.int(0) } ?? 0 }
    }

    /// Rules providers out for a message.
    func ruleOut(_ providers: Set<String>, for id: ID) throws {
        try writer.writeNow { db in
            _ = try db.run("UPDATE message SET ruled_out = ?2 WHERE id = ?1", id, joined(providers))
        }
    }

    /// Adds messages like a queued one, each to a number of its own. They cannot be sent: their content is sealed for
    /// the one that they were made of.
    func multiply(_ id: ID, by count: Int) throws {
        try writer.writeNow { db in
            _ = try db.run(
                """
                WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2)
                INSERT INTO message (id, key, order_hash, number_hash, prefix_hash, prefix_scope, masked, country,
                                     firm, purpose, state, sealed, created, updated, expires, due, ruled_out)
                SELECT randomblob(16), hex(randomblob(16)), order_hash, randomblob(32), prefix_hash, prefix_scope,
                       masked, country, firm, purpose, state, sealed, created, updated, expires, due, ruled_out
                FROM message, numbers WHERE id = ?1
                """, id, count)
        }
    }

    /// How many receipts wait for their messages.
    func earlyReceipts() throws -> Int {
        try writer.writeNow { db in try db.first("SELECT count(*) FROM early_receipt") { $0.int(0) } ?? 0 }
    }

    /// Whether a message's number and code are still there.
    func hasContent(_ id: ID) throws -> Bool? {
        try writer.writeNow { db in
            try db.first("SELECT sealed IS NOT NULL FROM message WHERE id = ?1", id) { $0.bool(0) }
        }
    }

    /// Lets the database grow no more, or as much as it likes: what a full disk is to SQLite.
    func limitPages(toCurrent: Bool) throws {
        try writer.writeNow { db in
            if toCurrent {
                _ = try db.first("PRAGMA max_page_count = 1") { $0.int(0) }
            } else {
                _ = try db.first("PRAGMA max_page_count = 1000000") { $0.int(0) }
            }
        }
    }

    /// How many messages really are in each state.
    func countedStates() throws -> [SMS.MessageState: Int] {
        try writer.writeNow { db in
            let rows = try db.all("SELECT state, count(*) FROM message GROUP BY state") {
                (try $0.word(0, SMS.MessageState.self), $0.int(1))
            }
            return Dictionary(uniqueKeysWithValues: rows)
        }
    }

    /// How many values the sealing key of this version is still needed for.
    func sealedUnder(version: UInt8) throws -> Int {
        try writer.writeNow { db in
            try db.first(
                """
                SELECT count(*) FROM (SELECT sealed FROM secret UNION ALL SELECT sealed FROM block
                                      UNION ALL SELECT sealed FROM counted_prefix
                                      UNION ALL SELECT sealed FROM message WHERE sealed IS NOT NULL)
                WHERE substr(sealed, 1, 4) = ?1
                """, [0, 0, 0, version]
            ) { $0.int(0) } ?? 0
        }
    }
}
