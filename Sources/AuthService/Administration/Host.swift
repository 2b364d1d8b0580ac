import Storage
import Wire

// What the host's admin users call, through `hubctl`.

extension AuthService {
    /// Creates a firm with its owner. 2FA is off for clients and on for PROs until somebody says otherwise.
    func createFirm(_ request: Auth.CreateFirm, for caller: Caller) async throws -> Auth.CreateFirm.Reply {
        let now = now()
        let firm = Firm(
            id: ID(now: now), slug: try Fields.slug(request.slug, "slug"),
            name: try Fields.name(request.name, "name"), created: now, settings: .ofNewFirm)
        let owner = Person(
            id: ID(now: now), firm: firm.id, role: .owner,
            name: try Fields.name(request.owner.name, "owner.name"),
            email: try Fields.email(request.owner.email, "owner.email").text, created: now)
        try Self.check(newPassword: request.owner.password, of: owner, firm, field: "owner.password")
        guard try store.read({ try $0.firm(slug: firm.slug) }) == nil else {
            throw Refusal(.slugTaken, field: "slug")
        }
        let hash = try await passwords.hash(request.owner.password, until: caller.deadline)
        try await store.write { database in
            guard try database.firm(slug: firm.slug) == nil else { throw Refusal(.slugTaken, field: "slug") }
            try database.insert(firm)
            try database.add(owner, password: hash)
            try database.record(
                AuditEvent(
                    firm: firm.id, at: now, actor: .admin(caller.user), kind: .firmCreated, person: owner.id,
                    detail: ["slug": firm.slug, "name": firm.name, "owner": owner.email]))
        }
        return Auth.CreateFirm.Reply(firm: firm.id, owner: owner.id)
    }

    /// Creates a client with a password.
    func createClient(_ request: Auth.CreateClient, for caller: Caller) async throws
        -> Auth.CreateClient.Reply
    {
        let now = now()
        guard let firm = try store.read({ try $0.firm(slug: request.firm) }) else {
            throw Refusal(.noSuchFirm)
        }
        let client = Person(
            id: ID(now: now), firm: firm.id, role: .client, name: try Fields.name(request.name, "name"),
            email: try Fields.email(request.email, "email").text, created: now)
        try Self.check(newPassword: request.password, of: client, firm, field: "password")
        guard
            try store.read({ try $0.person(email: EmailAddress.key(typed: client.email), of: firm.id) })
                == nil
        else { throw Refusal(.emailTaken, field: "email") }
        let hash = try await passwords.hash(request.password, until: caller.deadline)
        try await store.write { database in
            try database.add(client, password: hash)
            try database.record(
                AuditEvent(
                    firm: firm.id, at: now, actor: .admin(caller.user), kind: .clientCreated,
                    person: client.id,
                    detail: ["email": client.email]))
        }
        return Auth.CreateClient.Reply(client: client.id)
    }

    /// What the gate decides for a person at a new log-in, and why.
    func explain(_ request: Auth.Explain) throws -> Auth.Explain.Reply {
        let now = now()
        return try store.read { database in
            guard let firm = try database.firm(slug: request.firm) else { throw Refusal(.noSuchFirm) }
            guard let person = try database.person(email: EmailAddress.key(typed: request.email), of: firm.id)
            else {
                throw Refusal(.noSuchClient)
            }
            let decision = GatePolicy.decide(GateFacts(person, firm.settings, session: nil, at: now))
            return Auth.Explain.Reply(
                client: person.id, gate: Auth.Gate(person, firm, session: nil, at: now),
                rule: decision.rule.sentence, facts: try database.facts(of: person, firm, at: now))
        }
    }
}

extension Auth.Settings {
    fileprivate static let ofNewFirm = Auth.Settings(
        twoFactorRequired: false, enforceFrom: nil, prosTwoFactorRequired: true, trustedDeviceDays: 30,
        idleMinutes: 30, version: 1)
}

extension Database {
    /// What the gate goes by, and what else helps whoever asks why somebody cannot get in.
    fileprivate func facts(of person: Person, _ firm: Firm, at now: Timestamp) throws -> [String: String] {
        let settings = firm.settings
        let required = GateFacts(person, settings, session: nil, at: now)
        var facts = [
            "role": person.role.rawValue,
            "requiredByFirm": "\(required.requiredByFirm)",
            "requiredByPro": "\(person.requiredByPro)",
            "requiredBySelf": "\(person.requiredBySelf)",
            "enrolled": "\(person.factors.isEnrolled)",
            "methods": person.factors.methods.map(\.rawValue).joined(separator: " "),
            "declined": "\(person.declined)",
            "invited": "\(try password(of: person.id) == nil)",
            "sessions": "\(try openSessions(of: person.id, idleMinutes: settings.idleMinutes, at: now))",
            "trustedDevices": "\(try devices(of: person.id, at: now).count)",
            "tasksForOTPService": "\(try tasks(of: person.id).count)",
        ]
        switch person.role {
        case .client:
            facts["twoFactorRequired"] = "\(settings.twoFactorRequired)"
            facts["enforceFrom"] = settings.enforceFrom.map { "\($0)" } ?? "at once"
        case .pro, .owner:
            facts["prosTwoFactorRequired"] = "\(settings.prosTwoFactorRequired)"
        }
        facts["since"] = person.enrolledAt.map { "\($0)" }
        facts["overriddenAt"] = person.overriddenAt.map { "\($0)" }
        facts["overriddenBy"] = person.overriddenBy
        facts["lockedUntil"] = try lockedUntil(person, firm, at: now).map { "\($0)" }
        return facts
    }
}
