import Cryptography
import Storage
import Wire

/// A one-time token by which a person chooses a password; found by its digest.
struct Invitation: Hashable, Sendable {
    let person: ID
    let digest: Digest
    /// The person had a password before.
    let isReset: Bool
    let created: Timestamp
    let expires: Timestamp

    /// Seconds for which it may be used.
    static let lifetime = 7 * 24 * 60 * 60
}

extension Database {
    /// Gives a person this invitation; the one before, if there was one, is good for nothing any more.
    func insert(_ invitation: Invitation) throws {
        try run(
            """
            INSERT INTO invitation (person, digest, reset, created, expires) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (person) DO UPDATE SET digest = excluded.digest, reset = excluded.reset,
                created = excluded.created, expires = excluded.expires
            """, invitation.person, invitation.digest, invitation.isReset, invitation.created,
            invitation.expires)
    }

    /// The invitation with this token, also one that has expired.
    func invitation(_ digest: Digest) throws -> Invitation? {
        try first(
            "SELECT person, digest, reset, created, expires FROM invitation WHERE digest = ?1", digest
        ) { row in
            Invitation(
                person: row.id(0), digest: try row.digest(1), isReset: row.bool(2), created: row.time(3),
                expires: row.time(4))
        }
    }

    /// Uses an invitation up.
    ///
    /// - Returns: false where there is none any more.
    func deleteInvitation(_ digest: Digest) throws -> Bool {
        try run("DELETE FROM invitation WHERE digest = ?1", digest) == 1
    }
}
