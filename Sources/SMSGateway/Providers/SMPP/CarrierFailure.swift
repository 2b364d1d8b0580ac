/// Why there is no session with a carrier.
enum CarrierFailure: Error, Equatable, Sendable {
    /// It was not reached at all.
    case unreachable(String)
    /// It was, and the connection ended.
    case broken(String)
    /// It refuses the session.
    case refused(SMPPStatus)

    /// What becomes of messages meanwhile: none of them is sent, so that another provider may take them.
    var outcome: Outcome {
        if case .refused(let status) = self, status.meaning == .configuration {
            .configuration(reason: "\(self)")
        } else {
            .retry(after: nil, reason: "\(self)")
        }
    }
}

extension CarrierFailure: CustomStringConvertible {
    var description: String {
        switch self {
        case .unreachable(let problem): "The carrier was not reached: \(problem)."
        case .broken(let problem): "The connection to the carrier ended: \(problem)."
        case .refused(let status): "The carrier refuses the session with \(status)."
        }
    }
}
