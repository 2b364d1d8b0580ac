/// A protocol data unit of SMPP 3.4: what the two ends of a session say to each other.
///
/// Section numbers in this folder are those of "Short Message Peer to Peer Protocol Specification v3.4",
/// issue 1.2.
struct PDU: Sendable, Equatable {
    var status: UInt32 = 0
    /// Says which request a response belongs to: 1 to 0x7FFFFFFF.
    var sequence: UInt32
    var body: Body

    /// What it says. Bodies of commands that nobody here needs are left unread.
    enum Body: Sendable, Equatable {
        case bindTransceiver(Bind)
        case bindTransceiverResponse
        case submit(ShortMessage)
        /// `messageID` is empty where the SMSC gave none, as it does when it refuses.
        case submitResponse(messageID: String)
        case deliver(ShortMessage)
        case deliverResponse
        case enquireLink
        case enquireLinkResponse
        case unbind
        case unbindResponse
        case genericNack
        case other(Command)
    }

    /// The ids of section 5.1.2.1. A response has that of its request with the highest bit set.
    struct Command: RawRepresentable, Hashable, Sendable {
        let rawValue: UInt32

        static let submit = Command(rawValue: 0x4)
        static let deliver = Command(rawValue: 0x5)
        static let unbind = Command(rawValue: 0x6)
        static let bindTransceiver = Command(rawValue: 0x9)
        static let outbind = Command(rawValue: 0xB)
        static let enquireLink = Command(rawValue: 0x15)
        static let alertNotification = Command(rawValue: 0x102)
        static let genericNack = Command(rawValue: 0x8000_0000)

        var response: Command { Command(rawValue: rawValue | 0x8000_0000) }
        var isResponse: Bool { rawValue & 0x8000_0000 != 0 }
        /// Whether the peer waits for an answer: these two requests have none.
        var wantsAnswer: Bool { !isResponse && self != .outbind && self != .alertNotification }
    }

    /// Section 4.1.5.
    struct Bind: Sendable, Equatable {
        var systemID: String
        var password: String
        var systemType: String
    }

    /// A number, a name or a short code, with its kind (section 5.2.5 and 5.2.6).
    struct Address: Sendable, Hashable {
        var type: UInt8
        var plan: UInt8
        var digits: String

        /// A number in international form, without its `+`.
        static func international(_ digits: some StringProtocol) -> Address {
            Address(type: 1, plan: 1, digits: String(digits))
        }
    }

    /// The body of submit_sm and deliver_sm, which have the same fields (sections 4.4.1 and 4.6.1).
    struct ShortMessage: Sendable, Equatable {
        var source: Address
        var destination: Address
        var esmClass: UInt8 = 0
        var priority: UInt8 = 0
        /// Relative, as `000000000500000R`; empty for the SMSC's own.
        var validityPeriod = ""
        var registeredDelivery: UInt8 = 0
        var dataCoding: UInt8 = 0
        var text: [UInt8] = []
        var options: [Option] = []

        /// The value of the first option with this tag.
        func option(_ tag: UInt16) -> [UInt8]? { options.first { $0.tag == tag }?.value }
    }

    /// An optional parameter (section 5.3).
    struct Option: Sendable, Equatable {
        enum Tag {
            static let receiptedMessageID = UInt16(0x001E)
            static let userMessageReference = UInt16(0x0204)
            static let networkErrorCode = UInt16(0x0423)
            static let messagePayload = UInt16(0x0424)
            static let messageState = UInt16(0x0427)
        }

        var tag: UInt16
        var value: [UInt8]
    }

    /// What the header takes: length, command, status and sequence number, four bytes each.
    static let headerSize = 16
    /// The longest that is read: an option has 65,535 bytes at most, and no other field over 255.
    static let longest = 70_000
    /// The highest sequence number.
    static let lastSequence: UInt32 = 0x7FFF_FFFF

    var command: Command {
        switch body {
        case .bindTransceiver: .bindTransceiver
        case .bindTransceiverResponse: .bindTransceiver.response
        case .submit: .submit
        case .submitResponse: .submit.response
        case .deliver: .deliver
        case .deliverResponse: .deliver.response
        case .enquireLink: .enquireLink
        case .enquireLinkResponse: .enquireLink.response
        case .unbind: .unbind
        case .unbindResponse: .unbind.response
        case .genericNack: .genericNack
        case .other(let command): command
        }
    }
}

extension PDU.Command: CustomStringConvertible {
    var description: String {
        switch rawValue & 0x7FFF_FFFF {
        case 0: "generic_nack"
        case Self.submit.rawValue: "submit_sm" + suffix
        case Self.deliver.rawValue: "deliver_sm" + suffix
        case Self.unbind.rawValue: "unbind" + suffix
        case Self.bindTransceiver.rawValue: "bind_transceiver" + suffix
        case Self.outbind.rawValue: "outbind" + suffix
        case Self.enquireLink.rawValue: "enquire_link" + suffix
        default: "command 0x" + String(rawValue, radix: 16)
        }
    }

    private var suffix: String { isResponse ? "_resp" : "" }
}
