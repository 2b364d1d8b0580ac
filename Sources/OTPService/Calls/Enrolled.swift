import Wire

// What is enrolled: to see it, to end it, and to begin the counting anew.

extension OTPService {
    /// What a subject has enrolled. Read on the loop: it waits for nothing.
    func methods(_ request: OTP.Methods) throws -> OTP.Methods.Reply {
        let enrolment = try store.read(at: clock()) { try $0.enrolment(of: request.subject) }
        return OTP.Methods.Reply(
            methods: enrolment.methods, phone: enrolment.phone, recoveryLeft: enrolment.recoveryLeft)
    }

    /// Ends one factor, and its set-up. That there is none is as well.
    func remove(_ request: OTP.Remove) async throws -> Nothing {
        guard request.method != .recovery else { throw Self.noFactor }
        let ended = try await store.write(at: clock()) { try $0.remove(request.method, of: request.subject) }
        notices.send(ended.map { .cancel($0) })
        return Nothing()
    }

    /// Ends everything: factors, set-ups, recovery codes, counts, codes on their way. It needs no key and no other
    /// service, and may be done again.
    func reset(_ request: OTP.Reset) async throws -> Nothing {
        let ended = try await store.write(at: clock()) { work in
            let messages = try work.endCodes(of: request.subject)
            try work.database.deleteSubject(request.subject)
            return messages
        }
        notices.send(ended.map { .cancel($0) })
        return Nothing()
    }

    /// Ends a lockout.
    func unlock(_ request: OTP.Unlock) async throws -> Nothing {
        try await store.write(at: clock()) { work in
            try work.database.deleteCounters(of: request.subject)
            try work.database.forgetWrong(of: request.subject)
        }
        return Nothing()
    }

    func newRecoveryCodes(_ request: OTP.NewRecoveryCodes) async throws -> OTP.NewRecoveryCodes.Reply {
        let codes = try await store.write(at: clock()) { work -> Verdict<[String]> in
            guard try !work.database.confirmedFactors(of: request.subject).isEmpty else {
                return .failure(
                    Refusal(.notSetUp, "Recovery codes stand in for a factor, and none is set up."))
            }
            return .success(try work.makeRecoveryCodes(for: request.subject))
        }.get()
        return OTP.NewRecoveryCodes.Reply(recoveryCodes: codes)
    }

    /// Recovery codes come with the first factor and go with the last.
    static var noFactor: Refusal {
        Refusal(
            .malformed, "Recovery codes are no factor that is set up or removed by itself.", field: "method")
    }
}
