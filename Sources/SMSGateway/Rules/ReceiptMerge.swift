import Wire

/// What becomes of a message after a ``Receipt``: what is written to its row. Pure; the store does the writing.
///
/// Receipts come twice, late and out of order, so a state is only ever left for one that ranks higher
/// (``MessageEvent``). Good news counts whichever attempt it is about: the code has arrived. Bad news counts
/// only where it is about the last attempt, since another one may still arrive.
struct ReceiptMerge: Sendable, Equatable {
    var state: SMS.MessageState
    /// Why it was not delivered, as a sentence.
    var error: String?

    /// What the merging depends on.
    struct Facts: Sendable {
        var state: SMS.MessageState
        /// Whom it was last handed to, and what that provider calls it, where it said so.
        var provider: String?
        var providerID: String?
        /// Whether it was sent once more though it may have been sent.
        var isResent: Bool
        /// Whether nobody waits for receipts any more: then the message stays what it is.
        var isClosed: Bool
    }

    /// Decides; nil where the receipt changes nothing.
    init?(_ receipt: Receipt, _ facts: Facts) {
        guard receipt.event.isReceipt, !facts.isClosed,
            let next = facts.state.after(receipt.event), next != facts.state
        else { return nil }
        state = next
        guard !next.isGoodNews else { return }
        guard Self.isOfLastAttempt(receipt, facts) else { return nil }
        switch (receipt.event, receipt.reason) {
        case (_, let reason?): error = "It could not be delivered: \(reason)"
        case (.receiptExpired, nil): error = "It could not be delivered: its time ran out at the carrier."
        case (_, nil): error = "It could not be delivered."
        }
    }

    private static func isOfLastAttempt(_ receipt: Receipt, _ facts: Facts) -> Bool {
        guard receipt.provider == facts.provider else { return false }
        guard let known = facts.providerID, let told = receipt.providerID else { return !facts.isResent }
        return known == told
    }
}

extension MessageEvent {
    /// Whether a carrier may tell of it.
    var isReceipt: Bool {
        switch self {
        case .receiptSent, .receiptDelivered, .receiptFailed, .receiptExpired: true
        default: false
        }
    }
}

extension SMS.MessageState {
    fileprivate var isGoodNews: Bool { self == .sent || self == .delivered }
}
