/// The bounds that a server keeps, so that no peer can take more than its share.
public struct ServerLimits: Sendable, Hashable {
    /// The longest request, in bytes.
    public var requestBytes = 64 << 10
    /// The longest answer, in bytes.
    public var answerBytes = 1 << 20
    /// Open connections.
    public var connections = 1_024
    /// Calls in flight on one connection; at that many the server stops reading from it.
    public var callsPerConnection = 256
    /// Calls in flight on all connections; more are refused with `OVERLOADED`.
    public var calls = 16_384
    /// Answers that wait to be read by one peer, in bytes; with more its connection closes.
    public var unreadBytes = 4 << 20
    /// Seconds within which a frame, once begun, must be complete.
    public var frameSeconds = 10
    /// Seconds within which a peer must read something of what waits for it.
    public var unreadSeconds = 10
    /// Seconds without a call after which a connection closes.
    public var idleSeconds = 600
    /// Seconds that calls in flight may take when the server stops.
    public var drainSeconds = 10
    /// The time that a request is given which names no `timeout`, in milliseconds.
    public var defaultTimeout = 5_000

    public init() {}
}
