/// What a deliver_sm tells: how a message of ours fares, or what somebody wrote to one of our senders.
enum Delivery: Sendable, Equatable {
    /// `id` is the carrier's, in the form that ``ReceiptIDs/answered(_:)`` keeps. `reference` is our own handle
    /// of the message, where the carrier gave it back; `number` is the one that the message went to.
    case receipt(id: String?, reference: UInt16?, number: String, MessageEvent, reason: String?)
    /// `from` is E.164.
    case text(from: String, String)
    /// It is neither; `problem` says why, without the number or the text.
    case unreadable(problem: String)

    init(_ message: PDU.ShortMessage, alphabet: SMPPAlphabet, receiptIDs: ReceiptIDs) {
        let kind = message.esmClass & 0x3C
        // Receipts are written by the SMSC itself, in ASCII whatever its phones read.
        let text = (kind == 0 ? alphabet : .latin1).decode(message.plainText, dataCoding: message.dataCoding)
        switch kind {
        case 0x04: self = .receipt(message, ReceiptText(text), receiptIDs, isFinal: true)
        // An intermediate notification, which is asked for by no one here, but may be sent all the same.
        case 0x20: self = .receipt(message, ReceiptText(text), receiptIDs, isFinal: false)
        case 0x00: self = .inbound(message, text)
        default: self = .unreadable(problem: "it has the esm_class \(message.esmClass), which is not for us")
        }
    }

    private static func receipt(
        _ message: PDU.ShortMessage, _ text: ReceiptText, _ ids: ReceiptIDs, isFinal: Bool
    ) -> Delivery {
        let option = message.option(PDU.Option.Tag.receiptedMessageID)
        // Its zero byte at the end is left out by some.
        let receipted = option.map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) } ?? ""
        let id = receipted.isEmpty ? text.id : receipted
        let reference = message.option(PDU.Option.Tag.userMessageReference)
            .flatMap { $0.count == 2 ? UInt16($0[0]) << 8 | UInt16($0[1]) : nil }
        guard id != nil || reference != nil else {
            return .unreadable(problem: "a receipt that names no message")
        }
        let state =
            message.option(PDU.Option.Tag.messageState)?.first.flatMap(CarrierState.init(code:))
            ?? text.state.flatMap(CarrierState.init(name:))
        guard let state else { return .unreadable(problem: "a receipt that says nothing of its message") }

        let event = isFinal ? state.event : .receiptSent
        let isFailure = event == .receiptFailed || event == .receiptExpired
        return .receipt(
            id: id.map(ids.receipted), reference: reference, number: message.source.digits, event,
            reason: isFailure ? state.reason(error(message, text)) : nil)
    }

    /// The network's number of what went wrong; nil where it gives none or zero.
    private static func error(_ message: PDU.ShortMessage, _ text: ReceiptText) -> String? {
        let option = message.option(PDU.Option.Tag.networkErrorCode)
        let number = option.flatMap { $0.count == 3 ? String(UInt16($0[1]) << 8 | UInt16($0[2])) : nil }
        let error = number ?? text.error ?? ""
        return error.allSatisfy { $0 == "0" } ? nil : String(error.prefix(16))
    }

    private static func inbound(_ message: PDU.ShortMessage, _ text: String) -> Delivery {
        let digits = message.source.digits.drop { $0 == "+" }
        // 1 is "international"; others write the same digits under "unknown", or without the country's code.
        let written = message.source.type == 1 || digits.count > 10 ? "+" + digits : String(digits)
        do throws(BadNumber) {
            return .text(from: try PhoneNumber(written).e164, text)
        } catch {
            return .unreadable(problem: "a text whose sender \(error.problem)")
        }
    }
}

/// What a carrier says of a message (section 5.2.28), by code or by the name that receipts have for it.
enum CarrierState: UInt8, CaseIterable, Sendable {
    case enRoute = 1
    case delivered, expired, deleted, undeliverable, accepted, unknown, rejected

    init?(code: UInt8) { self.init(rawValue: code) }

    /// Reads `DELIVRD`, and longer forms of the same such as `DELIVERED`.
    init?(name: String) {
        guard let state = Self.allCases.first(where: { $0.names.contains(name) }) else { return nil }
        self = state
    }

    private var names: [String] {
        switch self {
        case .enRoute: ["ENROUTE", "EN_ROUTE"]
        case .delivered: ["DELIVRD", "DELIVERED"]
        case .expired: ["EXPIRED"]
        case .deleted: ["DELETED"]
        case .undeliverable: ["UNDELIV", "UNDELIVERABLE", "UNDELIVERED", "FAILED"]
        case .accepted: ["ACCEPTD", "ACCEPTED"]
        case .unknown: ["UNKNOWN"]
        case .rejected: ["REJECTD", "REJECTED"]
        }
    }

    /// What it means for the message. Whatever a carrier says, it has the message.
    var event: MessageEvent {
        switch self {
        case .delivered: .receiptDelivered
        case .expired: .receiptExpired
        case .deleted, .undeliverable, .rejected: .receiptFailed
        case .enRoute, .accepted, .unknown: .receiptSent
        }
    }

    /// Why it was not delivered; `error` is the network's own number.
    fileprivate func reason(_ error: String?) -> String {
        let what =
            switch self {
            case .expired: "The carrier could not deliver it in time"
            case .deleted: "The carrier deleted it"
            case .rejected: "The carrier rejected it"
            default: "The carrier could not deliver it"
            }
        return what + (error.map { ", error \($0)." } ?? ".")
    }
}

extension PDU.ShortMessage {
    /// The bytes of its text, wherever they stand, without the header that parts and ports are told in.
    var plainText: ArraySlice<UInt8> {
        let bytes = text.isEmpty ? option(PDU.Option.Tag.messagePayload) ?? [] : text
        guard esmClass & 0x40 != 0, let length = bytes.first else { return bytes[...] }
        return bytes.dropFirst(1 + Int(length))
    }
}
