import Storage
import Wire

extension Database {
    /// `password` is an Argon2id hash; nil for somebody who is invited and has chosen none.
    func insert(_ person: Person, password: String?) throws {
        try run(
            """
            INSERT INTO person (id, firm, role, name, name_key, email, email_key, password, created)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """, person.id, person.firm, person.role.rawValue, person.name, person.name.lowercased(),
            person.email, EmailAddress.key(typed: person.email), password, person.created)
    }

    func person(_ id: ID) throws -> Person? {
        try first(
            """
            SELECT id, firm, role, name, email, created, required_by_pro, required_by_self, declined, factors, phone,
                enrolled_at, epoch, overridden_at, overridden_by, last_log_in, codes_locked_until
            FROM person WHERE id = ?1
            """, id, row: Person.init(row:))
    }

    func person(email key: String, of firm: ID) throws -> Person? {
        try first(
            """
            SELECT id, firm, role, name, email, created, required_by_pro, required_by_self, declined, factors, phone,
                enrolled_at, epoch, overridden_at, overridden_by, last_log_in, codes_locked_until
            FROM person WHERE firm = ?1 AND email_key = ?2
            """, firm, key, row: Person.init(row:))
    }

    /// The owner of a firm: there is one.
    func owner(of firm: ID) throws -> Person? {
        try first(
            """
            SELECT id, firm, role, name, email, created, required_by_pro, required_by_self, declined, factors, phone,
                enrolled_at, epoch, overridden_at, overridden_by, last_log_in, codes_locked_until
            FROM person WHERE firm = ?1 AND role = 'owner'
            """, firm, row: Person.init(row:))
    }

    /// Changes a person as `body` does, and writes every column that may change. Inside one job nobody comes between.
    ///
    /// - Throws: `NO_SESSION` where there is no such person any more, and so none of its sessions.
    @discardableResult
    func change(_ id: ID, _ body: (inout Person) throws -> Void) throws -> Person {
        guard var person = try person(id) else { throw Refusal(.noSession) }
        try body(&person)
        try run(
            """
            UPDATE person SET name = ?2, name_key = ?3, required_by_pro = ?4, required_by_self = ?5, declined = ?6,
                factors = ?7, phone = ?8, enrolled_at = ?9, epoch = ?10, overridden_at = ?11, overridden_by = ?12,
                last_log_in = ?13, codes_locked_until = ?14
            WHERE id = ?1
            """, id, person.name, person.name.lowercased(), person.requiredByPro, person.requiredBySelf,
            person.declined, person.factors, person.phone, person.enrolledAt, person.epoch,
            person.overriddenAt, person.overriddenBy, person.lastLogIn, person.codesLockedUntil)
        return person
    }

    /// The Argon2id hash of a person's password; nil where none has been chosen.
    func password(of person: ID) throws -> String? {
        try first("SELECT password FROM person WHERE id = ?1", person) { $0.stringOrNil(0) } ?? nil
    }

    func setPassword(_ hash: String, of person: ID) throws {
        try run("UPDATE person SET password = ?2 WHERE id = ?1", person, hash)
    }

    /// Removes a person with its sessions, devices and invitation. The audit log keeps the name.
    func deletePerson(_ id: ID) throws {
        try run("DELETE FROM person WHERE id = ?1", id)
    }
}

extension Person {
    /// Reads the columns in the order of the SELECTs above.
    init(row: borrowing Row) throws {
        self.init(
            id: row.id(0), firm: row.id(1), role: try row.role(2), name: row.string(3), email: row.string(4),
            created: row.time(5), requiredByPro: row.bool(6), requiredBySelf: row.bool(7),
            declined: row.bool(8), factors: row.factors(9), phone: row.stringOrNil(10),
            enrolledAt: row.timeOrNil(11), epoch: row.int(12), overriddenAt: row.timeOrNil(13),
            overriddenBy: row.stringOrNil(14), lastLogIn: row.timeOrNil(15),
            codesLockedUntil: row.timeOrNil(16))
    }
}
