import Wire

extension OTPService {
    /// Sends a code to the confirmed phone.
    func send(_ request: OTP.Send, _ caller: Caller) async throws -> OTP.Send.Reply {
        let purpose = try Self.purpose(request.purpose)
        let now = clock()
        let subject = request.subject
        let lost = try await lostMessage(of: subject, purpose, at: now, caller)
        let code = try await store.write(at: now) { work -> Verdict<OutgoingCode> in
            guard let factor = try work.database.factor(of: subject, .sms, confirmed: true) else {
                return .failure(Refusal(.notSetUp))
            }
            return try work.prepareCode(for: subject, purpose, to: work.phone(of: factor), lost: lost)
        }.get()
        do {
            try await send(
                code, firm: request.firm, brand: request.brand, domain: request.domain,
                language: request.language, at: now, caller)
        } catch let refusal as Refusal {
            throw GatewayRefusal.translated(refusal, isNewPhone: false)
        }
        return OTP.Send.Reply(
            phone: PhoneMask.mask(code.phone), resendAfter: SMSCodePolicy.resendAfter(code.state, now: now),
            expires: code.state.expires)
    }

    /// Hands a code to SMSGateway and keeps that it took charge. Where the gateway refuses, or is out of reach, the chain
    /// is as if nobody had asked, and the same call may be made again at once; where its answer is lost, the same key
    /// keeps a second call from a second message.
    func send(
        _ code: OutgoingCode, firm: ID, brand: String?, domain: String?, language: Language?,
        at now: Timestamp,
        _ caller: Caller
    ) async throws {
        notices.send(code.replaced.map { .cancel($0) })
        let reply = try await gateway.submit(
            SMS.Submit(
                key: code.key, to: code.phone, code: code.code, expires: code.state.expires, firm: firm,
                purpose: code.purpose, brand: brand ?? options.brand, domain: domain, language: language),
            caller)
        let isThere = try await store.write(at: now) { work in
            try work.database.recordSend(code.state.sends, of: code.id, message: reply.message, now: now)
        }
        // One text is enough of the same code: what still waits of it gives way.
        notices.send(code.superseded.map { .cancel($0) })
        guard isThere else {
            notices.send([.cancel(reply.message)])
            throw Refusal(.unavailable, "The code was ended while it was on its way out.", retryAfter: 1)
        }
    }

    /// What a code for a confirmed phone may be for.
    static func purpose(_ purpose: Purpose?) throws(Refusal) -> Purpose {
        guard purpose != .setUp else {
            throw Refusal(
                .malformed, "A set-up has its own calls: otp.Begin and otp.Confirm.", field: "purpose")
        }
        return purpose ?? .verify
    }
}
