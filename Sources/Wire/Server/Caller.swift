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

/// Which users may make a call.
public struct Peers: Sendable, Hashable {
    /// Nil: everybody whom the socket lets in.
    let users: Set<UInt32>?
    /// What the others are told.
    let reason: Reason

    /// Everybody whom the socket lets in.
    public static let callers = Peers(users: nil, reason: .notACaller)

    /// These users alone, of those whom the socket lets in; the others are refused for `reason`.
    public static func users(_ users: Set<UInt32>, else reason: Reason = .notACaller) -> Peers {
        Peers(users: users, reason: reason)
    }

    func contains(_ user: UInt32) -> Bool { users?.contains(user) ?? true }
}
