import Cryptography
import Wire

// What SessionCache keeps. Its fields that change are the cache's to change.

/// A firm, as far as the gate asks.
@Loop final class CachedFirm {
    let slug: String
    let settings: Auth.Settings
    var isForgotten = false
    var people = 0

    init(_ firm: Firm) {
        slug = firm.slug
        settings = firm.settings
    }
}

/// A person, as far as the gate asks.
@Loop final class CachedPerson {
    let id: ID
    let firmID: ID
    let actor: Auth.Actor
    /// The facts that no session and no setting has a say in.
    let facts: GateFacts
    let factors: FactorSet
    let phone: String?
    var firm: CachedFirm
    var isForgotten = false
    var sessions = 0

    init(_ person: Person, _ firm: CachedFirm) {
        id = person.id
        firmID = person.firm
        actor = Auth.Actor(
            id: person.id, role: person.role, name: person.name, email: person.email, firm: firm.slug)
        facts = GateFacts(
            requiredByPro: person.requiredByPro, requiredBySelf: person.requiredBySelf,
            enrolled: person.factors.isEnrolled, declined: person.declined)
        factors = person.factors
        phone = person.phone
        self.firm = firm
    }
}

/// A session, as far as the gate asks.
@Loop final class CachedSession {
    let digest: Digest
    let expires: Timestamp
    let isProved: Bool
    let isDeferred: Bool
    let person: CachedPerson
    var lastSeen: Timestamp
    /// The last use that was written down, or is about to be.
    var written: Timestamp
    /// Used since the hand last passed: a second chance.
    var isUsed = true
    var slot = 0
    /// The last answer to `auth.Authorize`, and what it said: mostly the next page has the same.
    private var last: (decision: Auth.Decision, gate: GatePolicy.Decision, answer: Answer)?

    typealias Answer = KeptReply<Auth.Authorize.Reply>

    init(_ session: Session, _ person: CachedPerson) {
        digest = session.digest
        expires = session.expires
        isProved = session.isProved
        isDeferred = session.deferred
        self.person = person
        lastSeen = session.lastSeen
        written = session.lastSeen
    }

    /// The answer to `auth.Authorize` for what was decided of a page.
    func answer(_ decision: Auth.Decision, _ gate: GatePolicy.Decision) throws -> Answer {
        if let last, last.decision == decision, last.gate == gate { return last.answer }
        let answer = try Answer(
            Auth.Authorize.Reply(
                decision: decision, actor: person.actor,
                gate: Auth.Gate(gate, factors: person.factors, phone: person.phone), expires: expires))
        last = (decision, gate, answer)
        return answer
    }
}
