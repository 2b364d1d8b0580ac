import Cryptography
import Storage
import Wire

/// A session about to begin, with the token that only its holder gets.
struct NewSession: Sendable {
    let token: String
    var session: Session

    /// A session of `person` who has just given the password.
    init(of person: ID, at now: Timestamp) {
        token = Random.token()
        session = Session(
            digest: SHA256.digest(token), id: ID(now: now), person: person, created: now,
            expires: SessionPolicy.end(of: now), lastSeen: now, passwordAt: now)
    }
}

extension Database {
    /// Begins a session: in the same job as what entitles to it.
    ///
    /// - Returns: the person as it is from then on.
    func begin(_ new: NewSession, address: String?, agent: String?) throws -> Person {
        let session = new.session
        try insert(session, address: address, agent: agent)
        try deleteSessions(of: session.person, beyond: SessionPolicy.perPerson)
        return try change(session.person) { $0.lastLogIn = session.created }
    }

    /// Gives a session a new token, as at every rise of privilege; the old one is dead from then on.
    ///
    /// - Throws: `NO_SESSION` where it has ended meanwhile.
    func rise(_ visitor: Visitor, to token: String, _ body: (inout Session) -> Void) throws -> Session {
        try change(visitor.session.digest) { session in
            session.digest = SHA256.digest(token)
            session.lastSeen = max(session.lastSeen, visitor.now)
            body(&session)
        }
    }
}

extension Auth.LogIn.Reply {
    init(_ new: NewSession, _ person: Person, _ firm: Firm, at now: Timestamp) {
        self.init(
            session: new.token, expires: new.session.expires,
            actor: Auth.Actor(
                id: person.id, role: person.role, name: person.name, email: person.email, firm: firm.slug),
            gate: Auth.Gate(person, firm, session: new.session, at: now))
    }
}
