import Wire

/// What can happen to a message.
enum MessageEvent: String, CaseIterable, Sendable {
    /// It is due and a route is free: from here on a byte may reach the provider.
    case begin
    /// The provider took it.
    case take
    /// The provider, by its own word or by plain evidence, did not take it: it may be sent again.
    case bounce
    /// It will not be taken: the number cannot receive, or no route is left.
    case refuse
    /// Nobody knows whether the provider took it: a time-out, a reset after writing, a 5xx.
    case lose
    /// The process starts and finds it.
    case restart
    /// It broke the gateway itself for the second time.
    case poison
    /// Its code has ended, or has too little life left to be of use.
    case lapse
    /// The code was used, replaced or wiped.
    case cancel
    /// An admin wants it sent again.
    case retry
    /// Its provider's setting lets it be sent once more, though it may have been sent.
    case resend
    /// A receipt says that a carrier has it.
    case receiptSent
    case receiptDelivered
    case receiptFailed
    case receiptExpired
    /// Nobody waits for a receipt any more.
    case close
}

extension SMS.MessageState {
    /// The state that `event` leads to; nil where it is refused and changes nothing.
    ///
    /// No row leads back from a final state but an admin's `retry` and the `resend` that an operator may allow,
    /// and none leads from `sending` to `queued` but `bounce`: what may have been sent is never sent again by
    /// itself. Receipts rank: a final state
    /// wins, and nothing goes back behind it.
    func after(_ event: MessageEvent) -> SMS.MessageState? { Self.transitions[self]?[event] }

    /// Whether a message in this state keeps its number and code: it is in the queue, or an admin may put it
    /// there again.
    var keepsContent: Bool { self == .queued || self == .sending || self == .failed || self == .uncertain }

    private static let transitions: [Self: [MessageEvent: Self]] = [
        .queued: [
            .begin: .sending, .lapse: .expired, .cancel: .cancelled, .refuse: .failed, .poison: .failed,
            // Before it is sent again, the answer or the receipt of the first sending may still come; then once
            // is enough.
            .take: .sent, .receiptSent: .sent, .receiptDelivered: .delivered,
        ],
        .sending: [
            .take: .sent, .bounce: .queued, .refuse: .failed, .lose: .uncertain, .restart: .uncertain,
            .poison: .failed,
            // A receipt may overtake the provider's answer. A cancelled message on its way is not held back.
            .receiptSent: .sent, .receiptDelivered: .delivered, .receiptFailed: .failed,
            .receiptExpired: .expired,
            .cancel: .sending,
        ],
        .sent: [
            .receiptDelivered: .delivered, .receiptFailed: .failed, .receiptExpired: .expired, .close: .sent,
        ],
        .uncertain: [
            .take: .sent, .retry: .queued, .resend: .queued,
            .receiptSent: .sent, .receiptDelivered: .delivered, .receiptFailed: .failed,
            .receiptExpired: .expired,
            .close: .uncertain,
        ],
        .failed: [.retry: .queued],
        .delivered: [:], .expired: [:], .cancelled: [:],
    ]
}
