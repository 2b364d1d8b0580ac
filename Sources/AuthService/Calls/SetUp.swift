import Cryptography
import Storage
import Wire

// Setting up a factor. OTPService keeps it and proves its first code; it counts once the commit here says so. Between the
// two, a crash or a lost answer leaves a factor that OTPService has confirmed and AuthService does not know of: the next
// try finds it (`reconcile`), and takes it over.

extension AuthService {
    /// Starts the set-up of a factor, or starts it anew.
    func beginSetUp(_ request: Auth.BeginSetUp, for caller: Caller) async throws -> Auth.BeginSetUp.Reply {
        try Self.checkIsFactor(request.method)
        let person = try visitor(request.session, .settingUp).person
        return try await turns.take(person.id) { [self] in
            try await tasks.settle(person.id, for: caller)
            try await reconcile(person.id, for: caller)
            let visitor = try settingUp(request.session)
            guard !visitor.person.factors.contains(FactorSet(request.method)) else {
                throw Refusal(.alreadySetUp)
            }
            let begun = try await otp.call(
                OTP.Begin(
                    subject: visitor.person.id, method: request.method, account: visitor.person.email,
                    issuer: visitor.firm.name, phone: request.phone, firm: visitor.firm.id,
                    brand: visitor.firm.name, domain: configuration.domain, language: request.language),
                for: caller)
            return Auth.BeginSetUp.Reply(
                method: request.method, secret: begun.secret, uri: begun.uri, phone: begun.phone,
                resendAfter: begun.resendAfter, expires: begun.expires)
        }
    }

    /// Proves a new factor with its first code.
    func confirmSetUp(_ request: Auth.ConfirmSetUp, for caller: Caller) async throws
        -> Auth.ConfirmSetUp.Reply
    {
        try Self.checkIsFactor(request.method)
        let person = try visitor(request.session, .settingUp).person
        // A caller that stops waiting does not part OTPService's confirmation from the commit.
        return try await shielded { [self] in
            try await turns.take(person.id) { [self] in
                let visitor = try settingUp(request.session)
                let confirmed = try await confirmed(request, visitor, for: caller)
                // What has just been confirmed shows its number, masked, if OTPService has the time to tell.
                let known = try? await otp.call(OTP.Methods(subject: person.id), for: caller)
                return try await count(confirmed, phone: known?.phone, request, visitor)
            }
        }
    }

    private func confirmed(
        _ request: Auth.ConfirmSetUp, _ visitor: Visitor, for caller: Caller
    ) async throws -> OTP.Confirm.Reply {
        do {
            return try await otp.call(
                OTP.Confirm(subject: visitor.person.id, method: request.method, code: request.code),
                for: caller)
        } catch let refusal as Refusal where refusal.isFor(.notBegun) {
            // It may have been confirmed before, by a call whose answer was lost.
            try await reconcile(visitor.person.id, for: caller)
            throw refusal
        }
    }

    /// Commits that the factor counts, and lets the session rise.
    private func count(
        _ confirmed: OTP.Confirm.Reply, phone: String?, _ request: Auth.ConfirmSetUp, _ visitor: Visitor
    ) async throws -> Auth.ConfirmSetUp.Reply {
        let token = Random.token()
        let (session, person) = try await store.write { database in
            let person = try database.enroll(
                FactorSet(confirmed.methods), phone: phone, visitor.person, visitor.firm, at: visitor.now)
            let session = try database.rise(visitor, to: token) { session in
                session.factorAt = visitor.now
                session.deferred = false
            }
            try database.record(visitor.event(.factorSetUp, ["method": request.method.rawValue]))
            return (session, person)
        }
        changed(person: person.id)
        return Auth.ConfirmSetUp.Reply(
            session: token, gate: Auth.Gate(person, visitor.firm, session: session, at: visitor.now),
            recoveryCodes: confirmed.recoveryCodes)
    }

    /// Takes over what OTPService has confirmed and the commit here missed. Not while OTPService still has to be told of
    /// factors that ended: those never come back.
    ///
    /// The other way round nothing is taken over: a factor that OTPService has lost stays asked for until a PRO overrides.
    func reconcile(_ id: ID, for caller: Caller) async throws {
        let before = try store.read { try ($0.person(id), $0.tasks(of: id)) }
        guard let person = before.0, before.1.isEmpty else { return }
        let known = try await otp.call(OTP.Methods(subject: id), for: caller)
        let methods = FactorSet(known.methods)
        guard methods.isEnrolled, !methods.isSubset(of: person.factors.union(.recovery)) else { return }
        let now = now()
        try await store.write { database in
            guard let firm = try database.firm(person.firm) else { return }
            _ = try database.enroll(
                methods.union(person.factors), phone: known.phone, person, firm, at: now)
            try database.record(
                AuditEvent(
                    firm: firm.id, at: now, actor: .system, kind: .factorSetUp, person: id,
                    detail: ["methods": methods.methods.map(\.rawValue).joined(separator: " ")]))
        }
        changed(person: id)
    }

    /// Who sets up a factor: beside the lock, a proof that is fresh where there is a factor already.
    private func settingUp(_ token: String) throws -> Visitor {
        let visitor = try visitor(token, .settingUp)
        guard !visitor.person.factors.isEnrolled || visitor.isFresh else { throw Refusal(.stepUp) }
        return visitor
    }

    /// Recovery codes come with a factor, and go with it.
    static func checkIsFactor(_ method: FactorMethod) throws(Refusal) {
        guard method != .recovery else {
            throw Refusal(.malformed, "recovery is no factor of its own", field: "method")
        }
    }
}

extension Database {
    /// Lets factors count, as OTPService told of them: `before` is the person when it was asked.
    ///
    /// - Throws: `NOT_BEGUN` where all factors have ended since then.
    fileprivate func enroll(
        _ factors: FactorSet, phone: String?, _ before: Person, _ firm: Firm, at now: Timestamp
    ) throws -> Person {
        guard try tasks(of: before.id).isEmpty else { throw Refusal(.notBegun) }
        let settings = try self.firm(firm.id)?.settings ?? firm.settings
        let person = try change(before.id) { person in
            guard person.epoch == before.epoch else { throw Refusal(.notBegun) }
            let gate = GatePolicy.decide(GateFacts(person, settings, session: nil, at: now))
            // Nobody asked for it: from now on the person does.
            if !gate.required { person.requiredBySelf = true }
            person.factors = factors
            person.phone = factors.contains(.sms) ? phone ?? person.phone : nil
            person.enrolledAt = person.enrolledAt ?? now
            person.codesLockedUntil = nil
        }
        // Devices were trusted with the factors of then.
        try deleteDevices(of: person.id)
        return person
    }
}
