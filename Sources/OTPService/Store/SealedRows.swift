import Cryptography
import Storage
import Wire

/// The tables that hold sealed values, for the change to a new key. They are gone through by row number, so that a value
/// that does not open holds up none of the others.
enum SealedTable: CaseIterable, Sendable {
    case subject, factor, chain
}

/// A sealed value in its place.
struct SealedRow: Sendable {
    /// SQLite's.
    let number: Int64
    let record: SealedRecord
    let sealed: [UInt8]
}

extension Database {
    /// The versions of the keys that values of `table` are sealed under. It jumps from one to the next in the index, and so
    /// costs the same for any number of values.
    func sealedVersions(in table: SealedTable) throws -> [UInt32] {
        switch table {
        case .subject:
            try all(
                """
                WITH RECURSIVE used (version) AS (
                    SELECT min(key_version) FROM subject
                    UNION ALL
                    SELECT (SELECT min(key_version) FROM subject WHERE key_version > version)
                    FROM used WHERE version IS NOT NULL
                ) SELECT version FROM used WHERE version IS NOT NULL
                """
            ) { $0.keyVersion(0) }
        case .factor:
            try all(
                """
                WITH RECURSIVE used (version) AS (
                    SELECT min(key_version) FROM factor
                    UNION ALL
                    SELECT (SELECT min(key_version) FROM factor WHERE key_version > version)
                    FROM used WHERE version IS NOT NULL
                ) SELECT version FROM used WHERE version IS NOT NULL
                """
            ) { $0.keyVersion(0) }
        case .chain:
            try all(
                """
                WITH RECURSIVE used (version) AS (
                    SELECT min(key_version) FROM chain
                    UNION ALL
                    SELECT (SELECT min(key_version) FROM chain WHERE key_version > version)
                    FROM used WHERE version IS NOT NULL
                ) SELECT version FROM used WHERE version IS NOT NULL
                """
            ) { $0.keyVersion(0) }
        }
    }

    /// How many values are sealed under which version. It counts them all.
    func sealedCounts() throws -> [UInt32: Int] {
        var counts: [UInt32: Int] = [:]
        try each(
            """
            SELECT key_version, count(*) FROM subject GROUP BY key_version
            UNION ALL SELECT key_version, count(*) FROM factor GROUP BY key_version
            UNION ALL SELECT key_version, count(*) FROM chain WHERE key_version IS NOT NULL GROUP BY key_version
            """
        ) { row in
            counts[row.keyVersion(0), default: 0] += row.int(1)
        }
        return counts
    }

    /// When the last subject or factor was made, or a code sent; nil where none was.
    func newestRow() throws -> Timestamp? {
        try first(
            """
            SELECT max(at) FROM (
                SELECT * FROM (SELECT created AS at FROM subject ORDER BY rowid DESC LIMIT 1)
                UNION ALL SELECT * FROM (SELECT created FROM factor ORDER BY rowid DESC LIMIT 1)
                UNION ALL SELECT * FROM (SELECT last_sent FROM chain ORDER BY rowid DESC LIMIT 1)
            )
            """
        ) { $0.timeOrNil(0) } ?? nil
    }

    /// Values of `table` that are sealed under key `version`, of the rows after `number`, at most `limit`.
    func sealedRows(
        in table: SealedTable, under version: UInt32, after number: Int64, limit: Int
    ) throws -> [SealedRow] {
        let version = (0..<4).map { UInt8(truncatingIfNeeded: version >> UInt32(24 - 8 * $0)) }
        return switch table {
        case .subject:
            try all(
                """
                SELECT rowid, id, code_key FROM subject WHERE key_version = ?1 AND rowid > ?2 ORDER BY rowid LIMIT ?3
                """, version, number, limit
            ) { SealedRow(number: $0.int64(0), record: .codeKey(of: $0.id(1)), sealed: $0.blob(2)) }
        case .factor:
            try all(
                """
                SELECT rowid, subject, method, secret FROM factor
                WHERE key_version = ?1 AND rowid > ?2 ORDER BY rowid LIMIT ?3
                """, version, number, limit
            ) { row in
                SealedRow(
                    number: row.int64(0), record: .factor(of: row.id(1), try row.method(2)),
                    sealed: row.blob(3))
            }
        case .chain:
            try all(
                "SELECT rowid, id, code FROM chain WHERE key_version = ?1 AND rowid > ?2 ORDER BY rowid LIMIT ?3",
                version, number, limit
            ) { SealedRow(number: $0.int64(0), record: .code(chain: $0.id(1)), sealed: $0.blob(2)) }
        }
    }

    /// Puts `sealed` in the place of a row's value.
    func replaceSealed(_ sealed: [UInt8], in table: SealedTable, row number: Int64) throws {
        switch table {
        case .subject: try run("UPDATE subject SET code_key = ?2 WHERE rowid = ?1", number, sealed)
        case .factor: try run("UPDATE factor SET secret = ?2 WHERE rowid = ?1", number, sealed)
        case .chain: try run("UPDATE chain SET code = ?2 WHERE rowid = ?1", number, sealed)
        }
    }
}

extension Row {
    /// A version as it stands at the beginning of a sealed value.
    fileprivate func keyVersion(_ column: Int) -> UInt32 { blob(column).reduce(0) { $0 << 8 | UInt32($1) } }
}
