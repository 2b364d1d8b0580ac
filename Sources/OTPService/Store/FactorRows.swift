import Storage
import Wire

/// A factor as it is kept.
struct Factor: Hashable, Sendable {
    let subject: ID
    let method: FactorMethod
    var isConfirmed: Bool
    /// An authenticator's secret or a phone's number, sealed.
    var secret: [UInt8]
    /// The step of the last code that an authenticator gave (RFC 6238, section 5.2: no code twice).
    var lastStep: Int64?
    /// The step that was told to be off; see ``TOTP/match(_:now:lastUsedStep:burnt:)``.
    var burntStep: Int64?
    /// When a set-up ends that was not confirmed.
    var expires: Timestamp?
}

extension Database {
    /// The confirmed factors of a subject, and no others.
    func confirmedFactors(of subject: ID) throws -> [Factor] {
        try all(
            """
            SELECT subject, method, confirmed, secret, last_step, burnt_step, expires FROM factor
            WHERE subject = ?1 AND confirmed = 1 ORDER BY method
            """, subject, row: Factor.init(row:))
    }

    func factor(of subject: ID, _ method: FactorMethod, confirmed: Bool) throws -> Factor? {
        try first(
            """
            SELECT subject, method, confirmed, secret, last_step, burnt_step, expires FROM factor
            WHERE subject = ?1 AND method = ?2 AND confirmed = ?3
            """, subject, method, confirmed, row: Factor.init(row:))
    }

    /// Keeps a set-up in place of the one before. A confirmed factor stays what it is.
    func begin(_ factor: Factor, now: Timestamp) throws {
        try run(
            """
            INSERT INTO factor (subject, method, confirmed, secret, created, expires) VALUES (?1, ?2, 0, ?3, ?4, ?5)
            ON CONFLICT (subject, method, confirmed) DO UPDATE SET
                secret = excluded.secret, last_step = NULL, burnt_step = NULL, created = excluded.created,
                expires = excluded.expires
            """, factor.subject, factor.method, factor.secret, now, factor.expires)
    }

    /// Puts what was set up in the place of the confirmed factor, if there is one.
    func confirmFactor(of subject: ID, _ method: FactorMethod) throws {
        try run("DELETE FROM factor WHERE subject = ?1 AND method = ?2 AND confirmed = 1", subject, method)
        try run(
            "UPDATE factor SET confirmed = 1, expires = NULL WHERE subject = ?1 AND method = ?2", subject,
            method)
    }

    /// Marks a step as used: codes of it and of those before are good for nothing from now on.
    func setLastStep(_ step: Int64, of factor: Factor) throws {
        try run(
            "UPDATE factor SET last_step = ?4 WHERE subject = ?1 AND method = ?2 AND confirmed = ?3",
            factor.subject, factor.method, factor.isConfirmed, step)
    }

    func setBurntStep(_ step: Int64, of factor: Factor) throws {
        try run(
            "UPDATE factor SET burnt_step = ?4 WHERE subject = ?1 AND method = ?2 AND confirmed = ?3",
            factor.subject, factor.method, factor.isConfirmed, step)
    }

    /// Deletes a factor and the set-up of its successor.
    func deleteFactors(of subject: ID, _ method: FactorMethod) throws {
        try run("DELETE FROM factor WHERE subject = ?1 AND method = ?2", subject, method)
    }

    /// Ends a set-up; a confirmed factor stays.
    func deleteSetUp(of subject: ID, _ method: FactorMethod) throws {
        try run("DELETE FROM factor WHERE subject = ?1 AND method = ?2 AND confirmed = 0", subject, method)
    }

    /// Deletes set-ups that ended before `time`.
    func deleteSetUps(endedBefore time: Timestamp) throws {
        try run("DELETE FROM factor WHERE expires < ?1", time)
    }
}

extension Factor {
    init(row: borrowing Row) throws {
        self.init(
            subject: row.id(0), method: try row.method(1), isConfirmed: row.bool(2), secret: row.blob(3),
            lastStep: row.int64OrNil(4), burntStep: row.int64OrNil(5), expires: row.timeOrNil(6))
    }
}
