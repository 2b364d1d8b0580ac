import Glibc
import Testing

@testable import Wire

/// One of the three services, as the executable beside the test's own.
@Loop
final class Daemon {
    /// The executable's name.
    let name: String
    private let scratch: Scratch
    private let listener: CInt?
    private(set) var child: Child?
    /// A caller that finds the service again within a moment of its return.
    let client: Client

    /// A service that does not run yet. `short` is what its files are called after: its socket is `auth.sock`, its
    /// configuration `auth.json`. Where there is a `listener`, that is handed over to it instead of a socket of its own.
    init(_ name: String, _ short: String, in scratch: Scratch, listener: CInt? = nil) {
        self.name = name
        self.short = short
        self.scratch = scratch
        self.listener = listener
        var limits = ClientLimits()
        limits.longestRetry = 50
        client = Client(path: scratch.at("\(short).sock"), limits: limits)
    }

    private let short: String
    var socket: String { scratch.at("\(short).sock") }
    var configuration: String { scratch.at("\(short).json") }
    /// What it has written to standard error, in all of its lives.
    var log: String { scratch.text("\(short).log") }

    /// The executables lie beside the test's own.
    nonisolated static func executable(_ name: String) -> String {
        let runner = CommandLine.arguments[0]
        guard let slash = runner.lastIndex(of: "/") else { return "./\(name)" }
        return "\(runner[..<slash])/\(name)"
    }

    /// Starts it, and waits until it answers.
    func start() async throws {
        let child = try Child(
            [Self.executable(name), "--config", configuration], errors: scratch.at("\(short).log"),
            listener: listener)
        self.child = child
        try await eventually("\(name) to answer") {
            if let end = child.poll() {
                throw WaitedInVain(description: "\(name) ended with \(end) at its start:\n\(log)")
            }
            return try await reason { try await client.call(Common.Health(), within: 2_000) } == "OK"
        }
    }

    func signal(_ number: CInt) { child?.signal(number) }

    /// Ends it as an operator does, and expects that it ends well.
    func stop(_ location: SourceLocation = #_sourceLocation) async throws {
        guard let child else { return }
        child.signal(SIGTERM)
        let end = try await child.wait()
        self.child = nil
        #expect(end == .exit(0), "\(name) was stopped:\n\(log.suffix(2_000))", sourceLocation: location)
    }

    /// Ends it as a fault of the machine does, between any two instructions.
    func kill(_ location: SourceLocation = #_sourceLocation) async throws {
        let child = try #require(child, "\(name) does not run", sourceLocation: location)
        child.signal(SIGKILL)
        let end = try await child.wait()
        self.child = nil
        #expect(end == .signal(SIGKILL), sourceLocation: location)
    }

    /// Ends it whatever state it is in.
    func abandon() { child = nil }
}
