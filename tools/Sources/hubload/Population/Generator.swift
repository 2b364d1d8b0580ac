import AuditLog
import Cryptography
import Foundation
import Wire

/// Fills the databases of stopped services with a population: a million clients in minutes, where the calls that make
/// clients one by one would take hours, since each hashes a password.
///
/// The tables are the services' own, which they made at their first start; rows are written as the services write them.
/// What only a service can make is taken from it: the hash of the password from ``template``, and factors are sealed
/// under OTPService's keys. Everybody has that one password.
struct Generator {
    let population: Population
    /// Sessions that are open, of one client after the other.
    var sessions = 0
    /// Events in the audit log of the first firm.
    var events = 0
    let now = Timestamp.now
    var progress: Progress

    /// The firm that AuthService itself has to make first, and its owner.
    static let template = (slug: "load", email: "owner@load.example")
    private static let batch = 20_000

    func fill(auth path: String) throws {
        let auth = try SQLite(path: path)
        try prepare(auth)
        let password = try auth.prepare("SELECT password FROM person WHERE email_key = ?1")
            .text(.text(Self.template.email))
        guard let password else {
            throw Problem.failed(
                """
                \(path): there is no \(Self.template.email), whose password everybody gets; start AuthService and make \
                it: hubctl firm create \(Self.template.slug) Load --owner-name Load --owner-email \
                \(Self.template.email), with the password \(Population.password)
                """)
        }
        try auth.transaction { try addFirms(to: auth, password: password) }
        try addClients(to: auth, password: password)
        try addSessions(to: auth)
        if events > 0 { try AuditWriter(population: population, now: now).write(events, to: auth, progress) }
        try auth.execute("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)")
    }

    func fill(otp path: String, keys: SealingKeys) throws {
        let otp = try SQLite(path: path)
        try prepare(otp)
        let subject = try otp.prepare("INSERT INTO subject (id, code_key, created) VALUES (?1, ?2, ?3)")
        let factor = try otp.prepare(
            "INSERT INTO factor (subject, method, confirmed, secret, created) VALUES (?1, ?2, 1, ?3, ?4)")
        try inBatches(population.clients, of: otp, "factors") { client in
            let id = population.id(ofClient: client)
            let method = population.method(of: client)
            let secret =
                method == .authenticator
                ? population.secret(of: client) : Array(population.phone(of: client).utf8)
            let codeKey = keys.seal(Random.bytes(32), for: Self.place("code_key", of: id))
            let sealed = keys.seal(secret, for: Self.place("factor.\(method.rawValue)", of: id))
            try subject.run(.blob(id.bytes), .blob(codeKey), .integer(now.milliseconds))
            try factor.run(
                .blob(id.bytes), .text(method.rawValue), .blob(sealed), .integer(now.milliseconds))
        }
        try otp.execute("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)")
    }

    /// What OTPService seals a value for: it opens in no other place.
    private static func place(_ word: String, of subject: ID) -> [UInt8] {
        Array(word.utf8) + [0] + subject.bytes
    }

    /// Nothing here has to outlive a power cut: a population that is half there is made anew.
    private func prepare(_ database: SQLite) throws {
        try database.execute(
            "PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; PRAGMA foreign_keys = ON")
    }

    private func addFirms(to auth: SQLite, password: String) throws {
        let firm = try auth.prepare(
            """
            INSERT INTO firm (id, slug, name, created, two_factor_required, pros_two_factor_required, idle_minutes)
            VALUES (?1, ?2, ?3, ?4, 1, 0, 60)
            """)
        let person = try auth.prepare(Self.insertPerson)
        for number in 0..<population.firms {
            let id = population.id(ofFirm: number)
            try firm.run(
                .blob(id.bytes), .text(population.slug(of: number)), .text("Load \(number)"),
                .integer(now.milliseconds))
            let email = population.ownerEmail(of: number)
            try person.run(
                .blob(population.id(ofOwner: number).bytes), .blob(id.bytes), .text("owner"),
                .text("Owner \(number)"), .text("owner \(number)"), .text(email), .text(email),
                .text(password), .integer(now.milliseconds), .integer(0), .null, .null)
        }
    }

    private static let insertPerson = """
        INSERT INTO person (id, firm, role, name, name_key, email, email_key, password, created, factors, phone,
            enrolled_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        """

