import Storage
import Wire

/// A code that OTPService found right, while the person's factors are what they were when it was asked.
struct Proof: Sendable {
    let visitor: Visitor
    let method: FactorMethod
    let recoveryLeft: Int?

    /// Writes down what the code changed for the person.
    ///
    /// - Throws: `NOT_SET_UP` where the factors have ended meanwhile: then it proves nothing.
    func take(_ database: Database) throws -> Person {
        try database.change(visitor.person.id) { person in
            guard person.epoch == visitor.person.epoch, person.factors.contains(FactorSet(method)) else {
                throw Refusal(.notSetUp)
            }
            person.codesLockedUntil = nil
            if recoveryLeft == 0 { person.factors.remove(.recovery) }
        }
    }
}

extension AuthService {
    /// What a code sent to this session is for: it works for nothing else.
    static func purpose(_ gate: GatePolicy.Decision) -> Purpose { gate.state == .verify ? .verify : .stepUp }

    /// Asks OTPService about a code, and writes down what it says.
    func prove(_ method: FactorMethod, _ code: String, by visitor: Visitor, for caller: Caller) async throws
        -> Proof
    {
        guard visitor.person.factors.contains(FactorSet(method)), visitor.person.factors.isEnrolled else {
            throw Refusal(.notSetUp)
        }
        do {
            let reply = try await otp.call(
                OTP.Verify(
                    subject: visitor.person.id, method: method, code: code,
                    purpose: Self.purpose(visitor.gate)),
                for: caller)
            return Proof(visitor: visitor, method: method, recoveryLeft: reply.recoveryLeft)
        } catch let refusal as Refusal {
            try await failed(refusal, method, by: visitor)
            throw refusal
        }
    }

    /// Records a wrong code. A lockout, which begins with the last wrong code that was allowed, ends the half-done log-in:
    /// whoever holds it starts with the password again.
    private func failed(_ refusal: Refusal, _ method: FactorMethod, by visitor: Visitor) async throws {
        let isRefused = refusal.isFor(.tooManyAttempts)
        guard isRefused || refusal.isFor(.wrongCode) || refusal.isFor(.codeUsed) else { return }
        let isLockout = isRefused || refusal.attemptsLeft == 0
        let until = refusal.retryAfter.map { visitor.now + $0 } ?? (isRefused ? .untilHelped : nil)
        try await store.write { database in
            if isLockout {
                if let until { try database.change(visitor.person.id) { $0.codesLockedUntil = until } }
                if visitor.gate.state == .verify { try database.deleteSession(visitor.session.digest) }
            }
            var detail = ["method": method.rawValue, "reason": refusal.reason]
            if let wait = refusal.retryAfter { detail["seconds"] = "\(wait)" }
            try database.record(visitor.event(isLockout ? .codesLocked : .verifyFailed, detail))
        }
        changed(person: visitor.person.id)
    }
}
