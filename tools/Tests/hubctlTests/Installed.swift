import Foundation
import Synchronization
import Testing
import Wire

/// A host with the three services installed under a directory of its own, as the executables that the package above
/// builds: `swift build` there comes first.
final class Installed: Sendable {
    let directory: String
    private let running = Mutex<[String: Process]>([:])

    private static let programs = ["auth": "AuthService", "otp": "OTPService", "sms": "SMSGateway"]

    /// A host whose services have configurations and no keys yet, and do not run. With `provider`, a way out of SMSGateway
    /// stands beside the outbox.
    init(provider: String = "") throws {
        directory = "/tmp/hubctl-\(UUID().uuidString.prefix(8))"
        for name in ["", "etc", "run", "auth", "otp", "sms"] {
            try FileManager.default.createDirectory(
                atPath: "\(directory)/\(name)", withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        }
        try write(
            "etc/auth.json",
            """
            { socket: "\(directory)/run/auth.sock", database: "\(directory)/auth/auth.db",
              backups: "\(directory)/auth/backups", otp: "\(directory)/run/otp.sock" }
            """)
        try write(
            "etc/otp.json",
            """
            { socket: "\(directory)/run/otp.sock", database: "\(directory)/otp/otp.db",
              backups: "\(directory)/otp/backups", sms: "\(directory)/run/sms.sock", key: "\(directory)/etc/otp.key" }
            """)
        try write(
            "etc/sms.json",
            """
            { socket: "\(directory)/run/sms.sock", database: "\(directory)/sms/sms.db",
              backups: "\(directory)/sms/backups", key: "\(directory)/etc/sms.key",
              providers: [{ name: "paper", kind: "outbox", directory: "\(directory)/sms/outbox" }, \(provider)],
              limits: { numberPerDay: 100, prefixPerHour: 100000, firmPerDay: 100000, countryPerDay: 100000, pumping: "record" } }
            """)
    }

    deinit {
        for process in running.withLock({ $0.values.map(\.self) }) {
            kill(process.processIdentifier, SIGKILL)
        }
        try? FileManager.default.removeItem(atPath: directory)
    }

    func path(_ name: String) -> String { "\(directory)/\(name)" }
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
    func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    func write(_ name: String, _ text: String, mode: Int = 0o600) throws {
        let made = FileManager.default.createFile(
            atPath: path(name), contents: Data(text.utf8), attributes: [.posixPermissions: mode])
        try #require(made)
    }

    func copy(_ name: String, from other: Installed) throws {
        try FileManager.default.copyItem(atPath: other.path(name), toPath: path(name))
    }

    func client(_ name: String) -> Client { Client(path: path("run/\(name).sock")) }

    // MARK: services

    /// Starts the services, those that are called first, and waits until they serve.
    func start(_ names: [String] = ["sms", "otp", "auth"]) async throws {
        for name in names {
            let process = Process()
            process.executableURL = try Self.executable(Self.programs[name] ?? name)
            process.arguments = ["--config", path("etc/\(name).json")]
            try write("\(name).log", "")
            process.standardError = FileHandle(forWritingAtPath: path("\(name).log"))
            try process.run()
            running.withLock { $0[name] = process }
        }
        let health = try await hubctl(["health"] + names + ["--wait", "60"])
        let logs = try names.map { try text("\($0).log") }
        try #require(health.status == 0, "\(health.errors) \(logs)")
    }

    func stop(_ names: [String] = ["auth", "otp", "sms"]) async throws {
        for name in names {
            guard let process = running.withLock({ $0.removeValue(forKey: name) }) else { continue }
            process.terminate()
            try await eventually("\(name) to end") { !process.isRunning }
            #expect(process.terminationStatus == 0)
        }
    }

    func signal(_ name: String, _ number: Int32) {
        if let process = running.withLock({ $0[name] }) { kill(process.processIdentifier, number) }
    }

    /// In the build of the package above, of the same kind as this test's.
    private static func executable(_ name: String) throws -> URL {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let kind = CommandLine.arguments[0].contains("/release/") ? "release" : "debug"
        let program = root.appendingPathComponent(".build/\(kind)/\(name)")
        try #require(
            FileManager.default.isExecutableFile(atPath: program.path),
            "\(program.path) is not built: run `swift build` in \(root.path) first")
        return program
    }

