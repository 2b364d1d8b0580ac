import FoundationEssentials
import Glibc
import Pages
import Testing

@testable import Wire

/// The client in Python that docs/wire-protocol.md shows, run as it stands there.
@Suite("The client in Python", .timeLimit(.minutes(1)))
struct PythonClientTests {
    private static let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first { (path: String) in
        access(path, X_OK) == 0
    }

    @Test("makes calls and raises refusals", .enabled(if: python != nil))
    @Loop func works() async throws {
        let python = try #require(Self.python)
        let blocks = try Page("docs/wire-protocol.md").text.split(separator: "```python\n").dropFirst()
        let client = try #require(blocks.first?.split(separator: "\n```").first)
        let folder = FileManager.default.temporaryDirectory.appending(path: "python-\(ID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let socket = folder.appending(path: "s").path
        let script = folder.appending(path: "client.py")
        let use = """


            hub = Hub("\(socket)")
            assert hub.call("wire.Health")["status"] == "serving"
            assert hub.call("otp.Methods", subject="019377a0-0000-7000-8000-000000000000")["recoveryLeft"] == 7
            try:
                hub.call("otp.Methods", subject="nobody")
            except Refusal as refusal:
                assert (refusal.status, refusal.reason, refusal.field) == (3, "MALFORMED", "subject")
            else:
                raise AssertionError("not refused")
            """
        try Data((client + use).utf8).write(to: script)

        let server = Server(service: "otp", version: "test")
        server.handle(OTP.Methods.self) { _, _ in OTP.Methods.Reply(methods: [], recoveryLeft: 7) }
        try server.listen(at: socket, callers: nil)
        let status = await Self.run(python, script.path)
        await server.drain()
        #expect(status == 0)
    }

    /// Runs a program to its end, beside the loop.
    private static func run(_ program: String, _ argument: String) async -> CInt {
        await withCheckedContinuation { waiting in
            startThread(named: "python") {
                var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(program), strdup(argument), nil]
                defer { arguments.forEach { free($0) } }
                var (process, status) = (pid_t(), CInt(-1))
                if posix_spawn(&process, program, nil, nil, &arguments, environ) == 0 {
                    while waitpid(process, &status, 0) < 0, errno == EINTR {}
                }
                waiting.resume(returning: status)
            }
        }
    }
}
