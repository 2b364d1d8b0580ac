import Wire

extension Transaction {
    /// Checks a recovery code, and marks it as used.
    func verifyRecovery(_ code: String, of subject: ID) throws -> Verdict<UsedCode> {
        let tags = try database.recoveryTags(of: subject)
        guard !tags.isEmpty else { return .failure(Refusal(.notSetUp)) }
        let key = try codeKey(of: subject)
        return try attempt(Counted(subject: subject, method: .recovery)) {
            if RecoveryCodes.index(of: code, in: tags.used, subject: subject, key: key) != nil {
                return .refused(Refusal(.codeUsed))
            }
            guard let index = RecoveryCodes.index(of: code, in: tags.left, subject: subject, key: key) else {
                return .wrong()
            }
            try database.useRecoveryTag(tags.left[index], of: subject, now: now)
            return .right(UsedCode(recoveryLeft: tags.left.count - 1))
        }
    }

    /// Makes ten recovery codes, which take the place of those before, with a count of wrong ones of their own.
    ///
    /// - Returns: the codes, which nobody can read again.
    func makeRecoveryCodes(for subject: ID) throws -> [String] {
        let codes = RecoveryCodes.new()
        let key = try codeKey(of: subject)
        try database.setRecoveryTags(
            codes.compactMap { RecoveryCodes.tag($0, subject: subject, key: key) }, of: subject)
        try database.deleteCounters(of: subject, .recovery)
        return codes
    }
}
