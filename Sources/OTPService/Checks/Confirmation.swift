import Wire

/// What the confirmation of a factor came to.
struct Confirmation: Hashable, Sendable {
    /// What is enrolled now.
    var methods: [FactorMethod]
    /// With the first factor.
    var recoveryCodes: [String]?
    var notices: [GatewayNotices.Notice]
}

extension Transaction {
    /// Lets what was set up count, where `code` is its first one: in place of the factor before, if there was one.
    func confirm(_ method: FactorMethod, _ code: String, of subject: ID) throws -> Verdict<Confirmation> {
        guard let factor = try database.factor(of: subject, method, confirmed: false) else {
            return .failure(Refusal(.notBegun))
        }
        if let expires = factor.expires, expires <= now { return .failure(Refusal(.codeExpired)) }
        let verdict = try attempt(Counted(subject: subject, method: method, isSetUp: true)) {
            method == .sms
                ? try judge(code, of: subject, .setUp, phone: phone(of: factor))
                : try judge(code, of: factor)
        }
        switch verdict {
        case .failure(let refusal): return .failure(refusal)
        case .success(let used): return .success(try enroll(method, of: subject, by: used))
        }
    }

    private func enroll(_ method: FactorMethod, of subject: ID, by used: UsedCode) throws -> Confirmation {
        let isFirst = try database.confirmedFactors(of: subject).isEmpty
        // What was sent to the number before is good for nothing any more.
        let ended = method == .sms ? try endCodes(of: subject, for: [.verify, .stepUp]) : []
        try database.confirmFactor(of: subject, method)
        try database.deleteCounters(of: subject, method)
        let recoveryCodes = isFirst ? try makeRecoveryCodes(for: subject) : nil
        return Confirmation(
            methods: try enrolment(of: subject).methods, recoveryCodes: recoveryCodes,
            notices: used.notices + ended.map { .cancel($0) })
    }
}
