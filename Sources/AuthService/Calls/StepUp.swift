import Cryptography
import Storage
import Wire

extension AuthService {
    /// Gives a fresh proof for the sensitive calls: a code, or the password where no factor is enrolled.
    func stepUp(_ request: Auth.StepUp, for caller: Caller) async throws -> Auth.StepUp.Reply {
        let visitor = try visitor(request.session, .open)
        switch (visitor.person.factors.isEnrolled, request.password, request.method, request.code) {
        case (_, _, let method?, let code?):
            return try await stepUp(request.session, visitor.person.id, method, code, for: caller)
        case (false, let password?, _, _):
            return try await stepUp(visitor, password, for: caller)
        case (true, _, _, _):
            throw Refusal(.malformed, "a factor is enrolled: method and code are asked for", field: "code")
        case (false, nil, _, _):
            throw Refusal(.malformed, "no factor is enrolled: the password is asked for", field: "password")
        }
    }

    private func stepUp(
        _ session: String, _ person: ID, _ method: FactorMethod, _ code: String, for caller: Caller
    ) async throws -> Auth.StepUp.Reply {
        try await shielded { [self] in
            try await turns.take(person) { [self] in
                let visitor = try visitor(session, .open)
                let proof = try await prove(method, code, by: visitor, for: caller)
                let token = Random.token()
                try await store.write { database in
                    _ = try proof.take(database)
                    _ = try database.rise(visitor, to: token) { $0.factorAt = visitor.now }
                    try database.record(visitor.event(.steppedUp, ["method": method.rawValue]))
                }
                changed(person: person)
                return Auth.StepUp.Reply(session: token)
            }
        }
    }

    private func stepUp(_ visitor: Visitor, _ password: String, for caller: Caller) async throws
        -> Auth.StepUp.Reply
    {
        let stored = try await provePassword(password, of: visitor, for: caller)
        let token = Random.token()
        try await store.write { database in
            try database.take(stored, of: visitor)
            _ = try database.rise(visitor, to: token) { $0.passwordAt = visitor.now }
            try database.record(visitor.event(.steppedUp, ["method": "password"]))
        }
        changed(person: visitor.person.id)
        return Auth.StepUp.Reply(session: token)
    }

    /// Checks the password of who holds a session. Tries are counted as at log-in, apart from those of log-in.
    ///
    /// - Returns: the stored hash that it was checked against.
    /// - Throws: `BAD_CREDENTIALS` or `TOO_MANY_ATTEMPTS`.
    func provePassword(_ password: String, of visitor: Visitor, for caller: Caller) async throws -> String? {
        try passwords.checkRoom()
        let key = visitor.passwordKey
        let stored = try await store.write { database in
            try database.countTry([key], at: visitor.now)
            return try database.password(of: visitor.person.id)
        }
        guard case .right = try await check(password, against: stored, [key], for: caller) else {
            try await store.write { try $0.record(visitor.event(.passwordWrong)) }
            throw Refusal(.badCredentials)
        }
        return stored
    }
}

extension Visitor {
    /// What tries to give the password again are counted against.
    var passwordKey: AttemptKey {
        AttemptKey(.session, AttemptKey.account(firm: firm.slug, email: person.email))
    }
}

extension Database {
    /// Takes a password that was found right, if it still is the one.
    func take(_ stored: String?, of visitor: Visitor) throws {
        guard try password(of: visitor.person.id) == stored else { throw Refusal(.badCredentials) }
        try clearTries([visitor.passwordKey])
    }
}
