import Storage
import Wire

extension AuthService {
    /// The support override, one commit: it waits for no other service, so it works whatever state the factors are in and
    /// while OTPService is down, which is told to wipe afterwards.
    func overrideTwoFactor(_ request: Auth.OverrideTwoFactor, by pro: Visitor) async throws -> Auth.Client {
        let note = try OverrideNote(reason: request.reason, identifiedBy: request.identifiedBy)
        let client = try await store.write { database in
            let person = try database.person(request.client, helpedBy: pro)
            let done = try database.override(person, by: pro.person.name, at: pro.now)
            try database.record(pro.event(.overridden, about: person.id, note.detail(person, done)))
            guard let firm = try database.firm(pro.firm.id) else { throw Refusal(.noSession) }
            return try database.entry(of: done.person, firm, at: pro.now)
        }
        changed(person: client.id)
        tasks.kick()
        return client
    }

    /// The override of a firm's owner, whom nobody in the firm can help.
    func overrideOwner(_ request: Auth.OverrideOwner, for caller: Caller) async throws
        -> Auth.OverrideOwner.Reply
    {
        let note = try OverrideNote(reason: request.reason, identifiedBy: request.identifiedBy)
        let (now, actor) = (now(), Auth.EventActor.admin(caller.user))
        let owner = try await store.write { database in
            guard let firm = try database.firm(slug: request.firm),
                let owner = try database.owner(of: firm.id)
            else { throw Refusal(.noSuchFirm) }
            let done = try database.override(owner, by: actor.name, at: now)
            try database.record(
                AuditEvent(
                    firm: firm.id, at: now, actor: actor, kind: .overridden, person: owner.id,
                    detail: note.detail(owner, done)))
            return owner.id
        }
        changed(person: owner)
        tasks.kick()
        return Auth.OverrideOwner.Reply(owner: owner)
    }
}

/// What an override leaves for whoever asks later why it was made.
private struct OverrideNote: Sendable {
    let reason: String
    /// How the PRO made sure who the person is.
    let identifiedBy: String?

    init(reason: String, identifiedBy: String?) throws(Refusal) {
        self.reason = try Fields.reason(reason)
        self.identifiedBy = try Fields.note(identifiedBy, "identifiedBy")
    }

    /// The details of the event; `person` is as it was before.
    func detail(_ person: Person, _ done: Overridden) -> [String: String] {
        var detail = [
            "reason": reason, "sessionsEnded": "\(done.ended)", "sessionsDeferred": "\(done.goOn)",
            "methods": person.factors.methods.map(\.rawValue).joined(separator: " "),
        ]
        detail["identifiedBy"] = identifiedBy
        return detail
    }
}

extension Database {
    /// Whom `pro` may override: a client of the firm, and for the owner a PRO too.
    fileprivate func person(_ id: ID, helpedBy pro: Visitor) throws -> Person {
        guard let person = try person(id), person.firm == pro.firm.id else { throw Refusal(.noSuchClient) }
        switch (person.role, pro.person.role) {
        case (.client, _), (.pro, .owner): return person
        case (.pro, _), (.owner, _): throw Refusal(.noSuchClient)
        }
    }
}
