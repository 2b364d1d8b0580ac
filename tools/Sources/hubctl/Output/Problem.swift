import Wire

/// Why a command did not do what it was asked, as one line for the administrator.
struct Problem: Error, Equatable {
    let line: String
    let exit: Exit

    /// What the process ends with.
    enum Exit: Int32 {
        /// The answer is bad news: a service that does not serve, an audit log that does not fit.
        case bad = 1
        /// The call was refused, or no service answered.
        case refused = 2
        /// The command line, or what stands on standard input, is wrong: `EX_USAGE`.
        case usage = 64
    }

    static func bad(_ line: String) -> Problem { Problem(line: line, exit: .bad) }
    static func refused(_ line: String) -> Problem { Problem(line: line, exit: .refused) }
    static func usage(_ line: String) -> Problem { Problem(line: line, exit: .usage) }
}

extension Refusal {
    /// The refusal as an administrator reads it: the reason, the sentence, and what could be done about it.
    var line: String {
        var line = description
        if let attemptsLeft { line += " (\(attemptsLeft) tries left)" }
        if let hint { line += " [\(hint)]" }
        if let advice { line += " Hint: \(advice)" }
        return line
    }

    /// What an administrator can do about a refusal, where that is known.
    private var advice: String? { Self.advice.first { isFor($0.reason) }?.text }

    private static let advice: [(reason: Reason, text: String)] = [
        (
            .unreachable,
            "see that the service runs, and that its socket is in the directory that --run-dir names"
        ),
        (.notACaller, asAdmin),
        (.notAnAdmin, asAdmin),
        (.noSuchFirm, "a firm is named by its slug, such as demo"),
        (.noSuchClient, "a person is named by the e-mail address of the log-in"),
        (.malformed, "`hubctl describe SOCKET METHOD` lists the fields"),
        (.unknownMethod, "`hubctl describe SOCKET` lists the methods"),
        (.unavailable, "`hubctl health` tells what is wrong"),
        (.deadlineExceeded, "`hubctl health` tells what is wrong"),
        (.internalError, "the service's log has the details"),
        (.noSuchMessage, "`hubctl sms list` lists the messages"),
        (.noSuchProvider, "`hubctl sms stats` lists the providers"),
        (.notRetryable, "`hubctl sms list --state failed` lists what can be sent again"),
        (.busy, "a call takes long: try again, or see `hubctl health`"),
        (.held, "another backup is being made: try again when it is done"),
        (.notBlocked, "`hubctl sms stats` lists the blocks"),
    ]

    private static let asAdmin =
        "run this as root, or as a user that the service's configuration names under \"admins\""
}
