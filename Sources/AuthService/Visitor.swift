import Cryptography
import Wire

/// Who makes a call by a session, as the database has it now: the session, its person and firm, and the gate.
struct Visitor: Sendable {
    let session: Session
    let person: Person
    let firm: Firm
    let gate: GatePolicy.Decision
    let now: Timestamp

    /// Who did it, for the audit log.
    var actor: Auth.EventActor { Auth.EventActor(person) }

    /// The gate as the wire tells it.
    var wireGate: Auth.Gate { Auth.Gate(gate, factors: person.factors, phone: person.phone) }

    /// Whether the proof of identity is fresh enough for the sensitive calls.
    var isFresh: Bool {
        StepUpPolicy.isFresh(
            enrolled: person.factors.isEnrolled, passwordAt: session.passwordAt, factorAt: session.factorAt,
            at: now)
    }

    /// An event that this person did, about itself where nobody else is named.
    func event(_ kind: EventKind, about person: ID? = nil, _ detail: [String: String] = [:]) -> AuditEvent {
        AuditEvent(
            firm: firm.id, at: now, actor: actor, kind: kind, person: person ?? self.person.id, detail: detail
        )
    }
}

extension AuthService {
    /// Who holds the session with this token, if `policy` lets them make the call. It counts as use of the session.
    ///
    /// - Throws: `NO_SESSION`, `LOCKED`, `NOT_A_PRO`, `NOT_THE_OWNER` or `STEP_UP`.
    func visitor(_ token: String, _ policy: CallPolicy) throws -> Visitor {
        let now = now()
        guard let visitor = try visitor(SHA256.digest(token), at: now) else { throw Refusal(.noSession) }
        if let reason = policy.refusal(
            gate: visitor.gate.state, role: visitor.person.role, isFresh: visitor.isFresh)
        {
            throw Refusal(reason)
        }
        if let session = try sessions.find(visitor.session.digest, at: now) {
            sessions.use(session, at: now, address: nil)
        }
        return visitor
    }

    /// The session with this digest, read anew; nil where there is none or it is over.
    func visitor(_ digest: Digest, at now: Timestamp) throws -> Visitor? {
        try store.read { database in
            guard var session = try database.session(digest),
                let person = try database.person(session.person),
                let firm = try database.firm(person.firm)
            else { return nil }
            session.lastSeen = max(session.lastSeen, sessions.lastSeen(digest) ?? session.lastSeen)
            guard SessionPolicy.isAlive(session, idleMinutes: firm.settings.idleMinutes, at: now) else {
                return nil
            }
            let gate = GatePolicy.decide(GateFacts(person, firm.settings, session: session, at: now))
            return Visitor(session: session, person: person, firm: firm, gate: gate, now: now)
        }
    }
}

extension Auth.Gate {
    init(_ decision: GatePolicy.Decision, factors: FactorSet, phone: String?) {
        self.init(
            state: decision.state, required: decision.required, requiredBy: decision.requiredBy,
            methods: factors.methods, phone: phone, deferred: decision.deferred, offer: decision.offer)
    }

    /// The gate of `person` in `session` now; of a new log-in before any code where there is no session.
    init(_ person: Person, _ firm: Firm, session: Session?, at now: Timestamp) {
        self.init(
            GatePolicy.decide(GateFacts(person, firm.settings, session: session, at: now)),
            factors: person.factors, phone: person.phone)
    }
}
