import ServiceKit
import Wire

/// Takes what carriers tell without being asked: it is on disk before they hear that it was understood.
@Loop
final class CarrierDesk {
    private let store: Store
    private let clock: Clock
    private let log: Log
    /// Receipts so far, by what they said.
    private(set) var receipts: [MessageEvent: UInt64] = [:]

    init(store: Store, clock: Clock, log: Log) {
        self.store = store
        self.clock = clock
        self.log = log
    }

    /// What a provider is given to tell by.
    var news: CarrierNews {
        CarrierNews(receipt: { try await self.take($0) }, inbound: { try await self.take($0) })
    }

    /// Merges a receipt into its message, or keeps it for one whose answer is still to come.
    func take(_ receipt: Receipt) async throws {
        var receipt = receipt
        receipt.reason = receipt.reason.map { Redaction.clean($0, of: "") }
        let received = try await store.receive(receipt, now: clock.wall())
        receipts[receipt.event, default: 0] += 1
        switch received {
        case .moved(let message, let state):
            log.info(
                "receipt taken",
                [
                    "message": .id(message), "state": .text(state.rawValue),
                    "provider": .text(receipt.provider), "reason": .text(receipt.reason ?? ""),
                ])
        case .unknown:
            log.notice("receipt of an unknown message", ["provider": .text(receipt.provider)])
        case .nothingNew, .kept:
            break
        }
    }

    /// Nobody is to be told anything by text message yet.
    func take(_ text: InboundText) async throws {
        log.notice("text message received and dropped", ["provider": .text(text.provider)])
    }
}
