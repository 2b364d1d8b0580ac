import Storage
import Wire

/// The durable counters that limits are kept by, and the numbers that were proved.
struct CountTable {
    private let db: Database

    init(_ db: Database) { self.db = db }

    /// What was sent of `scope` to or for `subject` in buckets that begin after `since`.
    func counts(_ scope: CountScope, _ subject: [UInt8], since: Timestamp) throws -> [Count] {
        try db.all(Self.counted, scope.rawValue, subject, since.milliseconds / 1_000 - Int64(scope.bucket)) {
            Count(begins: $0.int64(0), sent: $0.int(1), verified: $0.int(2))
        }
    }

    static let counted: StaticString =
        "SELECT begins, sent, verified FROM send_count WHERE scope = ?1 AND subject = ?2 AND begins > ?3"

    /// Counts one send.
    func addSent(_ scope: CountScope, _ subject: [UInt8], at now: Timestamp) throws {
        try db.run(
            """
            INSERT INTO send_count (scope, subject, begins, sent) VALUES (?1, ?2, ?3, 1)
            ON CONFLICT (scope, subject, begins) DO UPDATE SET sent = sent + 1
            """, scope.rawValue, subject, scope.bucket(at: now))
    }

    /// Counts a used code of a message that was accepted at `created`: in that bucket, beside its send.
    func addVerified(_ scope: CountScope, _ subject: [UInt8], created: Timestamp) throws {
        try db.run(
            """
            UPDATE send_count SET verified = verified + 1
            WHERE scope = ?1 AND subject = ?2 AND begins = ?3 AND verified < sent
            """, scope.rawValue, subject, scope.bucket(at: created))
    }

    func isProved(_ numberHash: [UInt8]) throws -> Bool {
        try db.exists("SELECT 1 FROM proved_number WHERE number_hash = ?1", numberHash)
    }

    func addProved(_ numberHash: [UInt8], at now: Timestamp) throws {
        try db.run(
            """
            INSERT INTO proved_number (number_hash, at) VALUES (?1, ?2)
            ON CONFLICT (number_hash) DO UPDATE SET at = excluded.at
            """, numberHash, now)
    }

    /// Forgets what counts for nothing any more.
    func purge(now: Timestamp) throws {
        try db.run("DELETE FROM send_count WHERE begins < ?1", now.milliseconds / 1_000 - 2 * 86_400)
        try db.run("DELETE FROM proved_number WHERE at < ?1", now - Self.provedDays * 86_400)
    }

    /// Days after its last used code that a number counts as proved.
    private static let provedDays = 400
}
