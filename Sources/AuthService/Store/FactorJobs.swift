import Storage
import Wire

// What ends factors, each within the job of the call that does it.

extension Database {
    /// Ends all factors of a person and the trust that rested on them; OTPService is to be told (``OTPTasks/kick()`` after
    /// the commit). What becomes of the sessions is the caller's to decide, in the same job.
    @discardableResult
    func endFactors(of person: Person, at now: Timestamp) throws -> Person {
        try deleteDevices(of: person.id)
        try insert(OTPTask(person, method: nil, at: now))
        return try change(person.id) { $0.voidFactors() }
    }

    /// The support override: all factors end, whatever their state; sessions that still owed a code end, the others go on,
    /// unlocked and deferred; set-up is offered again even where it was declined. Who requires 2FA stays as it is, but for
    /// the person's own choice, which was made for the factors that end. `name` is who overrides, for the client's page.
    func override(_ person: Person, by name: String, at now: Timestamp) throws -> Overridden {
        guard let firm = try firm(person.firm) else { throw Refusal(.noSession) }
        var result = Overridden(person: person, ended: 0, goOn: 0)
        for session in try sessions(of: person.id) {
            let gate = GatePolicy.decide(GateFacts(person, firm.settings, session: session, at: now))
            let isAlive = SessionPolicy.isAlive(session, idleMinutes: firm.settings.idleMinutes, at: now)
            switch isAlive ? RevocationPolicy.afterOverride(gate.state) : .ends {
            case .ends:
                try deleteSession(session.digest)
                if isAlive { result.ended += 1 }
            case .goesOn:
                try change(session.digest) { session in
                    session.deferred = true
                    session.factorAt = nil
                    session.device = nil
                }
                result.goOn += 1
            }
        }
        try endFactors(of: person, at: now)
        result.person = try change(person.id) { person in
            person.declined = false
            person.codesLockedUntil = nil
            person.overriddenAt = now
            person.overriddenBy = name
        }
        return result
    }
}

/// What an override did.
struct Overridden: Sendable {
    /// As it is now.
    var person: Person
    /// Sessions that owed a code, and ended.
    var ended: Int
    /// Sessions that go on, deferred.
    var goOn: Int
}
