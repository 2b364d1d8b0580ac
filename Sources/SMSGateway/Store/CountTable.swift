import Cryptography
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

    /// Counts `sent` sends in the bucket that `begins` names.
    func addSent(_ scope: CountScope, _ subject: [UInt8], begins: Int64, sent: Int) throws {
        try db.run(
            """
            INSERT INTO send_count (scope, subject, begins, sent) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (scope, subject, begins) DO UPDATE SET sent = sent + excluded.sent
            """, scope.rawValue, subject, begins, sent)
    }

    /// Counts a used code of a message that was accepted at `created`: in that bucket, beside its send.
    func addVerified(_ scope: CountScope, _ subject: [UInt8], created: Timestamp) throws {
        try db.run(
            """
            UPDATE send_count SET verified = verified + 1
            WHERE scope = ?1 AND subject = ?2 AND begins = ?3 AND verified < sent
            """, scope.rawValue, subject, scope.bucket(at: created))
    }

    /// Keeps what a counted prefix is, unless it is known, so that ``top(_:since:limit:)`` can tell.
    func keepPrefix(_ prefixHash: [UInt8], _ block: (hash: [UInt8], sealed: [UInt8])) throws {
        try db.run(
            """
            INSERT INTO counted_prefix (prefix_hash, block_hash, sealed) VALUES (?1, ?2, ?3)
            ON CONFLICT DO NOTHING
            """, prefixHash, block.hash, block.sealed)
    }

    /// Forgets the codes that went to a prefix and were not used; `block` is its ``Fingerprints/block(_:)``.
    func forgive(_ block: [UInt8]) throws {
        try db.run(
            """
            UPDATE send_count SET sent = verified
            WHERE scope IN ('prefixClaimed', 'prefixProved')
                AND subject IN (SELECT prefix_hash FROM counted_prefix WHERE block_hash = ?1)
            """, block)
    }

    /// A subject of a scope, and its sends.
    struct Usage: Sendable {
        let subject: [UInt8]
        let sent: Int
        let verified: Int
    }

    /// The subjects with the most sends whose codes were not used, of buckets that began after `since`.
    func top(_ scope: CountScope, since: Timestamp, limit: Int) throws -> [Usage] {
        try db.all(
            """
            SELECT subject, sum(sent), sum(verified) FROM send_count INDEXED BY send_count_age
            WHERE begins > ?2 AND scope = ?1 GROUP BY subject
            ORDER BY sum(sent) - sum(verified) DESC, sum(sent) DESC LIMIT ?3
            """, scope.rawValue, since.milliseconds / 1_000, limit
        ) { Usage(subject: $0.blob(0), sent: $0.int(1), verified: $0.int(2)) }
    }

    /// What ``keepPrefix(_:_:)`` kept.
    func prefix(_ prefixHash: [UInt8]) throws -> (hash: [UInt8], sealed: [UInt8])? {
        try db.first("SELECT block_hash, sealed FROM counted_prefix WHERE prefix_hash = ?1", prefixHash) {
            ($0.blob(0), $0.blob(1))
        }
    }

    /// Seals again what an older key sealed.
    func rotate(to keys: SealingKeys) throws {
        let rows = try db.all("SELECT prefix_hash, block_hash, sealed FROM counted_prefix") {
            (id: $0.blob(0), hash: $0.blob(1), sealed: $0.blob(2))
        }
        for row in rows where SealingKeys.version(of: row.sealed) != keys.current {
            let prefix = try BlockTable.open(row.sealed, hash: row.hash, with: keys)
            try db.run(
                "UPDATE counted_prefix SET sealed = ?2 WHERE prefix_hash = ?1", row.id,
                BlockTable.seal(prefix, hash: row.hash, with: keys))
        }
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
        try db.run(
            """
            DELETE FROM counted_prefix WHERE NOT EXISTS (
                SELECT 1 FROM send_count
                WHERE scope IN ('prefixClaimed', 'prefixProved') AND subject = counted_prefix.prefix_hash)
            """)
        try db.run("DELETE FROM proved_number WHERE at < ?1", now - Self.provedDays * 86_400)
    }

    /// Days after its last used code that a number counts as proved.
    private static let provedDays = 400
}
