import Storage
import Wire

extension AuthService {
    /// "Not now", where set-up is only offered.
    func deferSetUp(_ request: Auth.DeferSetUp) async throws -> Auth.DeferSetUp.Reply {
        let visitor = try visitor(request.session, .settingUp)
        guard !visitor.gate.required else { throw Refusal(.setUpRequired) }
        let person = try await store.write { database in
            let person = try database.change(visitor.person.id) { $0.declined = true }
            if !visitor.person.declined { try database.record(visitor.event(.offerDeclined)) }
            return person
        }
        changed(person: person.id)
        return Auth.DeferSetUp.Reply(
            gate: Auth.Gate(person, visitor.firm, session: visitor.session, at: visitor.now))
    }

    /// Removes a factor. It counts no more from the commit on; OTPService is told afterwards, until it has heard.
    func removeMethod(_ request: Auth.RemoveMethod) async throws -> Auth.RemoveMethod.Reply {
        try Self.checkIsFactor(request.method)
        let visitor = try visitor(request.session, .sensitive)
        try await store.write { database in
            guard let person = try database.person(visitor.person.id),
                let firm = try database.firm(person.firm),
                person.factors.contains(FactorSet(request.method))
            else { throw Refusal(.notSetUp) }
            let rest = person.factors.subtracting(FactorSet(request.method))
            if rest.isEnrolled {
                try database.change(person.id) { person in
                    person.factors = rest
                    if !rest.contains(.sms) { person.phone = nil }
                }
                try database.insert(OTPTask(person, method: request.method, at: visitor.now))
                try database.deleteDevices(of: person.id)
            } else {
                let gate = GatePolicy.decide(GateFacts(person, firm.settings, session: nil, at: visitor.now))
                // What one chose for oneself one may give up.
                guard !gate.required || gate.requiredBy == .person else { throw Refusal(.lastMethod) }
                try database.endFactors(of: person, at: visitor.now)
                try database.clearProofs(of: person.id)
            }
            try database.record(visitor.event(.factorRemoved, ["method": request.method.rawValue]))
        }
        changed(person: visitor.person.id)
        tasks.kick()
        let after = try self.visitor(visitor.session.digest, at: visitor.now)
        return Auth.RemoveMethod.Reply(gate: (after ?? visitor).wireGate)
    }

    /// Ten new recovery codes; the old ones end.
    func newRecoveryCodes(
        _ request: Auth.NewRecoveryCodes, for caller: Caller
    ) async throws -> Auth.NewRecoveryCodes.Reply {
        let person = try visitor(request.session, .sensitive).person
        return try await shielded { [self] in
            try await turns.take(person.id) { [self] in
                try await tasks.settle(person.id, for: caller)
                let visitor = try visitor(request.session, .sensitive)
                guard visitor.person.factors.isEnrolled else { throw Refusal(.notSetUp) }
                let made = try await otp.call(OTP.NewRecoveryCodes(subject: person.id), for: caller)
                try await store.write { database in
                    try database.change(person.id) { person in
                        guard person.epoch == visitor.person.epoch else { throw Refusal(.notSetUp) }
                        person.factors.insert(.recovery)
                    }
                    try database.record(visitor.event(.recoveryCodesMade))
                }
                changed(person: person.id)
                return Auth.NewRecoveryCodes.Reply(recoveryCodes: made.recoveryCodes)
            }
        }
    }
}
