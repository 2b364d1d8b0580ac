import Wire

/// What a subject has enrolled: confirmed factors, and what goes with them.
struct Enrolment: Hashable, Sendable {
    var methods: [FactorMethod]
    /// Masked.
    var phone: String?
    var recoveryLeft: Int
}

extension Transaction {
    /// What counts. A set-up that was not confirmed never does.
    func enrolment(of subject: ID) throws -> Enrolment {
        let factors = try database.confirmedFactors(of: subject)
        guard !factors.isEmpty else { return Enrolment(methods: [], recoveryLeft: 0) }
        let left = try database.recoveryLeft(of: subject)
        let phone = try factors.first { $0.method == .sms }.map(phone(of:))
        return Enrolment(
            methods: factors.map(\.method) + (left > 0 ? [.recovery] : []), phone: phone.map(PhoneMask.mask),
            recoveryLeft: left)
    }

    /// Ends a factor and the set-up of its successor, and with the last factor the recovery codes.
    ///
    /// - Returns: messages that may still be under way.
    func remove(_ method: FactorMethod, of subject: ID) throws -> [ID] {
        let messages = method == .sms ? try endCodes(of: subject) : []
        try database.deleteFactors(of: subject, method)
        try database.deleteCounters(of: subject, method)
        if try database.confirmedFactors(of: subject).isEmpty {
            try database.setRecoveryTags([], of: subject)
            try database.deleteCounters(of: subject, .recovery)
        }
        return messages
    }

    /// Ends the codes for text messages that were sent for `purposes`.
    ///
    /// - Returns: messages that may still be under way.
    func endCodes(of subject: ID, for purposes: [Purpose] = Purpose.allCases) throws -> [ID] {
        try purposes.flatMap { purpose in
            let messages = try database.openMessages(of: subject, purpose)
            try database.deleteChain(of: subject, purpose)
            return messages
        }
    }
}
