import Wire

/// What follows from a right code, beside that it is right.
struct UsedCode: Hashable, Sendable {
    /// SMSGateway's messages that the code went out in.
    var messages: [ID] = []
    /// How many recovery codes are left, where it was one.
    var recoveryLeft: Int?

    /// What SMSGateway is told: the code was used, and what still waits of it is not to be sent any more.
    var notices: [GatewayNotices.Notice] {
        messages.map { .verified($0) } + (messages.count > 1 ? messages.map { .cancel($0) } : [])
    }
}

/// What a typed code turned out to be.
enum Judgement: Hashable, Sendable {
    case right(UsedCode)
    /// It is counted. `triesLeft` is what the code itself takes yet, where that is a limit of its own.
    case wrong(triesLeft: Int = .max, hint: String? = nil)
    /// There was nothing to guess: it is not counted.
    case refused(Refusal)
}

extension Transaction {
    /// Lets `judge` look at a code, unless there were too many wrong ones before, and counts what it says.
    ///
    /// While there is a wait the right code is not looked at either: what is told then says nothing about it.
    func attempt(_ counted: Counted, _ judge: () throws -> Judgement) throws -> Verdict<UsedCode> {
        let before = try database.counter(of: counted)
        if let refusal = Self.refusal(AttemptPolicy.decide(before, now: now)) { return .failure(refusal) }
        switch try judge() {
        case .right(let used):
            try database.deleteCounter(of: counted)
            return .success(used)
        case .refused(let refusal):
            return .failure(refusal)
        case .wrong(let triesLeft, let hint):
            let after = AttemptPolicy.afterWrong(before, now: now)
            try database.setCounter(after, of: counted)
            return .failure(Self.wrongCode(AttemptPolicy.decide(after, now: now), triesLeft, hint))
        }
    }

    /// Why no code is looked at now; nil where one is.
    static func refusal(_ decision: AttemptPolicy.Decision) -> Refusal? {
        switch decision {
        case .allowed: nil
        case .wait(let seconds): Refusal(.tooManyAttempts, retryAfter: seconds)
        case .stopped: Refusal(.tooManyAttempts, "There were too many wrong tries: a PRO must help.")
        }
    }

    /// `next` is what the wrong code leads to.
    private static func wrongCode(_ next: AttemptPolicy.Decision, _ triesLeft: Int, _ hint: String?)
        -> Refusal
    {
        switch next {
        case .allowed(let left): Refusal(.wrongCode, attemptsLeft: min(left, triesLeft), hint: hint)
        case .wait(let seconds): Refusal(.wrongCode, retryAfter: seconds, attemptsLeft: 0, hint: hint)
        case .stopped: Refusal(.wrongCode, attemptsLeft: 0, hint: hint)
        }
    }
}
