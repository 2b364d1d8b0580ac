import Glibc

/// The way to a service: its present connection, and the patience for making a new one.
@Loop
final class ClientLink {
    private let name: String
    private let limits: ClientLimits
    private let connect: @Loop () throws(SystemError) -> Descriptor
    private var connection: ClientConnection?
    private var backoff: Backoff
    /// Until when a failed connection is not tried again, and why it failed.
    private var resting: (until: Deadline, problem: String)?

    nonisolated init(
        name: String, limits: ClientLimits, connect: @escaping @Loop () throws(SystemError) -> Descriptor
    ) {
        self.name = name
        self.limits = limits
        self.connect = connect
        backoff = Backoff(first: limits.firstRetry, longest: limits.longestRetry)
    }

    var isUnreachable: Bool { resting != nil }

    func call<C: Call>(_ call: C, until deadline: Deadline, trace: String?) async throws -> C.Reply {
        while true {
            let connection = try await connected(until: deadline)
            do {
                return try await connection.call(call, until: deadline, trace: trace)
            } catch let refusal as Refusal where refusal.isFor(.draining) && !deadline.hasPassed {
                // The call crossed the server's goaway, and was not done: it may be made again elsewhere.
                if self.connection === connection { self.connection = nil }
                await pause(until: deadline)
            }
        }
    }

    /// The open connection, or a new one; waits for a server that is out of reach, within the limits' patience.
    private func connected(until deadline: Deadline) async throws -> ClientConnection {
        let patience = min(deadline, .after(milliseconds: limits.patience))
        while true {
            try Task.checkCancellationAsRefusal()
            if let connection, connection.takesCalls { return connection }
            if let resting, !resting.until.hasPassed {
                guard !patience.hasPassed else { throw unreachable(resting.problem, deadline) }
                await pause(until: min(patience, resting.until))
                continue
            }
            do {
                let new = try ClientConnection(connect(), name: name, limits: limits)
                connection = new
                resting = nil
                backoff.reset()
                return new
            } catch {
                resting = (.after(milliseconds: backoff.next()), "\(error)")
            }
        }
    }

    private func pause(until deadline: Deadline) async {
        await Loop.pause(
            milliseconds: max(1, min(deadline.millisecondsLeft, limits.longestRetry, backoff.shortest)))
    }

    private func unreachable(_ problem: String, _ deadline: Deadline) -> Refusal {
        deadline.hasPassed
            ? Refusal(.deadlineExceeded, "\(name) was out of reach until the deadline: \(problem)")
            : Refusal(.unreachable, "\(name) is out of reach: \(problem)", retryAfter: 1)
    }

    func disconnect() {
        connection?.close("disconnected by this side")
        connection = nil
    }
}

/// Waits between tries to connect: each up to twice as long as the one before, by chance anywhere below that ("full
/// jitter"), so that many clients do not come back at the same moment.
package struct Backoff {
    package let first: Int
    package let longest: Int
    private var ceiling: Int

    package init(first: Int, longest: Int) {
        self.first = first
        self.longest = longest
        ceiling = first
    }

    /// Milliseconds after which waiting callers look again.
    var shortest: Int { first }

    /// Milliseconds to wait before the next try.
    package mutating func next() -> Int {
        var random = SystemRandomNumberGenerator()
        return next(using: &random)
    }

    mutating func next(using random: inout some RandomNumberGenerator) -> Int {
        defer { ceiling = min(ceiling * 2, longest) }
        return Int.random(in: 1...max(1, ceiling), using: &random)
    }

    /// The last try was a good one.
    package mutating func reset() { ceiling = first }
}

extension Task where Success == Never, Failure == Never {
    /// Throws `CANCELLED` where the task that asks was cancelled.
    static func checkCancellationAsRefusal() throws(Refusal) {
        if isCancelled { throw Refusal(.cancelled) }
    }
}
