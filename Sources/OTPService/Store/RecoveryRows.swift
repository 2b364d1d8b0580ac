import Storage
import Wire

/// The tags of a subject's recovery codes.
struct RecoveryTags: Hashable, Sendable {
    /// Of those that may still be used.
    var left: [[UInt8]] = []
    var used: [[UInt8]] = []

    var isEmpty: Bool { left.isEmpty && used.isEmpty }
}

extension Database {
    func recoveryTags(of subject: ID) throws -> RecoveryTags {
        var tags = RecoveryTags()
        try each("SELECT tag, used IS NULL FROM recovery_code WHERE subject = ?1", subject) { row in
            if row.bool(1) { tags.left.append(row.blob(0)) } else { tags.used.append(row.blob(0)) }
        }
        return tags
    }

    /// How many recovery codes a subject has left.
    func recoveryLeft(of subject: ID) throws -> Int {
        try first("SELECT count(*) FROM recovery_code WHERE subject = ?1 AND used IS NULL", subject) {
            $0.int(0)
        } ?? 0
    }

    /// Keeps new recovery codes in place of all that there were; none: they end.
    func setRecoveryTags(_ tags: [[UInt8]], of subject: ID) throws {
        try run("DELETE FROM recovery_code WHERE subject = ?1", subject)
        for tag in tags {
            try run("INSERT INTO recovery_code (subject, tag) VALUES (?1, ?2)", subject, tag)
        }
    }

    /// Marks a recovery code as used.
    func useRecoveryTag(_ tag: [UInt8], of subject: ID, now: Timestamp) throws {
        try run("UPDATE recovery_code SET used = ?3 WHERE subject = ?1 AND tag = ?2", subject, tag, now)
    }
}
