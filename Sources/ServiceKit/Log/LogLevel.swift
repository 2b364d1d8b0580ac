/// How much a line of the log matters.
public enum LogLevel: String, CaseIterable, Comparable, Sendable {
    /// For whoever looks into a fault; off by default.
    case debug
    case info
    /// Rare and worth knowing, such as a reload.
    case notice
    /// Someone should look into it some day.
    case warning
    /// Something that was asked could not be done.
    case error
    /// The service cannot go on.
    case critical

    /// The number that syslog and the journal give it (RFC 5424, section 6.2.1).
    var priority: UInt8 {
        switch self {
        case .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    public static func < (one: LogLevel, other: LogLevel) -> Bool { one.priority > other.priority }
}
