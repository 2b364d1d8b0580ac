import Testing

@testable import Wire

/// Another user of the host, who makes calls in a process of its own. Only root can be another user.
@Loop
struct OtherUser {
    let number: Int

    /// Makes calls without a body, or with that which follows the method after a blank, one after the other on one
    /// connection: what each was answered with, in JSON, or `closed`.
    func ask(_ daemon: Daemon, _ calls: [String]) async throws -> [String] {
        let outcome = try await run(
            [
                "setpriv", "--reuid=\(number)", "--regid=\(number)", "--clear-groups", "/usr/bin/python3",
                "-c",
                Self.script, daemon.socket,
            ] + calls)
        #expect(outcome.end == .exit(0), "\(outcome.errors)")
        return outcome.output.split(separator: "\n").map(String.init)
    }

    func ask(_ daemon: Daemon, _ call: String) async throws -> String {
        try #require(try await ask(daemon, [call]).first)
    }

    private static let script = """
        import json, socket, struct, sys
        s = socket.socket(socket.AF_UNIX); s.settimeout(20); s.connect(sys.argv[1])
        for call in sys.argv[2:]:
            method, _, body = call.partition(" ")
            m = json.dumps({"id": 1, "method": method, "body": json.loads(body or "{}")}).encode()
            try:
                s.sendall(struct.pack(">I", len(m)) + m)
                head = s.recv(4, socket.MSG_WAITALL)
                print(s.recv(struct.unpack(">I", head)[0], socket.MSG_WAITALL).decode() if head else "closed")
            except OSError:
                print("closed")
        """
}
