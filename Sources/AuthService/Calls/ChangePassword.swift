import Cryptography
import Storage
import Wire

extension AuthService {
    /// Changes the password; all other sessions and all trusted devices end.
    func changePassword(
        _ request: Auth.ChangePassword, for caller: Caller
    ) async throws -> Auth.ChangePassword.Reply {
        let visitor = try visitor(request.session, .open)
        let stored = try await provePassword(request.current, of: visitor, for: caller)
        try Self.check(newPassword: request.new, of: visitor.person, visitor.firm, field: "new")
        guard request.new != request.current else {
            throw Refusal(.weakPassword, "The new password is the old one.", field: "new")
        }
        let hash = try await passwords.hash(request.new, until: caller.deadline)
        let token = Random.token()
        try await store.write { database in
            try database.take(stored, of: visitor)
            try database.replacePassword(of: visitor.person.id, by: hash, keeping: visitor.session.id)
            _ = try database.rise(visitor, to: token) { $0.passwordAt = visitor.now }
            try database.record(visitor.event(.passwordChanged))
        }
        changed(person: visitor.person.id)
        return Auth.ChangePassword.Reply(session: token)
    }

    /// - Throws: `WEAK_PASSWORD`, naming `field`.
    static func check(newPassword: String, of person: Person, _ firm: Firm, field: String) throws(Refusal) {
        let context = [firm.slug, firm.name, person.name, person.email]
        guard let problem = PasswordPolicy.problem(newPassword, context: context) else { return }
        throw Refusal(.weakPassword, problem, field: field)
    }
}

extension Database {
    /// Sets another password: whoever came in by the old one is out, and no place is known by it any more.
    func replacePassword(of person: ID, by hash: String, keeping session: ID?) throws {
        try setPassword(hash, of: person)
        try deleteSessions(of: person, but: session)
        try deleteDevices(of: person)
        try forgetAddresses(of: person)
    }
}
