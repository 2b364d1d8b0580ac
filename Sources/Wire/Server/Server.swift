import CLinux
import Glibc

/// A service's side of the wire: its methods, its sockets and the connections of its callers. One that listens lives
/// until it is drained.
///
///     let server = Server(service: "auth", version: "1.0.0")
///     server.handle(Auth.Authorize.self) { request, caller in … }
///     try server.listen(at: "auth.sock", callers: [uid])
@Loop
public final class Server {
    public let service: String
    public let version: String
    public let limits: ServerLimits
    /// Told of what an operator should know of; a service logs it.
    public var report: @Loop (Report) -> Void = { _ in }
    package let metrics = Metrics()

    /// What an operator should know of.
    public enum Report: Sendable {
        /// A handler threw something that is no ``Refusal``.
        case fault(method: String, error: any Error, trace: String?)
        /// A user that may not connect did.
        case stranger(user: UInt32)
        /// A peer sent what is no message, or took no answers; its connection was closed.
        case misbehaved(user: UInt32, problem: String)
        /// Connections cannot be accepted now.
        case cannotAccept(problem: String)
    }

    /// Reads requests, one after the other.
    let document = Document()
    private var methods = NameTable<Method>()
    private var descriptions: [@Sendable () -> Common.Describe.Method] = []
    private var listeners: [Listener] = []
    private var connections: [ObjectIdentifier: ServerConnection] = [:]
    private var checks: [(name: String, run: @Loop () -> String?)] = []
    private let since = Timestamp.now
    private(set) var isDraining = false
    /// Calls in flight on all connections: those that are tasks.
    var callsInFlight = 0
    let door = Door()

    public init(service: String, version: String, limits: ServerLimits = ServerLimits()) {
        self.service = service
        self.version = version
        self.limits = limits
        handleCommonCalls()
        metrics.gauge("wire_connections", "Open connections.") { [unowned self] in Double(connections.count) }
        metrics.gauge("wire_calls_in_flight", "Calls that are being worked on.") { [unowned self] in
            Double(callsInFlight)
        }
    }

    // MARK: methods

    /// Answers `call` with `body`, at once, on the loop.
    public func handle<C: Call>(
        _ call: C.Type, from peers: Peers = .callers, _ body: @escaping @Loop (C, Caller) throws -> C.Reply
    ) {
        add(
            call, peers,
            .inline { document, node, caller, writer in
                let request = try document.decode(C.self, from: node)
                try writer.encode(body(request, caller))
            })
    }

    /// The same where the reply may be one of before.
    public func handleKeeping<C: Call>(
        _ call: C.Type, from peers: Peers = .callers,
        _ body: @escaping @Loop (C, Caller) throws -> KeptReply<C.Reply>
    ) {
        add(
            call, peers,
            .inline { document, node, caller, writer in
                let request = try document.decode(C.self, from: node)
                try body(request, caller).write(to: writer)
            })
    }

    /// Answers `call` with `body`, a task on the loop. One that changes nothing, however long it takes, goes on while
    /// changes are held (``holdChanges(within:)``).
    public func handle<C: Call>(
        _ call: C.Type, from peers: Peers = .callers, changes: Bool = true,
        _ body: @escaping @Loop (C, Caller) async throws -> C.Reply
    ) {
        add(
            call, peers,
            .later(mayChange: changes) { document, node throws(BadField) in
                let request = try document.decode(C.self, from: node)
                return { caller in
                    let reply = try await body(request, caller)
                    return { writer throws(Unencodable) in try writer.encode(reply) }
                }
            })
    }

    private func add<C: Call>(_ call: C.Type, _ peers: Peers, _ handler: Method.Handler) {
        precondition(methods[C.method] == nil, "\(C.method) is answered twice")
        let method = Method(call, peers: peers, metrics: metrics.calls(of: C.method), handler: handler)
        methods[C.method] = method
        descriptions.append(method.description)
    }

    func method(_ name: Document.Node) -> Method? { methods.find(name, in: document) }

    // MARK: changes