    private func addClients(to auth: SQLite, password: String) throws {
        let person = try auth.prepare(Self.insertPerson)
        try inBatches(population.clients, of: auth, "clients") { client in
            let isByPhone = population.method(of: client) == .sms
            let email = population.email(of: client)
            try person.run(
                .blob(population.id(ofClient: client).bytes),
                .blob(population.id(ofFirm: population.firm(of: client)).bytes), .text("client"),
                .text("Client \(client)"), .text("client \(client)"), .text(email), .text(email),
                .text(password), .integer(now.milliseconds), .integer(isByPhone ? 2 : 1),
                isByPhone ? .text("•••• ••" + population.phone(of: client).suffix(2)) : .null,
                .integer(now.milliseconds))
        }
    }

    private func addSessions(to auth: SQLite) throws {
        let session = try auth.prepare(
            """
            INSERT INTO session (digest, id, person, created, expires, last_seen, password_at, factor_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?4, ?4, ?4)
            """)
        func add(_ number: Int, of person: ID) throws {
            let ends = now + 8 * 3_600
            try session.run(
                .blob(SHA256.hash(population.token(ofSession: number))),
                .blob(population.id(ofSession: number).bytes), .blob(person.bytes),
                .integer(now.milliseconds), .integer(ends.milliseconds))
        }
        // The owner of the first firm has one too, to ask what only the firm's own people may.
        try auth.transaction { try add(Self.ownersSession, of: population.id(ofOwner: 0)) }
        try inBatches(sessions, of: auth, "sessions") {
            try add($0, of: population.id(ofClient: $0 % population.clients))
        }
    }

    /// Lets the sessions of an earlier run begin now, so that none of them has ended.
    func renewSessions(in path: String) throws {
        let auth = try SQLite(path: path)
        try prepare(auth)
        progress.say("renewing sessions")
        try auth.prepare(
            "UPDATE session SET created = ?1, last_seen = ?1, password_at = ?1, factor_at = ?1, expires = ?2"
        )
        .run(.integer(now.milliseconds), .integer((now + 8 * 3_600).milliseconds))
        progress.clear()
    }

    /// The number of the session that the first firm's owner has.
    static let ownersSession = Population.mostClients * 10

    private func inBatches(
        _ count: Int, of database: SQLite, _ what: String, _ body: (Int) throws -> Void
    ) throws {
        for start in stride(from: 0, to: count, by: Self.batch) {
            progress.say("\(Figures.grouped(start)) of \(Figures.grouped(count)) \(what)")
            try database.transaction {
                for number in start..<min(start + Self.batch, count) { try body(number) }
            }
        }
        progress.clear()
    }
}

/// Writes a firm's audit log as AuthService does: each event holds the hash of the one before. `hubctl audit verify`
/// finds such a log whole.
struct AuditWriter {
    let population: Population
    let now: Timestamp

    /// Puts `count` log-ins into the first firm's log, of its clients in turn.
    func write(_ count: Int, to auth: SQLite, _ progress: Progress) throws {
        let firm = population.id(ofFirm: 0)
        let clients = (0..<population.clients).prefix { population.firm(of: $0) == 0 }
        let event = try auth.prepare(
            """
            INSERT INTO event (firm, number, at, actor, actor_role, actor_name, event, person, detail, previous, hash)
            VALUES (?1, ?2, ?3, ?4, 'client', ?5, ?6, ?4, '', ?7, ?8)
            """)
        let kind = "log_in.succeeded"
        var previous = AuditChain.start(of: firm)
        try auth.transaction {
            for number in 1...count {
                let client = clients[number % clients.count]
                let (person, name) = (population.id(ofClient: client), "Client \(client)")
                let hash = AuditChain.hash(
                    firm: firm, number: number, at: now,
                    actor: Auth.EventActor(id: person, role: "client", name: name), event: kind,
                    person: person, detail: [:], previous: previous)
                try event.run(
                    .blob(firm.bytes), .integer(Int64(number)), .integer(now.milliseconds),
                    .blob(person.bytes), .text(name), .text(kind), .blob(previous.bytes), .blob(hash.bytes))
                previous = hash
                if number % 20_000 == 0 { progress.say("\(Figures.grouped(number)) events") }
            }
            try auth.prepare("INSERT INTO chain (firm, number, hash) VALUES (?1, ?2, ?3)")
                .run(.blob(firm.bytes), .integer(Int64(count)), .blob(previous.bytes))
        }
        progress.clear()
    }
}
