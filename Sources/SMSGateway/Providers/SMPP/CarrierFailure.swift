/// Why there is no session with a carrier.
enum CarrierFailure: Error, Equatable, Sendable {
    /// It was not reached at all.
    case unreachable(String)
    /// It was, and the connection ended.
    case broken(String)
    /// Its certificate does not verify, or there is none to verify it by.
    case untrusted(String)
    /// It refuses the session.
    case refused(SMPPStatus)

    /// Whether it lasts until somebody does something about it. Trying again soon and often only makes it worse.
    var isLasting: Bool {
        switch self {
        case .untrusted: true
        case .refused(let status): status.meaning == .configuration
        case .unreachable, .broken: false
        }
    }

    /// What becomes of messages meanwhile: none of them is sent, so that another provider may take them.
    var outcome: Outcome {
        // After a crash the carrier may have our old session for a while: that is no reason to give messages up.
        isLasting && self != .refused(.alreadyBound)
            ? .configuration(reason: "\(self)") : .retry(after: nil, reason: "\(self)")
    }
}

extension CarrierFailure: CustomStringConvertible {
    var description: String {
        switch self {
        case .unreachable(let problem): "The carrier was not reached: \(problem)."
        case .broken(let problem): "The connection to the carrier ended: \(problem)."
        case .untrusted(let problem): "The carrier's certificate does not verify: \(problem)."
        case .refused(let status): "The carrier refuses the session with \(status)."
        }
    }
}
