import Cryptography
import Storage
import Wire

/// An invitation about to be given out, with the token that only the invited person gets.
struct NewInvitation: Sendable {
    let token: String
    let invitation: Invitation

    init(of person: ID, isReset: Bool, at now: Timestamp) {
        token = Random.token()
        invitation = Invitation(
            person: person, digest: SHA256.digest(token), isReset: isReset, created: now,
            expires: now + Invitation.lifetime)
    }
}

extension AuthService {
    /// Adds a client who has no password yet, or has one that the firm has choose another; either way it gives the token
    /// to do so by, which takes the place of the one before. Until it is used nothing changes for the client.
    func inviteClient(_ request: Auth.InviteClient, by pro: Visitor) async throws -> Auth.InviteClient.Reply {
        let email = try Fields.email(request.email, "email")
        // The name of a client that the firm has already stays as it is.
        let isReset = request.reset == true
        let name = isReset ? "" : try Fields.name(request.name, "name")
        let (new, client) = try await store.write { database in
            let client: Person
            if isReset {
                guard let person = try database.person(email: email.key, of: pro.firm.id),
                    person.role == .client
                else { throw Refusal(.noSuchClient, field: "email") }
                client = person
            } else {
                client = Person(
                    id: ID(now: pro.now), firm: pro.firm.id, role: .client, name: name, email: email.text,
                    created: pro.now)
                try database.add(client, password: nil)
            }
            let new = NewInvitation(of: client.id, isReset: isReset, at: pro.now)
            try database.insert(new.invitation)
            try database.record(
                pro.event(.clientInvited, about: client.id, ["email": client.email, "reset": "\(isReset)"]))
            return (new, client.id)
        }
        return Auth.InviteClient.Reply(client: client, invitation: new.token, expires: new.invitation.expires)
    }

    /// Chooses a password by an invitation, and logs in. A reset ends all sessions and trusted devices; factors stay, so
    /// whoever has the invitation alone does not get past them.
    func acceptInvitation(
        _ request: Auth.AcceptInvitation, for caller: Caller
    ) async throws -> Auth.AcceptInvitation.Reply {
        let now = now()
        let digest = SHA256.digest(request.invitation)
        guard let (invitation, person, firm) = try store.read({ try $0.invited(digest, to: request.firm) })
        else {
            throw try await noSuchInvitation(for: caller, at: now)
        }
        guard now < invitation.expires else { throw Refusal(.invitationExpired) }
        try Self.check(newPassword: request.password, of: person, firm, field: "password")
        let hash = try await passwords.hash(request.password, until: caller.deadline)

        let new = NewSession(of: person.id, at: now)
        let (begun, firmNow) = try await store.write { database in
            // Of two who use it at once, one comes too late.
            guard try database.deleteInvitation(digest), let firmNow = try database.firm(firm.id) else {
                throw Refusal(.noSuchInvitation)
            }
            try database.replacePassword(of: person.id, by: hash, keeping: nil)
            try database.clearTries(account: AttemptKey.account(firm: firm.slug, email: person.email))
            try database.record(
                AuditEvent(
                    firm: firm.id, at: now, actor: Auth.EventActor(person), kind: .invitationAccepted,
                    person: person.id, detail: ["reset": "\(invitation.isReset)"]))
            return (try database.begin(new, address: nil, agent: nil), firmNow)
        }
        changed(person: person.id)
        return Auth.LogIn.Reply(new, begun, firmNow, at: now)
    }

    /// Counts a try with a token that is none. A token cannot be guessed; this keeps those who try from going on for ever.
    /// They alone are slowed down: behind one caller, the web front end, everybody else stands too.
    ///
    /// - Throws: `TOO_MANY_ATTEMPTS` after many.
    private func noSuchInvitation(for caller: Caller, at now: Timestamp) async throws -> Refusal {
        let key = AttemptKey(address: "invitations of user \(caller.user)")
        try await store.write { try $0.countTry([key], at: now) }
        return Refusal(.noSuchInvitation)
    }
}

extension Database {
    /// The invitation with this token, and whom it invites, if that is somebody of the firm.
    fileprivate func invited(_ digest: Digest, to slug: String) throws -> (Invitation, Person, Firm)? {
        guard let invitation = try invitation(digest), let person = try person(invitation.person),
            let firm = try firm(person.firm), firm.slug == slug
        else { return nil }
        return (invitation, person, firm)
    }

    /// Adds somebody to a firm; `password` is an Argon2id hash, nil until an invitation is accepted.
    ///
    /// - Throws: `EMAIL_TAKEN`, where a client or a PRO of the firm has the address.
    func add(_ new: Person, password: String?) throws {
        guard try person(email: EmailAddress.key(typed: new.email), of: new.firm) == nil else {
            throw Refusal(.emailTaken, field: "email")
        }
        try insert(new, password: password)
    }
}
