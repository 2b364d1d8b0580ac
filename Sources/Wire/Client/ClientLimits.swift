/// The bounds that a client keeps.
public struct ClientLimits: Sendable, Hashable {
    /// The longest answer taken, in bytes.
    public var answerBytes = 1 << 20
    /// Requests that wait to be read by the server, in bytes; with more the connection closes.
    public var unreadBytes = 4 << 20
    /// How long a call waits for a server that is out of reach, in milliseconds; never beyond its own deadline.
    public var patience = 1_000
    /// The first wait before another try to connect, in milliseconds; each further one is up to twice as long.
    public var firstRetry = 10
    /// The longest wait before another try to connect, in milliseconds.
    public var longestRetry = 2_000

    public init() {}
}
