import Storage
import Wire

/// What wrong codes are counted for: each has its own count, so that guesses at one never shut another.
struct Counted: Hashable, Sendable {
    let subject: ID
    let method: FactorMethod
    /// Whether it is a factor that is being set up; its wrong codes do not shut the one that counts.
    var isSetUp = false
}

extension Database {
    func counter(of counted: Counted) throws -> AttemptPolicy.Counter {
        try first(
            "SELECT wrong, last FROM attempt WHERE subject = ?1 AND method = ?2 AND set_up = ?3",
            counted.subject,
            counted.method, counted.isSetUp
        ) { AttemptPolicy.Counter(wrong: $0.int(0), last: $0.time(1)) } ?? AttemptPolicy.Counter()
    }

    func setCounter(_ counter: AttemptPolicy.Counter, of counted: Counted) throws {
        guard let last = counter.last else { return try deleteCounter(of: counted) }
        try run(
            """
            INSERT INTO attempt (subject, method, set_up, wrong, last) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (subject, method, set_up) DO UPDATE SET wrong = excluded.wrong, last = excluded.last
            """, counted.subject, counted.method, counted.isSetUp, counter.wrong, last)
    }

    func deleteCounter(of counted: Counted) throws {
        try run(
            "DELETE FROM attempt WHERE subject = ?1 AND method = ?2 AND set_up = ?3", counted.subject,
            counted.method,
            counted.isSetUp)
    }

    /// Ends the counts of a factor and of its set-up.
    func deleteCounters(of subject: ID, _ method: FactorMethod) throws {
        try run("DELETE FROM attempt WHERE subject = ?1 AND method = ?2", subject, method)
    }

    func deleteCounters(of subject: ID) throws {
        try run("DELETE FROM attempt WHERE subject = ?1", subject)
    }
}
