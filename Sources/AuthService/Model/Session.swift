import Cryptography
import Wire

/// A session, found by the digest of its token. The token itself is nowhere but with its holder.
struct Session: Hashable, Sendable {
    /// Replaced, with the token, at every rise of privilege.
    var digest: Digest
    /// Stays the same for as long as the session lives.
    let id: ID
    let person: ID
    var created: Timestamp
    /// The absolute end.
    var expires: Timestamp
    /// To the minute where it comes from the database.
    var lastSeen: Timestamp
    /// When the password was last proved in this session.
    var passwordAt: Timestamp
    /// When a second factor was last proved in this session; nil: never, or all factors have ended since.
    var factorAt: Timestamp?
    /// The trusted device that stands in for the second factor.
    var device: ID?
    /// Was alive when a PRO overrode: set-up is put off to the next log-in.
    var deferred = false

    /// Whether the second factor needs no asking for.
    var isProved: Bool { factorAt != nil || device != nil }
}

/// A device that need not be asked for a code.
struct Device: Hashable, Sendable {
    let id: ID
    let person: ID
    var created: Timestamp
    var expires: Timestamp
    var agent: String?
}
