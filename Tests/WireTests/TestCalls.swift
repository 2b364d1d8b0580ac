import Wire

/// Calls of a service that exists in tests alone.
enum Echo {
    /// Answered inline.
    struct Now: Call {
        static let method = "echo.Now"
        static let summary = "Gives back what it got, at once."
        static let reasons: [Reason] = [.wrongCode]
        var text: String
        var number: Int?
        struct Reply: Codable, Sendable, Hashable {
            var text: String
            var number: Int?
        }
    }

    /// Answered by a task, once the test says so.
    struct Later: Call {
        static let method = "echo.Later"
        static let summary = "Gives back what it got, later."
        var text: String
        struct Reply: Codable, Sendable, Hashable {
            var text: String
            /// What was left of the caller's time, in milliseconds.
            var left: Int
        }
    }

    /// Answered with as many bytes as asked for.
    struct Big: Call {
        static let method = "echo.Big"
        static let summary = "Gives a long text."
        var bytes: Int
        struct Reply: Codable, Sendable { var text: String }
    }
}

/// Holds tasks back until a test lets them go on.
@Loop
final class Latch {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private(set) var arrived = 0

    func wait() async {
        arrived += 1
        if isOpen { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    func open() {
        isOpen = true
        for one in waiting { one.resume() }
        waiting = []
    }
}

/// Looks at `condition` again and again until it holds; false after a generous while.
@Loop
func eventually(_ condition: @Loop () -> Bool) async -> Bool {
    let limit = Deadline.after(milliseconds: 30_000)
    while !condition() {
        if limit.hasPassed { return false }
        await Loop.pause(milliseconds: 2)
    }
    return true
}

/// A server of ``Echo`` at a path of its own.
@Loop
final class EchoServer {
    let scratch: Scratch
    let server: Server
    let latch = Latch()
    var reports: [Server.Report] = []
    /// Whether a task that was held back found itself cancelled.
    var cancelled = 0
    nonisolated var path: String { scratch.socket }

    init(
        _ limits: ServerLimits = ServerLimits(), callers: Set<UInt32>? = nil, monitors: Set<UInt32> = []
    ) throws {
        scratch = try Scratch()
        server = Server(service: "echo", version: "1.2.3", limits: limits)
        server.report = { [weak self] in self?.reports.append($0) }
        server.handle(Echo.Now.self) { request, _ in
            if request.text == "wrong" { throw Refusal(.wrongCode, attemptsLeft: 3) }
            if request.text == "fault" { throw SystemError("test", code: 5) }
            return Echo.Now.Reply(text: request.text, number: request.number)
        }
        server.handle(Echo.Later.self) { [weak self, latch] request, caller in
            await latch.wait()
            if Task.isCancelled { self?.cancelled += 1 }
            return Echo.Later.Reply(text: request.text, left: caller.deadline.millisecondsLeft)
        }
        server.handle(Echo.Big.self) { request, _ in
            Echo.Big.Reply(text: String(repeating: "x", count: request.bytes))
        }
        try server.listen(at: scratch.socket, callers: callers, monitors: monitors)
    }
}
