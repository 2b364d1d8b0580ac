import Wire

/// How far a code that was sent has come, for the page that waits for it: a script asks now and then, says it in the
/// visitor's words, and opens the Resend button early where the code will not arrive.
enum DeliveryPage {
    static let routes: [Route] = [.get("/two-factor/delivery", show)]

    private struct State: Encodable {
        let text: String
        /// Whether nothing more is to come.
        let isFinal: Bool
        /// Seconds.
        let resendIn: Int
    }

    @Sendable static func show(_ visit: Visit) async throws -> Answer {
        let reply = try await visit.call(Auth.Delivery(session: visit.session))
        let isFinal =
            switch reply.state {
            case .queued, .sending, .sent: false
            case .delivered, .failed, .expired, .cancelled, .uncertain: true
            }
        // Why it failed is for the firm's administrators; here it matters what to do.
        return try .json(
            State(
                text: visit.texts("delivery", reply.state.rawValue), isFinal: isFinal,
                resendIn: reply.resendAfter))
    }
}
