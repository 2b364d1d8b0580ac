/// How an SMSC answered (section 5.1.3), and what that means for the message that it answered to.
struct SMPPStatus: RawRepresentable, Hashable, Sendable {
    let rawValue: UInt32

    static let ok = SMPPStatus(rawValue: 0x00)
    static let invalidCommandLength = SMPPStatus(rawValue: 0x02)
    static let invalidCommand = SMPPStatus(rawValue: 0x03)
    static let alreadyBound = SMPPStatus(rawValue: 0x05)
    /// What this side answers where it could not keep what came: "for now", so that the SMSC tries again.
    static let temporaryError = SMPPStatus(rawValue: 0x64)
    static let invalidParameterLength = SMPPStatus(rawValue: 0xC2)

    /// What it says of a message.
    enum Meaning: String, CaseIterable, Sendable {
        /// Not taken, and to be offered again later.
        case retry
        /// Not taken: nobody can deliver it.
        case permanent
        /// Not taken, nor will any other be: the account, the sender or what this side writes is wrong.
        case configuration
        /// It may have been taken.
        case uncertain
    }

    /// A status that is known: its name in the specification, what it says, and what it means.
    struct Row: Sendable {
        let status: SMPPStatus
        let name: String
        let words: String
        let meaning: Meaning

        fileprivate init(_ status: UInt32, _ name: String, _ words: String, _ meaning: Meaning) {
            self.status = SMPPStatus(rawValue: status)
            self.name = name
            self.words = words
            self.meaning = meaning
        }
    }

    /// All that are known. One that is not here, such as a carrier's own, is uncertain.
    static let table: [Row] = [
        Row(0x14, "ESME_RMSGQFUL", "the carrier's queue is full", .retry),
        Row(0x58, "ESME_RTHROTTLED", "too many messages at once", .retry),
        Row(0x04, "ESME_RINVBNDSTS", "the session is not bound any more", .retry),

        Row(0x01, "ESME_RINVMSGLEN", "the text is too long", .permanent),
        Row(0x0B, "ESME_RINVDSTADR", "the number is none that can be reached", .permanent),
        Row(0x62, "ESME_RINVEXPIRY", "the code has too little life left", .permanent),

        Row(0x02, "ESME_RINVCMDLEN", "a PDU has a wrong length", .configuration),
        Row(0x03, "ESME_RINVCMDID", "a command is not known", .configuration),
        Row(0x05, "ESME_RALYBND", "another session of this account is still open", .configuration),
        Row(0x06, "ESME_RINVPRTFLG", "the priority is not allowed", .configuration),
        Row(0x07, "ESME_RINVREGDLVFLG", "receipts are not allowed", .configuration),
        Row(0x0A, "ESME_RINVSRCADR", "the sender is not allowed", .configuration),
        Row(0x0D, "ESME_RBINDFAIL", "the account may not bind", .configuration),
        Row(0x0E, "ESME_RINVPASWD", "the password is wrong", .configuration),
        Row(0x0F, "ESME_RINVSYSID", "the system_id is not known", .configuration),
        Row(0x15, "ESME_RINVSERTYP", "the service type is not allowed", .configuration),
        Row(0x43, "ESME_RINVESMCLASS", "the kind of message is not allowed", .configuration),
        Row(0x48, "ESME_RINVSRCTON", "the sender's type is not allowed", .configuration),
        Row(0x49, "ESME_RINVSRCNPI", "the sender's numbering plan is not allowed", .configuration),
        Row(0x50, "ESME_RINVDSTTON", "the number's type is not allowed", .configuration),
        Row(0x51, "ESME_RINVDSTNPI", "the number's numbering plan is not allowed", .configuration),
        Row(0x53, "ESME_RINVSYSTYP", "the system_type is not allowed", .configuration),
        Row(0xC0, "ESME_RINVOPTPARSTREAM", "an option cannot be read", .configuration),
        Row(0xC1, "ESME_ROPTPARNOTALLWD", "an option is not allowed", .configuration),
        Row(0xC2, "ESME_RINVPARLEN", "a field has a wrong length", .configuration),
        Row(0xC3, "ESME_RMISSINGOPTPARAM", "an option is missing", .configuration),
        Row(0xC4, "ESME_RINVOPTPARAMVAL", "an option has a wrong value", .configuration),

        Row(0x08, "ESME_RSYSERR", "the carrier has a fault", .uncertain),
        Row(0x45, "ESME_RSUBMITFAIL", "the carrier could not submit it", .uncertain),
        Row(0x64, "ESME_RX_T_APPN", "the carrier has a fault for now", .uncertain),
        Row(0x65, "ESME_RX_P_APPN", "the carrier has a fault that stays", .uncertain),
        Row(0x66, "ESME_RX_R_APPN", "the carrier rejects it", .uncertain),
        Row(0xFE, "ESME_RDELIVERYFAILURE", "the carrier could not deliver it", .uncertain),
        Row(0xFF, "ESME_RUNKNOWNERR", "the carrier does not know what went wrong", .uncertain),
    ]

    private static let rows = Dictionary(uniqueKeysWithValues: table.map { ($0.status, $0) })

    var meaning: Meaning { Self.rows[self]?.meaning ?? .uncertain }
}

extension SMPPStatus: CustomStringConvertible {
    /// `ESME_RTHROTTLED (0x58): too many messages at once`
    var description: String {
        let number = (rawValue < 16 ? "0x0" : "0x") + String(rawValue, radix: 16, uppercase: true)
        return Self.rows[self].map { "\($0.name) (\(number)): \($0.words)" } ?? "status \(number)"
    }
}

extension Outcome {
    /// Seconds that a route rests after its SMSC said "too many".
    private static let rest = 1

    /// What came of a message, by the status of the answer to its submit_sm; nil where it was taken.
    init?(_ status: SMPPStatus) {
        let reason = "The carrier answered \(status)."
        switch status.meaning {
        case _ where status == .ok: return nil
        case .retry: self = .retry(after: Self.rest, reason: reason)
        case .permanent: self = .permanent(reason: reason)
        case .configuration: self = .configuration(reason: reason)
        case .uncertain: self = .uncertain(reason: reason)
        }
    }
}
