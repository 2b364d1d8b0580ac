import Cryptography
import Wire

extension OTPService {
    /// Starts the set-up of a factor, or starts it anew. What is confirmed stays so until the new one is.
    func begin(_ request: OTP.Begin, _ caller: Caller) async throws -> OTP.Begin.Reply {
        switch request.method {
        case .authenticator: try await beginAuthenticator(request)
        case .sms: try await beginSMS(request, caller)
        case .recovery: throw Self.noFactor
        }
    }

    private func beginAuthenticator(_ request: OTP.Begin) async throws -> OTP.Begin.Reply {
        try Self.check(request.account, isShort: "account")
        try Self.check(request.issuer, isShort: "issuer")
        let now = clock()
        let expires = now + options.setUpLife
        let subject = request.subject
        let secret = TOTP.newSecret()
        try await store.write(at: now) { work in
            _ = try work.codeKey(of: subject)
            let sealed = work.seal(secret, as: .factor(of: subject, .authenticator))
            try work.database.begin(
                Factor(
                    subject: subject, method: .authenticator, isConfirmed: false, secret: sealed,
                    expires: expires),
                now: now)
        }
        let issuer = request.issuer ?? options.brand
        return OTP.Begin.Reply(
            secret: Base32.encode(secret),
            uri: KeyURI.totp(secret: secret, issuer: issuer, account: request.account ?? issuer),
            expires: expires)
    }

    private func beginSMS(_ request: OTP.Begin, _ caller: Caller) async throws -> OTP.Begin.Reply {
        let phone = try Self.phone(request.phone)
        let now = clock()
        let expires = now + options.setUpLife
        let subject = request.subject
        let lost = try await lostMessage(of: subject, .setUp, at: now, caller)
        let code = try await store.write(at: now) { work in
            let verdict = try work.prepareCode(for: subject, .setUp, to: phone, lost: lost)
            guard case .success = verdict else { return verdict }
            let sealed = work.seal(Array(phone.utf8), as: .factor(of: subject, .sms))
            try work.database.begin(
                Factor(subject: subject, method: .sms, isConfirmed: false, secret: sealed, expires: expires),
                now: now)
            return verdict
        }.get()
        do {
            try await send(
                code, firm: request.firm, brand: request.brand, domain: request.domain,
                language: request.language, at: now, caller)
        } catch let refusal as Refusal {
            if GatewayRefusal.isFinal(refusal) { try await endSetUp(of: subject, with: code.id) }
            throw GatewayRefusal.translated(refusal, isNewPhone: true)
        }
        return OTP.Begin.Reply(
            phone: PhoneMask.mask(phone), resendAfter: SMSCodePolicy.resendAfter(code.state, now: now),
            expires: code.state.expires)
    }

    /// Ends the set-up of a phone that no code goes out to, unless another one was begun since.
    private func endSetUp(of subject: ID, with code: ID) async throws {
        try await store.write(at: clock()) { work in
            guard try work.database.chain(of: subject, .setUp)?.id == code else { return }
            try work.database.deleteSetUp(of: subject, .sms)
        }
    }

    /// The number as it was given: what numbers there are, and how people write them, SMSGateway knows.
    private static func phone(_ phone: String?) throws(Refusal) -> String {
        guard let phone, !phone.isEmpty else {
            throw Refusal(.badPhone, "There is no number.", field: "phone")
        }
        guard phone.utf8.count <= 64, phone.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw Refusal(.badPhone, field: "phone")
        }
        return phone
    }

    /// What an authenticator app shows must fit into a QR code.
    private static func check(_ text: String?, isShort field: String) throws(Refusal) {
        guard let text, text.utf8.count > 255 else { return }
        throw Refusal(.malformed, "\(field) has more than 255 bytes.", field: field)
    }
}
