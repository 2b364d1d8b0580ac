import Testing
import Wire

@testable import SMSGateway

@Suite("Receipts") struct ReceiptMergeTests {
    typealias State = SMS.MessageState

    func facts(
        _ state: State = .sent, provider: String? = "a", providerID: String? = "1", isResent: Bool = false,
        isClosed: Bool = false
    ) -> ReceiptMerge.Facts {
        ReceiptMerge.Facts(
            state: state, provider: provider, providerID: providerID, isResent: isResent, isClosed: isClosed)
    }

    func receipt(
        _ event: MessageEvent, provider: String = "a", providerID: String? = "1", reason: String? = nil
    ) -> Receipt {
        Receipt(provider: provider, message: nil, providerID: providerID, event: event, reason: reason)
    }

    /// Where each receipt leads from each state; the rest changes nothing.
    @Test("move a message to where they rank higher, and never back", arguments: State.allCases)
    func ranks(state: State) {
        let expected: [MessageEvent: State] =
            switch state {
            case .sending, .uncertain:
                [
                    .receiptSent: .sent, .receiptDelivered: .delivered, .receiptFailed: .failed,
                    .receiptExpired: .expired,
                ]
            case .sent: [.receiptDelivered: .delivered, .receiptFailed: .failed, .receiptExpired: .expired]
            case .queued: [.receiptSent: .sent, .receiptDelivered: .delivered]
            case .delivered, .failed, .expired, .cancelled: [:]
            }
        for event in MessageEvent.allCases {
            #expect(ReceiptMerge(receipt(event), facts(state))?.state == expected[event], "\(event)")
        }
    }

    @Test("change nothing that is closed")
    func closed() {
        for state in State.allCases {
            for event in MessageEvent.allCases {
                #expect(ReceiptMerge(receipt(event), facts(state, isClosed: true)) == nil)
            }
        }
    }

    @Test(
        "of an earlier attempt count where they are good, and not where they are bad",
        arguments: [
            (MessageEvent.receiptSent, true), (.receiptDelivered, true), (.receiptFailed, false),
            (.receiptExpired, false),
        ])
    func earlierAttempt(event: MessageEvent, counts: Bool) {
        for other in [receipt(event, provider: "b"), receipt(event, providerID: "2")] {
            #expect((ReceiptMerge(other, facts(.uncertain)) != nil) == counts)
        }
        // Where either side has no name to compare, the message is all that there is to go by.
        #expect(ReceiptMerge(receipt(event, providerID: nil), facts(.uncertain)) != nil)
        #expect(ReceiptMerge(receipt(event), facts(.uncertain, providerID: nil)) != nil)
        // After a second sending that is not enough to blame it.
        let resent = facts(.uncertain, providerID: nil, isResent: true)
        #expect((ReceiptMerge(receipt(event), resent) != nil) == counts)
    }

    @Test(
        "say why a message could not be delivered",
        arguments: [
            (
                MessageEvent.receiptFailed, "The phone is switched off.",
                "It could not be delivered: The phone is switched off."
            ),
            (.receiptFailed, nil, "It could not be delivered."),
            (.receiptExpired, nil, "It could not be delivered: its time ran out at the carrier."),
            (.receiptDelivered, nil, nil), (.receiptDelivered, "ignored", nil),
        ] as [(MessageEvent, String?, String?)])
    func reasons(event: MessageEvent, reason: String?, error: String?) throws {
        let merge = try #require(ReceiptMerge(receipt(event, reason: reason), facts()))
        #expect(merge.error == error)
    }
}
