import Wire

/// What a carrier tells of a message after it was handed over. It may come late, twice, out of order, or before the
/// provider's own answer; the store merges it by rank (``MessageEvent``).
struct Receipt: Sendable, Equatable {
    /// The provider's name in the configuration.
    var provider: String
    /// Our id, where the provider carried it along.
    var message: ID?
    /// The provider's own id of the message.
    var providerID: String?
    /// One of the receipt events.
    var event: MessageEvent
    /// Why it was not delivered, as a sentence without number or text.
    var reason: String?
}

/// A text message that somebody sent to one of the firm's senders, such as STOP.
struct InboundText: Sendable, Equatable {
    var provider: String
    /// E.164.
    var from: String
    var text: String
}

/// Where a provider hands what comes to it unasked. Returns once it is on disk, so that the provider may acknowledge it.
struct CarrierNews: Sendable {
    var receipt: @Sendable @Loop (Receipt) async throws -> Void
    var inbound: @Sendable @Loop (InboundText) async throws -> Void
}