    /// Lets calls that may change something wait from now on, until ``releaseChanges()``, and returns once none is at
    /// work; those that change nothing go on. Where one is still at work after `milliseconds` it gives up.
    ///
    /// - Returns: whether changes are held.
    package func holdChanges(within milliseconds: Int) async -> Bool {
        await door.shut(within: milliseconds)
    }

    /// Lets what waited go on.
    package func releaseChanges() { door.open() }

    // MARK: health

    /// Adds a part of what `wire.Health` tells: `run` gives nil while all is well, and else what is wrong.
    public func check(_ name: String, _ run: @escaping @Loop () -> String?) { checks.append((name, run)) }

    private func health() -> Common.Health.Reply {
        let results = checks.map { check in
            let problem = check.run()
            return Common.Check(name: check.name, ok: problem == nil, detail: problem)
        }
        let status: Common.Condition =
            isDraining ? .draining : results.allSatisfy(\.ok) ? .serving : .degraded
        return Common.Health.Reply(
            status: status, service: service, version: version, since: since, checks: results)
    }

    private func handleCommonCalls() {
        handle(Common.Health.self, from: .everybody) { [unowned self] _, _ in health() }
        handle(Common.Describe.self, from: .everybody) { [unowned self] _, _ in
            Common.Describe.Reply(service: service, version: version, methods: descriptions.map { $0() })
        }
        handle(Common.Metrics.self, from: .everybody) { [unowned self] _, _ in
            Common.Metrics.Reply(text: metrics.render())
        }
    }

    // MARK: connections

    /// Listens at `path`, for the users in `callers` alone; nil: for everybody. Those in `monitors` may connect too, and make
    /// those calls alone that are for everybody: `wire.Health`, `wire.Describe` and `wire.Metrics`.
    public func listen(at path: String, callers: Set<UInt32>?, monitors: Set<UInt32> = []) throws {
        try listen(on: UnixSocket.listen(at: path), callers: callers, monitors: monitors, path: path)
    }

    /// Listens on a socket that is listening already, as systemd hands it over.
    package func listen(
        on socket: consuming Descriptor, callers: Set<UInt32>?, monitors: Set<UInt32> = [],
        path: String? = nil
    ) throws {
        if listeners.isEmpty { sweep() }
        let guests = Listener.Guests(callers: callers, monitors: monitors)
        listeners.append(try Listener(socket, server: self, guests: guests, path: path))
    }

    /// Takes `descriptor` as a connection of `user`, a caller or else a monitor.
    func adopt(_ descriptor: consuming Descriptor, user: UInt32, isCaller: Bool = true) throws(SystemError) {
        if listeners.isEmpty, connections.isEmpty { sweep() }
        let connection = try ServerConnection(descriptor, user: user, isCaller: isCaller, server: self)
        connections[ObjectIdentifier(connection)] = connection
    }

    /// Whether one more connection may be taken.
    var hasRoom: Bool { connections.count < limits.connections }

    func forget(_ connection: ServerConnection) {
        connections[ObjectIdentifier(connection)] = nil
    }

    /// Closes what is idle, slow or deaf; once a second.
    private func sweep() {
        Loop.after(milliseconds: 1_000) { [weak self] in
            guard let self else { return }
            let now = monotonicNow()
            for connection in connections.values { connection.closeIfLate(now) }
            if !listeners.isEmpty || !connections.isEmpty { sweep() }
        }
    }

    /// Stops: takes no new connections and calls, answers what is in flight, for `limits.drainSeconds` at most, and
    /// closes. A socket that systemd handed over goes on collecting connections for the next process.
    public func drain() async {
        isDraining = true
        for listener in listeners { listener.stop() }
        listeners = []
        for connection in connections.values { connection.goAway() }
        let end = Deadline.after(milliseconds: limits.drainSeconds * 1_000)
        while !connections.isEmpty, !end.hasPassed {
            for connection in connections.values { connection.closeIfDone() }
            if !connections.isEmpty { await Loop.pause(milliseconds: 5) }
        }
        for connection in connections.values { connection.close() }
    }
}
