import Wire

/// The calls that OTPService makes to SMSGateway, as values: tests put their own in.
struct Gateway: Sendable {
    /// Hands a code over, within what is left of the caller's time.
    var submit: @Sendable (SMS.Submit, Caller) async throws -> SMS.Submit.Reply
    /// How far a message has come, asked within what is left of the caller's time.
    var status: @Sendable (ID, Caller) async throws -> SMS.Status.Reply
    /// Tells that the code of a message was used.
    var verified: @Sendable (ID) async throws -> Void
    /// Calls a message back.
    var cancel: @Sendable (ID) async throws -> Void
    /// Why it cannot be called now, as far as is known; nil: it can.
    var trouble: @Loop () -> String? = { nil }
}

extension Gateway {
    init(_ client: Client) {
        self.init(
            submit: { try await client.call($0, for: $1) },
            status: { try await client.call(SMS.Status(message: $0), for: $1) },
            verified: { _ = try await client.call(SMS.Verified(message: $0)) },
            cancel: { _ = try await client.call(SMS.Cancel(message: $0)) },
            trouble: { client.isUnreachable ? "SMSGateway is out of reach." : nil })
    }
}
