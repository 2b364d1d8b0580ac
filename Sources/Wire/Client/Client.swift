import Glibc

/// A caller's side of the wire: makes calls to one service, many at a time over one connection, which is made when it
/// is first needed and made anew when it breaks.
///
///     let auth = Client(path: "/run/clienthub/auth.sock")
///     let reply = try await auth.call(Auth.Authorize(session: token, path: "/documents"))
///
/// All errors are ``Refusal``s: the service's own, or `UNREACHABLE`, `DEADLINE_EXCEEDED` and `CANCELLED`. A call is never
/// made twice: one that was in flight when the connection broke fails with `UNREACHABLE`.
public final class Client: Sendable {
    private let link: ClientLink

    public init(path: String, limits: ClientLimits = ClientLimits()) {
        link = ClientLink(name: path, limits: limits) { () throws(SystemError) in
            try UnixSocket.connect(to: path)
        }
    }

    /// A client of a server in this process, over a pair of sockets without a path: for tests.
    public init(to server: Server, limits: ClientLimits = ClientLimits()) {
        link = ClientLink(name: "\(type(of: server))", limits: limits) { () throws(SystemError) in
            let (mine, theirs) = try UnixSocket.pair()
            let mineOwned = Descriptor(adopting: mine)
            try server.adopt(Descriptor(adopting: theirs), user: getuid())
            return mineOwned
        }
    }

    /// Makes `call` and waits for its answer, for `milliseconds` at most.
    public func call<C: Call>(
        _ call: C, within milliseconds: Int = 5_000, trace: String? = nil
    ) async throws -> C.Reply {
        try await link.call(call, until: .after(milliseconds: milliseconds), trace: trace)
    }

    /// Makes `call` on behalf of `caller`: with what is left of its time, and its trace.
    public func call<C: Call>(_ call: C, for caller: Caller) async throws -> C.Reply {
        try await link.call(call, until: caller.deadline, trace: caller.trace)
    }

    /// Whether the service was out of reach when last tried.
    @Loop public var isUnreachable: Bool { link.isUnreachable }

    /// Fails what is in flight and closes the connection; the next call makes a new one.
    @Loop public func disconnect() { link.disconnect() }
}
