/// Who makes a call, and how long it waits for the answer.
public struct Caller: Sendable {
    /// The user id at the other end of the socket, as the kernel says (SO_PEERCRED).
    public let user: UInt32
    /// Until when the caller waits; calls made on its behalf get what is left.
    public let deadline: Deadline
    /// The W3C traceparent that came with the call.
    public let trace: String?

    public init(user: UInt32, deadline: Deadline, trace: String? = nil) {
        self.user = user
        self.deadline = deadline
        self.trace = trace
    }
}

/// Which users may make a call, of those whom the socket lets in: its callers, and its monitors.
public struct Peers: Sendable, Hashable {
    private enum Users: Hashable {
        case everybody, callers, some(Set<UInt32>)
    }

    private let users: Users
    /// What a caller is told who is not among them.
    private let reason: Reason

    /// Monitors too: for calls that tell how the service is, and change nothing.
    public static let everybody = Peers(users: .everybody, reason: .notACaller)

    /// All callers of the socket.
    public static let callers = Peers(users: .callers, reason: .notACaller)

    /// These callers alone; the others are refused for `reason`.
    public static func users(_ users: Set<UInt32>, else reason: Reason = .notACaller) -> Peers {
        Peers(users: .some(users), reason: reason)
    }

    /// Whether `user` may make the call; a monitor is no caller.
    func contains(_ user: UInt32, isCaller: Bool) -> Bool {
        switch users {
        case .callers: isCaller
        case .everybody: true
        case .some(let users): isCaller && users.contains(user)
        }
    }

    /// What whoever may not make it is told.
    func reason(isCaller: Bool) -> Reason { isCaller ? reason : .notACaller }
}
