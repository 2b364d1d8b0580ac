import Wire

extension Transaction {
    /// Judges a code of an authenticator, and marks its step as used.
    ///
    /// The step is read and marked in one transaction, and the answer follows the commit: however many ask with the same
    /// code at once, and whatever ends the process meanwhile, one of them is told that it is good.
    func judge(_ code: String, of factor: Factor) throws -> Judgement {
        let totp = TOTP(secret: try secret(of: factor))
        switch totp.match(code, now: now, lastUsedStep: factor.lastStep, burnt: factor.burntStep) {
        case .accepted(let step):
            try database.setLastStep(step, of: factor)
            return .right(UsedCode())
        case .used:
            return .refused(Refusal(.codeUsed))
        case .clockOff(let steps):
            try database.setBurntStep(TOTP.step(at: now) + Int64(steps), of: factor)
            return .wrong(hint: "CLOCK_OFF")
        case .wrong:
            return .wrong()
        }
    }

    /// Checks a code of the confirmed authenticator.
    func verifyAuthenticator(_ code: String, of subject: ID) throws -> Verdict<UsedCode> {
        guard let factor = try database.factor(of: subject, .authenticator, confirmed: true) else {
            return .failure(Refusal(.notSetUp))
        }
        return try attempt(Counted(subject: subject, method: .authenticator)) { try judge(code, of: factor) }
    }
}
