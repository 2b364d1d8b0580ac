import Cryptography
import Storage
import Wire

extension AuthService {
    /// Starts a session from an address and a password.
    ///
    /// Whether the firm and the address exist shows neither in the answer nor in the work: tries are counted for whatever
    /// was typed, and a password is hashed in any case. The try is counted, durably, before the password is looked at.
    func logIn(_ request: Auth.LogIn, for caller: Caller) async throws -> Auth.LogIn.Reply {
        let now = now()
        try passwords.checkRoom()
        let candidate = try store.read { try Candidate(request, $0, at: now) }
        let keys = candidate.keys(request)
        try await store.write { try $0.countTry(keys, at: now) }

        let outcome = try await check(request.password, against: candidate.password, keys, for: caller)
        guard case .right(let rehashed) = outcome, let found = candidate.found else {
            logInFailed(candidate, request, keys, at: now)
            throw Refusal(.badCredentials)
        }
        var new = NewSession(of: found.person.id, at: now)
        new.session.device = found.device
        return try await begin(new, found, candidate, request, rehashed)
    }

    /// Checks a password whose try is counted against `keys`; a try that is refused unseen counts no more.
    func check(
        _ password: String, against stored: String?, _ keys: [AttemptKey], for caller: Caller
    ) async throws -> PasswordPool.Outcome {
        do {
            return try await passwords.check(password, against: stored, until: caller.deadline)
        } catch let refusal as Refusal {
            try await store.write { try $0.uncountTry(keys) }
            throw refusal
        }
    }

    private func begin(
        _ new: NewSession, _ found: Candidate.Found, _ candidate: Candidate, _ request: Auth.LogIn,
        _ rehashed: String?
    ) async throws -> Auth.LogIn.Reply {
        let now = new.session.created
        let keys = candidate.cleared(request)
        let (new, person, firm) = try await store.write { database in
            // What the password was checked against must still hold, and so must the trust in the device.
            guard try database.password(of: found.person.id) == candidate.password,
                let firm = try database.firm(found.person.firm)
            else { throw Refusal(.badCredentials) }
            var new = new
            if let device = new.session.device,
                try !database.devices(of: found.person.id, at: now).contains(where: { $0.id == device })
            {
                new.session.device = nil
            }
            let person = try database.begin(new, address: request.address, agent: request.agent)
            try database.clearTries(keys)
            if let rehashed { try database.setPassword(rehashed, of: person.id) }
            if let address = request.address {
                try database.remember(
                    SHA256.digest(address), of: person.id, at: now, limit: LockoutPolicy.knownAddresses)
            }
            let event = AuditEvent(
                firm: firm.id, at: now, actor: Auth.EventActor(person), kind: .logInSucceeded,
                person: person.id,
                detail: Self.detail(request, device: new.session.device))
            try database.record(event)
            return (new, person, firm)
        }
        changed(person: person.id)
        return Auth.LogIn.Reply(new, person, firm, at: now)
    }

    /// Writes a failure down. Nobody waits for it: an answer that came later for people who exist would tell that they do.
    private func logInFailed(
        _ candidate: Candidate, _ request: Auth.LogIn, _ keys: [AttemptKey], at now: Timestamp
    ) {
        guard let person = candidate.found?.person else { return }
        inBackground("a failed log-in was not recorded") { [store] in
            try await store.write { database in
                var detail = Self.detail(request, device: nil)
                let wait = try database.wait(keys, at: now)
                if wait > 0 { detail["seconds"] = "\(wait)" }
                try database.record(
                    AuditEvent(
                        firm: person.firm, at: now, actor: Auth.EventActor(person),
                        kind: wait > 0 ? .logInLocked : .logInFailed, person: person.id, detail: detail))
            }
        }
    }

    private nonisolated static func detail(_ request: Auth.LogIn, device: ID?) -> [String: String] {
        var detail: [String: String] = [:]
        detail["address"] = request.address
        if device != nil { detail["device"] = "trusted" }
        return detail
    }
}

/// Who may be meant by what was typed.
private struct Candidate: Sendable {
    /// A person of that name, whatever the password.
    struct Found: Sendable {
        let person: Person
        /// The trusted device that the log-in comes from.
        let device: ID?
        let knowsAddress: Bool
    }

    let found: Found?
    /// The hash to check against; nil where there is nobody, or somebody who has not accepted the invitation yet.
    let password: String?

    init(_ request: Auth.LogIn, _ database: Database, at now: Timestamp) throws {
        guard let firm = try database.firm(slug: request.firm),
            let person = try database.person(email: EmailAddress.key(typed: request.email), of: firm.id)
        else {
            found = nil
            password = nil
            return
        }
        let device = try request.device.flatMap {
            try database.device(SHA256.digest($0), of: person.id, at: now)
        }
        let knowsAddress = try request.address.map {
            try database.knows(SHA256.digest($0), person.id, since: now - LockoutPolicy.addressMemory)
        }
        found = Found(person: person, device: device?.id, knowsAddress: knowsAddress ?? false)
        password = try database.password(of: person.id)
    }

    /// What a try is counted against: its own budget where the account knows where it comes from.
    func keys(_ request: Auth.LogIn) -> [AttemptKey] {
        if let known = known(request) { return [known] }
        return strangers(request) + (request.address.map { [AttemptKey(address: $0)] } ?? [])
    }

    /// What begins anew with the right password.
    func cleared(_ request: Auth.LogIn) -> [AttemptKey] {
        // An address in whose name no try was counted has none to forget.
        guard let known = known(request) else { return keys(request) }
        return [known] + strangers(request)
    }

    private func known(_ request: Auth.LogIn) -> AttemptKey? {
        guard let found else { return nil }
        if let device = found.device { return AttemptKey(.known, account(request), from: "device \(device)") }
        guard found.knowsAddress, let address = request.address else { return nil }
        return AttemptKey(.known, account(request), from: "address \(address)")
    }

    private func strangers(_ request: Auth.LogIn) -> [AttemptKey] {
        [
            AttemptKey(.stranger, account(request), from: request.address ?? ""),
            AttemptKey(.strangers, account(request)),
        ]
    }

    private func account(_ request: Auth.LogIn) -> Digest {
        AttemptKey.account(firm: request.firm, email: request.email)
    }
}