    // MARK: programs

    /// Runs `hubctl` on this host.
    func hubctl(_ words: [String], input: String = "") async throws -> Host.Run {
        let environment = [
            "CLIENTHUB_RUN_DIR": path("run"), "CLIENTHUB_CONFIG_DIR": path("etc"),
            "CLIENTHUB_BACKUP_DIR": path("backups"), "PATH": "/usr/bin:/bin",
        ]
        let host = Self.needsHost(words) ? ["--credential-dir", path("credentials")] : []
        return try await Host.run(Host.program, words + host, input, environment)
    }

    func hubctl(_ words: String..., input: String = "") async throws -> Host.Run {
        try await hubctl(words, input: input)
    }

    /// Whether a command looks after the host itself, and knows where credentials are.
    private static func needsHost(_ words: [String]) -> Bool {
        ["init", "doctor", "backup", "restore"].contains(words.first)
            || (words.first == "key" && words[1] != "status")
    }

    /// What a query of a database prints, a row a line.
    func query(_ database: String, _ sql: String) async throws -> [String] {
        let run = try await Host.run(
            URL(fileURLWithPath: "/usr/bin/env"), ["sqlite3", database, sql], "", ["PATH": "/usr/bin:/bin"])
        try #require(run.status == 0, "\(run.errors)")
        return run.output.split(separator: "\n").map(String.init)
    }
}

/// Somebody with an authenticator app, which is `oathtool`.
struct Visitor {
    static let password = "violet kettle umbrella"

    let auth: Client
    let firm: String
    let email: String
    private(set) var session = ""
    private(set) var secret = ""

    /// A new client of a firm, logged in.
    init(of firm: String, on host: Installed, _ email: String) async throws {
        self.init(auth: host.client("auth"), firm: firm, email: email, secret: "")
        _ = try await auth.call(
            Auth.CreateClient(firm: firm, name: "Ana", email: email, password: Self.password), within: 120_000
        )
        try await logIn()
    }

    init(auth: Client, firm: String, email: String, secret: String) {
        self.auth = auth
        self.firm = firm
        self.email = email
        self.secret = secret
    }

    @discardableResult
    mutating func logIn() async throws -> Auth.Gate {
        let reply = try await auth.call(
            Auth.LogIn(firm: firm, email: email, password: Self.password), within: 120_000)
        session = reply.session
        return reply.gate
    }

    mutating func beginSetUp() async throws {
        let begun = try await auth.call(
            Auth.BeginSetUp(session: session, method: .authenticator), within: 120_000)
        secret = try #require(begun.secret)
    }

    mutating func confirm(_ code: String) async throws {
        session = try await auth.call(
            Auth.ConfirmSetUp(session: session, method: .authenticator, code: code), within: 120_000
        ).session
    }

    mutating func verify(_ code: String) async throws {
        session = try await auth.call(
            Auth.Verify(session: session, method: .authenticator, code: code), within: 120_000
        ).session
    }

    /// The app's code of now, or of so many seconds later.
    func code(after seconds: Int = 0) async throws -> String {
        let time = Timestamp.now.milliseconds / 1_000 + Int64(seconds)
        let run = try await Host.run(
            URL(fileURLWithPath: "/usr/bin/env"), ["oathtool", "--totp", "-b", "--now", "@\(time)", secret],
            "",
            ["PATH": "/usr/bin:/bin"])
        try #require(run.status == 0, "\(run.errors)")
        return run.output.trimmingCharacters(in: .newlines)
    }
}

/// Waits until something becomes true, for a limit that no machine in working order needs.
func eventually(_ what: String, _ isTrue: () throws -> Bool) async throws {
    let end = Deadline.after(milliseconds: 60_000)
    while try !isTrue() {
        try #require(!end.hasPassed, "waited in vain for \(what)")
        try await Task.sleep(for: .milliseconds(10))
    }
}
