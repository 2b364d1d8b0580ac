import Cryptography
import Storage
import Wire

extension AuthService {
    /// Sends a code to the enrolled phone.
    func sendCode(_ request: Auth.SendCode, for caller: Caller) async throws -> Auth.SendCode.Reply {
        let visitor = try visitor(request.session, .proving)
        guard visitor.person.factors.contains(.sms) else { throw Refusal(.notSetUp) }
        let sent = try await otp.call(
            OTP.Send(
                subject: visitor.person.id, firm: visitor.firm.id, purpose: Self.purpose(visitor.gate),
                brand: visitor.firm.name, domain: configuration.domain, language: request.language),
            for: caller)
        return Auth.SendCode.Reply(phone: sent.phone, resendAfter: sent.resendAfter, expires: sent.expires)
    }

    /// Tells how far the code that was last sent has come. A page asks by itself, which is no use of its session.
    func delivery(_ request: Auth.Delivery, for caller: Caller) async throws -> Auth.Delivery.Reply {
        guard let visitor = try visitor(SHA256.digest(request.session), at: now()) else {
            throw Refusal(.noSession)
        }
        let delivery = try await otp.call(OTP.Delivery(subject: visitor.person.id), for: caller)
        return Auth.Delivery.Reply(
            state: delivery.state, error: delivery.error, resendAfter: delivery.resendAfter)
    }

    /// Proves the second factor.
    func verify(_ request: Auth.Verify, for caller: Caller) async throws -> Auth.Verify.Reply {
        let person = try visitor(request.session, .proving).person
        // A code that OTPService has taken is not lost to a caller that stops waiting.
        return try await shielded { [self] in
            try await turns.take(person.id) { [self] in
                let visitor = try visitor(request.session, .proving)
                let proof = try await prove(request.method, request.code, by: visitor, for: caller)
                return try await rise(proof, trustDevice: request.trustDevice ?? false)
            }
        }
    }

    private func rise(_ proof: Proof, trustDevice: Bool) async throws -> Auth.Verify.Reply {
        let visitor = proof.visitor
        let token = Random.token()
        let days = visitor.firm.settings.trustedDeviceDays
        let trusted = trustDevice && days > 0 ? Random.token() : nil
        let (session, person) = try await store.write { database in
            let person = try proof.take(database)
            let session = try database.rise(visitor, to: token) { $0.factorAt = visitor.now }
            var detail = ["method": proof.method.rawValue]
            if let left = proof.recoveryLeft { detail["left"] = "\(left)" }
            try database.record(visitor.event(.verified, detail))
            if let trusted {
                let device = Device(
                    id: ID(now: visitor.now), person: person.id, created: visitor.now,
                    expires: SessionPolicy.deviceEnd(from: visitor.now, days: days),
                    agent: try database.agent(of: session.digest))
                try database.insert(device, token: SHA256.digest(trusted))
                try database.record(visitor.event(.deviceTrusted, ["days": "\(days)"]))
            }
            return (session, person)
        }
        changed(person: person.id)
        return Auth.Verify.Reply(
            session: token, gate: Auth.Gate(person, visitor.firm, session: session, at: visitor.now),
            device: trusted, recoveryLeft: proof.recoveryLeft)
    }
}
