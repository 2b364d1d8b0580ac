import Storage
import Wire

/// Something that OTPService still has to be told: to remove one factor, or all.
///
/// It is committed with the change that made it necessary, and deleted once OTPService has answered. Until then nothing
/// else is asked of OTPService for the person, so that what was void stays void.
struct OTPTask: Hashable, Sendable {
    let id: ID
    let person: ID
    let firm: ID
    /// Nil: all of them, with recovery codes, counters and codes in flight.
    var method: FactorMethod?
    var created: Timestamp
    var tries = 0
    /// Not before.
    var due: Timestamp
}

extension OTPTask {
    /// That `method`, or with nil all factors of a person, ended at `now`.
    init(_ person: Person, method: FactorMethod?, at now: Timestamp) {
        self.init(
            id: ID(now: now), person: person.id, firm: person.firm, method: method, created: now, due: now)
    }
}

extension Database {
    func insert(_ task: OTPTask) throws {
        try run(
            """
            INSERT INTO otp_task (id, person, firm, method, created, tries, due) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """, task.id, task.person, task.firm, task.method?.rawValue, task.created, task.tries, task.due)
    }

    /// The tasks of a person, oldest first.
    func tasks(of person: ID) throws -> [OTPTask] {
        try all(
            """
            SELECT id, person, firm, method, created, tries, due FROM otp_task WHERE person = ?1 ORDER BY created, id
            """, person, row: OTPTask.init(row:))
    }

    /// People whose tasks are due and held by nobody, the longest due first.
    func peopleWithTasks(dueAt now: Timestamp, limit: Int) throws -> [ID] {
        try all(
            """
            SELECT person FROM otp_task WHERE due <= ?1 AND leased_until <= ?1
            GROUP BY person ORDER BY min(due) LIMIT ?2
            """, now, limit
        ) { $0.id(0) }
    }

    /// When the next task is due; nil where there is none.
    func nextTaskDue() throws -> Timestamp? {
        try first("SELECT min(max(due, leased_until)) FROM otp_task") { $0.timeOrNil(0) } ?? nil
    }

    /// Takes the tasks of a person for as long as `until`, so that no other host works on them.
    ///
    /// - Returns: false where another one does.
    func leaseTasks(of person: ID, until: Timestamp, at now: Timestamp) throws -> Bool {
        if try exists("SELECT 1 FROM otp_task WHERE person = ?1 AND leased_until > ?2", person, now) {
            return false
        }
        try run("UPDATE otp_task SET leased_until = ?2 WHERE person = ?1", person, until)
        return true
    }

    func deleteTask(_ id: ID) throws {
        try run("DELETE FROM otp_task WHERE id = ?1", id)
    }

    /// Puts the tasks of a person off after a try that failed, and gives them back.
    func putOffTasks(of person: ID, to due: Timestamp) throws {
        try run(
            "UPDATE otp_task SET tries = tries + 1, due = ?2, leased_until = 0 WHERE person = ?1", person, due
        )
    }
}

extension OTPTask {
    init(row: borrowing Row) {
        self.init(
            id: row.id(0), person: row.id(1), firm: row.id(2),
            method: row.stringOrNil(3).flatMap(FactorMethod.init(rawValue:)), created: row.time(4),
            tries: row.int(5), due: row.time(6))
    }
}
