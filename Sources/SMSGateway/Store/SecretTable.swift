import Cryptography
import ServiceKit
import Storage

/// The table of the gateway's own secrets.
struct SecretTable {
    private let db: Database

    init(_ db: Database) { self.db = db }

    /// The key of ``Fingerprints``: made once, and kept as it is while the sealing keys change.
    func fingerprintKey(_ keys: SealingKeys) throws -> [UInt8] {
        let found = try db.first("SELECT sealed FROM secret WHERE name = 'fingerprints'") { $0.blob(0) }
        let key = try found.map { try open($0, with: keys) } ?? Random.bytes(32)
        if found.flatMap({ SealingKeys.version(of: $0) }) != keys.current {
            try db.run(
                """
                INSERT INTO secret (name, sealed) VALUES ('fingerprints', ?1)
                ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed
                """, keys.seal(key, for: Self.identity))
        }
        return key
    }

    /// How many values of all tables are sealed under which version of the key. It counts them all.
    func sealedCounts() throws -> [UInt32: Int] {
        var counts: [UInt32: Int] = [:]
        try db.each(
            """
            SELECT substr(sealed, 1, 4) AS version, count(*) FROM (
                SELECT sealed FROM message WHERE sealed IS NOT NULL
                UNION ALL SELECT sealed FROM block
                UNION ALL SELECT sealed FROM counted_prefix
                UNION ALL SELECT sealed FROM secret
            ) GROUP BY version
            """
        ) { row in counts[row.blob(0).reduce(0) { $0 << 8 | UInt32($1) }] = row.int(1) }
        return counts
    }

    private func open(_ sealed: [UInt8], with keys: SealingKeys) throws(WrongKeys) -> [UInt8] {
        do throws(SealError) {
            return try keys.open(sealed, for: Self.identity)
        } catch {
            throw WrongKeys(version: SealingKeys.version(of: sealed) ?? 0, isMissing: error != .notAuthentic)
        }
    }

    private static let identity = Array("secret.fingerprints".utf8)
}

/// The key file is not the one that the database was sealed with.
struct WrongKeys: Fatal, Equatable {
    let version: UInt32
    /// Whether the version is not in the file at all.
    let isMissing: Bool

    var exit: Exit { .config }

    var description: String {
        isMissing
            ? "the database is sealed under key \(version), which is not in the key file"
            : "key \(version) in the key file is not the one that the database is sealed with"
    }
}
