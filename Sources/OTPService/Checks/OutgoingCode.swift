import Wire

/// A code that is on disk and may be handed to SMSGateway.
struct OutgoingCode: Equatable, Sendable {
    /// The chain's, and so the code's.
    let id: ID
    let purpose: Purpose
    let phone: String
    let code: String
    /// What the chain is once SMSGateway took charge of this send; until then it stays what it was, so that a send which
    /// failed uses up no wait.
    let state: SMSCodePolicy.Chain
    /// The messages of the code that this one takes the place of.
    let replaced: [ID]
    /// The messages that the same code went out in before.
    var superseded: [ID] = []

    /// The same for the same send, however often it is tried: it goes out once.
    var key: String { "\(id)-\(state.sends)" }
}

extension Transaction {
    /// Chooses the code to send to `phone`: the one that was sent before while that lives, else a new one, which is on
    /// disk before anybody can be sent it.
    ///
    /// `lost` is a message that will not arrive, as far as SMSGateway knows: where it is the newest of its code, nobody waits
    /// for the next one.
    func prepareCode(for subject: ID, _ purpose: Purpose, to phone: String, lost: ID? = nil) throws
        -> Verdict<OutgoingCode>
    {
        let key = try codeKey(of: subject)
        let chain = try database.chain(of: subject, purpose)
        let code = try chain.flatMap(openCode)
        // The tag binds a code to its number, so it also tells whether the number is still the same.
        let sameNumber = code.map { code in
            SMSCode.tag(code, subject: subject, purpose: purpose, phone: phone, key: key) == chain?.tag
        }
        let counter = try database.counter(
            of: Counted(subject: subject, method: .sms, isSetUp: purpose == .setUp))
        let messages = try chain.map { try database.messages(of: $0.id) } ?? []
        let decision = SMSCodePolicy.send(
            chain?.state, sameNumber: sameNumber ?? false, isLost: lost != nil && lost == messages.last,
            attempts: AttemptPolicy.decide(counter, now: now), now: now)
        switch decision {
        case .again(let next):
            guard let chain, let code else { preconditionFailure("a code is sent again that is not there") }
            return .success(
                OutgoingCode(
                    id: chain.id, purpose: purpose, phone: phone, code: code, state: next, replaced: [],
                    superseded: messages))
        case .new(let next):
            return .success(try makeCode(for: subject, purpose, to: phone, next, after: chain, key: key))
        case .wait(let seconds):
            return .failure(
                Refusal(.tooManyCodes, "A code was sent a moment ago.", retryAfter: seconds))
        case .locked(let seconds): return .failure(Refusal(.tooManyAttempts, retryAfter: seconds))
        case .stopped: return .failure(Self.refusal(.stopped) ?? Refusal(.tooManyAttempts))
        }
    }

    /// A new code, kept in place of the one of `chain`; `next` is what its chain is once it was sent.
    private func makeCode(
        for subject: ID, _ purpose: Purpose, to phone: String, _ next: SMSCodePolicy.Chain,
        after chain: CodeChain?, key: [UInt8]
    ) throws -> OutgoingCode {
        let id = ID(now: now)
        let code = SMSCode.new()
        var unsent = next
        unsent.sends -= 1
        if let chain, unsent.sends > 0 { unsent.lastSent = chain.state.lastSent }
        let replaced = try database.openMessages(of: subject, purpose)
        try database.put(
            CodeChain(
                id: id, subject: subject, purpose: purpose,
                code: seal(Array(code.utf8), as: .code(chain: id)),
                tag: SMSCode.tag(code, subject: subject, purpose: purpose, phone: phone, key: key),
                state: unsent))
        return OutgoingCode(
            id: id, purpose: purpose, phone: phone, code: code, state: next, replaced: replaced)
    }

    private func openCode(_ chain: CodeChain) throws -> String? {
        guard let sealed = chain.code else { return nil }
        return String(decoding: try open(sealed, as: .code(chain: chain.id)), as: UTF8.self)
    }
}
