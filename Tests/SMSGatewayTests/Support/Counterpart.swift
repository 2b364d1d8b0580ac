import CLinux
import Glibc
import Testing
import Wire

/// A server of `Tests/Counterparts` that speaks TLS on 127.0.0.1, with a certificate of a CA that the tests made.
@Loop
final class Counterpart {
    /// One line of what it noted.
    struct Note: Decodable, Sendable {
        /// A request that it read whole.
        var method: String?
        var path: String?
        var body: String?
        var headers: [String: String]?
        /// Which one on its connection it was, from 1.
        var count: Int?
        /// What of a request it took, where it did.
        var accepted: [String: String]?
    }

    let scratch: Scratch
    let port: Int
    private let host: Host
    private var isListening = true

    /// The file of the CA that signed its certificate.
    var authorities: String { scratch.file("ca.pem") }
    var url: String { "https://127.0.0.1:\(port)" }

    /// Starts it, and waits until it listens. Its certificate is for 127.0.0.1 and of a CA that all have in common, or
    /// for `name` and of a CA of its own.
    init(_ script: String, name: String? = nil) async throws {
        let scratch = try Scratch()
        if let name {
            try await Certificate.make(for: name, in: scratch)
        } else {
            let common = try await Certificate.common
            for file in ["ca.pem", "server.pem", "server.key"] {
                _ = try scratch.write(String(decoding: common.read(file), as: UTF8.self), to: file)
            }
        }
        host = try Host.of(script)
        try host.tell("+ \(scratch.path)")
        self.scratch = scratch
        let host = host
        port = try await eventually("\(script) to listen") {
            try host.check()
            return Int(String(decoding: scratch.read("port"), as: UTF8.self))
        }
    }

    deinit { if isListening { try? host.tell("- \(scratch.path)") } }

    /// What it is to do with the next requests, one of them each; it serves the ones after them.
    func order(_ orders: String...) throws {
        _ = try scratch.write(orders.joined(separator: "\n"), to: "orders")
    }

    /// All that it noted so far.
    var notes: [Note] {
        get throws {
            try scratch.read("requests").split(separator: UInt8(ascii: "\n")).map {
                try ForeignJSON.decode(Note.self, from: Array($0))
            }
        }
    }

    /// The requests that it read whole.
    var requests: [Note] { get throws { try notes.filter { $0.method != nil } } }
    /// The messages that it took.
    var accepted: [[String: String]] { get throws { try notes.compactMap(\.accepted) } }

    /// Stops it: from here on nobody listens at its port.
    func end() async throws {
        isListening = false
        try host.tell("- \(scratch.path)")
        try await eventually("it to stop") { scratch.read("port").isEmpty ? () : nil }
    }
}

/// The process that serves all counterparts of one script.
@Loop
private final class Host {
    private static var hosts: [String: Host] = [:]
    private let script: String
    private let child: Child
    private let pipe: CInt
    private let scratch: Scratch

    static func of(_ script: String) throws -> Host {
        if let host = hosts[script] { return host }
        let host = try Host(script)
        hosts[script] = host
        return host
    }

    private init(_ script: String) throws {
        self.script = script
        scratch = try Scratch()
        var ends: [CInt] = [-1, -1]
        // Its own end must not be inherited, or the process would not end with the tests.
        try #require(Glibc.pipe(&ends) == 0 && fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0)
        pipe = ends[1]
        child = try Child(
            Child.python("Tests/Counterparts/\(script)"), input: .pipe(ends[0]),
            output: scratch.file("output"),
            errors: scratch.file("errors"))
        close(ends[0])
    }

    nonisolated func tell(_ line: String) throws {
        let bytes = Array("\(line)\n".utf8)
        try #require(write(pipe, bytes, bytes.count) == bytes.count)
    }

    /// Whether it still runs.
    func check() throws {
        try #require(
            child.poll() == nil, "\(script): \(String(decoding: scratch.read("errors"), as: UTF8.self))")
    }
}

/// Certificates that openssl makes.
@Loop
private enum Certificate {
    private static var making: Task<Scratch, any Error>?

    /// The directory of a certificate for 127.0.0.1, made once.
    static var common: Scratch {
        get async throws {
            let task =
                making
                ?? Task {
                    let scratch = try Scratch()
                    try await make(for: "IP:127.0.0.1", in: scratch)
                    return scratch
                }
            making = task
            return try await task.value
        }
    }

    /// Makes a CA, and a certificate for `name` that it signs.
    static func make(for name: String, in scratch: Scratch) async throws {
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        try await Child.run(
            ["openssl", "req", "-x509"] + key + [
                "-keyout", scratch.file("ca.key"), "-out", scratch.file("ca.pem"), "-days", "2", "-subj",
                "/CN=Test CA", "-addext", "keyUsage=critical,keyCertSign",
            ])
        try await Child.run(
            ["openssl", "req", "-x509"] + key + [
                "-keyout", scratch.file("server.key"), "-out", scratch.file("server.pem"), "-days", "2",
                "-subj", "/CN=Counterpart", "-addext", "subjectAltName=\(name)", "-addext",
                "basicConstraints=critical,CA:FALSE", "-CA", scratch.file("ca.pem"), "-CAkey",
                scratch.file("ca.key"),
            ])
    }
}
