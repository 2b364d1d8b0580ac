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
    /// Numbers whose owners switched messages off, or on again.
    private(set) var optOuts: [OptOut: UInt64] = [:]

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

    /// Takes STOP and its kin, and what undoes them. Nothing else that people write is for the gateway: it is
    /// neither kept nor logged.
    func take(_ text: InboundText) async throws {
        guard let word = OptOut(text.text) else { return }
        let number: PhoneNumber
        do throws(BadNumber) {
            number = try PhoneNumber(text.from)
        } catch {
            // No code is ever sent to what is no number, such as a short code.
            return log.notice(
                "opt-out from what is no number",
                ["provider": .text(text.provider), "problem": .text(error.problem)])
        }
        let isNew = try await store.optOut(
            word, store.fingerprints.number(number.e164), now: clock.wall())
        guard isNew else { return }
        optOuts[word, default: 0] += 1
        log.notice(
            word == .stop
                ? "a number's owner switched messages off" : "a number's owner switched messages on",
            ["number": .text("**\(number.e164.suffix(2))"), "provider": .text(text.provider)])
    }
}
