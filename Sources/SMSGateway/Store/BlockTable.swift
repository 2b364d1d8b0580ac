import Cryptography
import Storage
import Wire

/// Numbers and prefixes that no message goes to.
struct BlockTable {
    private let db: Database

    init(_ db: Database) { self.db = db }

    struct Entry: Sendable {
        /// ``Fingerprints/block(_:)`` of the prefix.
        var hash: [UInt8]
        /// The prefix, sealed by ``seal(_:hash:with:)``.
        var sealed: [UInt8]
        /// Whether numbers that their owners have proved still get their codes.
        var claimsOnly: Bool
        var reason: String
        /// Whether it only says what would be blocked.
        var isRecord = false
        /// Nil: until it is taken back.
        var until: Timestamp?
    }

    /// Whether a message must not go to a number with these ``Fingerprints/blocks(of:)``.
    /// They are asked for only where anything is blocked at all.
    func blocks(_ hashes: @autoclosure () -> [[UInt8]], isClaim: Bool, now: Timestamp) throws -> Bool {
        guard try db.exists("SELECT 1 FROM block") else { return false }
        return try hashes().contains { hash in
            try db.exists(
                """
                SELECT 1 FROM block
                WHERE prefix_hash = ?1 AND (until IS NULL OR until > ?2) AND (?3 OR NOT claims_only)
                    AND NOT recorded
                """, hash, now, isClaim)
        }
    }

    /// Blocks, in place of an earlier block of the same prefix.
    func add(_ entry: Entry, now: Timestamp) throws {
        try db.run(
            """
            INSERT OR REPLACE INTO block (prefix_hash, sealed, claims_only, reason, made, until, recorded)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """, entry.hash, entry.sealed, entry.claimsOnly, entry.reason, now, entry.until, entry.isRecord)
    }

    /// Whether there is one for this prefix in force, or a record of what would be one.
    func has(_ hash: [UInt8], now: Timestamp) throws -> Bool {
        try db.exists(
            "SELECT 1 FROM block WHERE prefix_hash = ?1 AND (until IS NULL OR until > ?2)", hash, now)
    }

    /// Takes a block back; false where there is none.
    func remove(_ hash: [UInt8], now: Timestamp) throws -> Bool {
        try purge(now: now)
        return try db.run("DELETE FROM block WHERE prefix_hash = ?1", hash) > 0
    }

    /// The blocks that hold, the newest first, at most `limit`.
    func all(limit: Int, now: Timestamp) throws -> [Entry] {
        try db.all(
            """
            SELECT prefix_hash, sealed, claims_only, reason, until, recorded FROM block
            WHERE until IS NULL OR until > ?1 ORDER BY made DESC LIMIT ?2
            """, now, limit
        ) {
            Entry(
                hash: $0.blob(0), sealed: $0.blob(1), claimsOnly: $0.bool(2), reason: $0.string(3),
                isRecord: $0.bool(5), until: $0.timeOrNil(4))
        }
    }

    func purge(now: Timestamp) throws {
        try db.run("DELETE FROM block WHERE until <= ?1", now)
    }

    /// Seals again what an older key sealed.
    func rotate(to keys: SealingKeys) throws {
        let rows = try db.all("SELECT prefix_hash, sealed FROM block") {
            (hash: $0.blob(0), sealed: $0.blob(1))
        }
        for row in rows where SealingKeys.version(of: row.sealed) != keys.current {
            let prefix = try Self.open(row.sealed, hash: row.hash, with: keys)
            try db.run(
                "UPDATE block SET sealed = ?2 WHERE prefix_hash = ?1", row.hash,
                Self.seal(prefix, hash: row.hash, with: keys))
        }
    }

    /// A blocked number is a number, so it is sealed as others are.
    static func seal(_ prefix: String, hash: [UInt8], with keys: SealingKeys) -> [UInt8] {
        keys.seal(Array(prefix.utf8), for: Array("block.sealed".utf8) + hash)
    }

    static func open(_ sealed: [UInt8], hash: [UInt8], with keys: SealingKeys) throws(SealError) -> String {
        String(decoding: try keys.open(sealed, for: Array("block.sealed".utf8) + hash), as: UTF8.self)
    }
}
