import Cryptography
import Wire

extension AuthService {
    /// May this session open this path? Asked on every request of every page, so it runs inline on the loop, from memory.
    ///
    /// It never refuses: no session, or one that is over, is told to log in.
    func authorize(_ request: Auth.Authorize) throws -> KeptReply<Auth.Authorize.Reply> {
        let now = now()
        guard request.session.utf8.count == Self.tokenLength,
            let session = try sessions.find(SHA256.digest(request.session), at: now)
        else { return try Self.mustLogIn.get() }
        sessions.use(session, at: now, address: request.address)

        let gate = GatePolicy.decide(session.facts(at: now))
        let decision = PagePolicy.decide(
            PathPolicy.kind(of: request.path), gate.state, session.person.actor.role)
        return try session.answer(decision, gate)
    }

    private static let mustLogIn = Result { try KeptReply(Auth.Authorize.Reply(decision: .logIn)) }

    /// Characters of a session's token: 32 bytes in base64url.
    private static let tokenLength = 43
}

extension CachedSession {
    /// What the gate decides from now: the person's facts, and what the settings and this session have to say.
    fileprivate func facts(at now: Timestamp) -> GateFacts {
        var facts = person.facts
        facts.requiredByFirm = RequirementPolicy.firmRequires(
            of: person.actor.role, person.firm.settings, at: now)
        facts.proved = isProved
        facts.deferred = isDeferred
        return facts
    }
}
