import Wire

/// Finds a prefix that codes are sent to and not used from: somebody earns by the messages, and nobody logs
/// in.
enum PumpingGuard {
    /// What is done about such a prefix.
    enum Mode: String, CaseIterable, Sendable {
        case block
        /// It is said and listed, and codes go on: to see what the guard would do.
        case record
    }

    static let window = 3_600
    /// Sends within the window below which their use says nothing.
    static let fewestSends = 20
    /// The share of codes used, in percent, below which a prefix is blocked.
    static let leastUsed = 20
    /// Seconds that a prefix is blocked for.
    static let blockSeconds = 12 * 3_600
    /// Seconds that a code is given to be used before it counts as unused, so that a morning on which
    /// everybody logs in at once is no attack.
    static let patience = 120

    /// Whether sends to a prefix are so seldom used that it is to be blocked; `counts` are those of its last
    /// hour.
    static func trips(_ counts: [Count], scope: CountScope, now: Timestamp) -> Bool {
        let second = now.milliseconds / 1_000
        let judged = counts.filter {
            $0.begins > second - Int64(window) && $0.begins + Int64(scope.bucket) <= second - Int64(patience)
        }
        let sent = judged.reduce(0) { $0 + $1.sent }
        let verified = judged.reduce(0) { $0 + $1.verified }
        return sent >= fewestSends && verified * 100 < sent * leastUsed
    }
}
