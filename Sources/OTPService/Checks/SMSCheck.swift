import Wire

extension Transaction {
    /// Judges a code that was sent to `phone` for `purpose`, and marks it as used. It is good for no other purpose, and
    /// not for the number that a subject had before.
    func judge(_ code: String, of subject: ID, _ purpose: Purpose, phone: String) throws -> Judgement {
        let chain = try database.chain(of: subject, purpose)
        let key = try codeKey(of: subject)
        let matches =
            chain.map {
                SMSCode.matches(code, tag: $0.tag, subject: subject, purpose: purpose, phone: phone, key: key)
            } ?? false
        switch SMSCodePolicy.check(chain?.state, matches: matches, now: now) {
        case .accepted:
            guard let chain else { preconditionFailure("a code was accepted that is not there") }
            try database.setUsed(chain.id)
            return .right(UsedCode(messages: try database.messages(of: chain.id)))
        case .wrong(let state):
            if let chain { try database.setWrong(state.wrong, of: chain.id) }
            return .wrong(triesLeft: state.triesLeft)
        case .used: return .refused(Refusal(.codeUsed))
        case .expired: return .refused(Refusal(.codeExpired))
        case .notSent: return .refused(Refusal(.notBegun))
        }
    }

    /// Checks a code that was sent to the confirmed phone.
    func verifySMS(_ code: String, of subject: ID, _ purpose: Purpose) throws -> Verdict<UsedCode> {
        guard let factor = try database.factor(of: subject, .sms, confirmed: true) else {
            return .failure(Refusal(.notSetUp))
        }
        let phone = try phone(of: factor)
        return try attempt(Counted(subject: subject, method: .sms)) {
            try judge(code, of: subject, purpose, phone: phone)
        }
    }
}
