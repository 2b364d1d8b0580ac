import Wire

extension OTPService {
    /// Tells how far the newest code in flight has come.
    func delivery(_ request: OTP.Delivery, _ caller: Caller) async throws -> OTP.Delivery.Reply {
        let now = clock()
        let subject = request.subject
        let newest = try store.read(at: now) { work -> (chain: CodeChain, message: ID)? in
            guard let purpose = try work.database.purposeOfNewestCode(of: subject) else { return nil }
            return try work.newestMessage(of: subject, purpose)
        }
        guard let newest else { throw Refusal(.notBegun, "No code is in flight.") }
        let status = try await status(of: newest.message, caller)
        return OTP.Delivery.Reply(
            state: status.state, error: status.state.isFailure ? status.error : nil,
            resendAfter: SMSCodePolicy.resendAfter(newest.chain.state, isLost: status.state.isLost, now: now))
    }

    /// The newest message of a code that is too fresh to be sent again, where it will not arrive, as far as SMSGateway
    /// knows. That is only asked while it would have to be waited for, and where the gateway does not say, it is waited for.
    func lostMessage(of subject: ID, _ purpose: Purpose, at now: Timestamp, _ caller: Caller) async throws
        -> ID?
    {
        guard
            let newest = try store.read(at: now, { try $0.newestMessage(of: subject, purpose) }),
            SMSCodePolicy.resendAfter(newest.chain.state, now: now) > 0,
            let status = try? await status(of: newest.message, caller), status.state.isLost
        else { return nil }
        return newest.message
    }

    private func status(of message: ID, _ caller: Caller) async throws -> SMS.Status.Reply {
        do {
            return try await gateway.status(message, caller)
        } catch let refusal as Refusal {
            if refusal.isFor(.noSuchMessage) { throw Refusal(.notBegun, "No code is in flight.") }
            throw GatewayRefusal.translated(refusal, isNewPhone: false)
        }
    }
}

extension Transaction {
    /// The code that was last sent for a purpose and not used, and its newest message.
    fileprivate func newestMessage(of subject: ID, _ purpose: Purpose) throws
        -> (chain: CodeChain, message: ID)?
    {
        guard let chain = try database.chain(of: subject, purpose), !chain.state.used,
            let message = try database.messages(of: chain.id).last
        else { return nil }
        return (chain, message)
    }
}

extension SMS.MessageState {
    /// Whether the message will not arrive, or nobody knows whether it will.
    fileprivate var isLost: Bool { isFailure || self == .uncertain }

    fileprivate var isFailure: Bool { self == .failed || self == .expired }
}
