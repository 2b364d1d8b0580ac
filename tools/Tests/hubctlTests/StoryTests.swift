import Foundation
import Synchronization
import Testing
import Wire

@testable import hubctl

/// The real executable against real sockets: what a script or an administrator sees.
@Suite("Stories", .timeLimit(.minutes(2)))
struct StoryTests {
    @Test("health of three serving services ends with 0, and one line for each")
    func healthy() async throws {
        let host = try Host()
        for name in ["auth", "otp", "sms"] { try await host.serve(name) }
        let run = try await host.hubctl("health")
        #expect(run.status == 0)
        #expect(run.errors.isEmpty)
        let lines = run.output.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines.dropFirst().allSatisfy { $0.contains("serving") && $0.contains("1.2.3") })
    }

    @Test("health ends with 1 where a service is degraded or missing, and says which")
    func unhealthy() async throws {
        let host = try Host()
        try await host.serve("auth")
        try await host.serve("otp") { $0.check("database") { "the disk is full" } }
        let run = try await host.hubctl("health")
        #expect(run.status == 1)
        #expect(run.output.contains("database: the disk is full"))
        #expect(run.output.contains("unreachable"))
        #expect(
            run.errors == "hubctl: otp does not serve: database: the disk is full\n")
        #expect(try await host.hubctl("health", "auth").status == 0)
    }

    @Test(
        "sms test waits until it is known what became of the message, and ends with 1 where it was not sent")
    func smsTest() async throws {
        let host = try Host()
        let asked = Mutex(0)
        try await host.serve("sms") { server in
            server.handle(SMS.Test.self) { request, _ in
                guard request.provider == "main" else { throw Refusal(.noSuchProvider) }
                return .init(message: ID(), state: .queued)
            }
            server.handle(SMS.Trace.self) { request, _ in
                let count = asked.withLock { count in
                    count += 1
                    return count
                }
                let state: SMS.MessageState = count < 3 ? .sending : count == 3 ? .sent : .failed
                let entry = SMS.Entry(
                    message: request.message, to: "+1••••71", firm: ID(), purpose: .verify, state: state,
                    provider: "main", attempts: 1, error: state == .failed ? "no route" : nil, created: .now,
                    updated: .now, expires: .now)
                return .init(
                    message: entry, country: "US", ruledOut: [], crashes: 0, resent: false, closed: false)
            }
        }
        let good = try await host.hubctl("sms", "test", "main", "+14155552671")
        #expect(good.status == 0)
        #expect(good.output.contains("state      sent"))
        let bad = try await host.hubctl("sms", "test", "main", "+14155552671")
        #expect(bad.status == 1)
        #expect(bad.errors == "hubctl: main did not send it: no route\n")
        #expect(try await host.hubctl("sms", "test", "other", "+14155552671").status == 2)
    }

    @Test("health --wait waits for a service to come up")
    func waits() async throws {
        let host = try Host()
        async let run = host.hubctl("health", "auth", "--wait", "60")
        try await host.serve("auth")
        #expect(try await run.status == 0)
    }

    @Test("why prints the decision and the rule; --json the answer itself")
    func why() async throws {
        let host = try Host()
        let id = ID()
        try await host.serve("auth") { server in
            server.handle(Auth.Explain.self) { request, _ in
                guard request.firm == "demo" else { throw Refusal(.noSuchFirm) }
                let gate = Auth.Gate(
                    state: .setUp, required: true, requiredBy: .firm, methods: [], deferred: false,
                    offer: false)
                return .init(
                    client: id, gate: gate, rule: "No factor is enrolled.", facts: ["asked": request.email])
            }
        }
        let text = try await host.hubctl("why", "demo", "c@demo.example")
        #expect(text.status == 0)
        #expect(
            text.output.contains("decision  setUp: every page is locked until a second factor is set up\n"))
        #expect(text.output.contains("asked  c@demo.example\n"))

        let json = try JSON(parsing: try await host.hubctl("why", "demo", "c@demo.example", "--json").output)
        #expect(json["rule"]?.string == "No factor is enrolled.")
        #expect(json["gate"]?["state"]?.string == "setUp")
        #expect(json["client"]?.string == id.description)

        let refused = try await host.hubctl("why", "other", "c@demo.example")
        #expect(refused.status == 2)
        #expect(refused.output.isEmpty)
        #expect(refused.errors.hasPrefix("hubctl: NO_SUCH_FIRM: There is no such firm. Hint: "))
        #expect(refused.errors.count { $0 == "\n" } == 1)
    }

    @Test("a password comes from standard input, and nowhere else where there is no terminal")
    func passwords() async throws {
        let host = try Host()
        let seen = Mutex<[String]>([])
        try await host.serve("auth") { server in
            server.handle(Auth.CreateFirm.self) { request, _ in
                seen.withLock { $0.append(request.owner.password) }
                return .init(firm: ID(), owner: ID())
            }
            server.handle(Auth.CreateClient.self) { request, _ in
                seen.withLock { $0.append(request.password) }
                throw Refusal(.emailTaken)
            }
        }
        let firm = try await host.hubctl(
            "firm", "create", "demo", "Demo Tax", "--owner-name", "Olivia", "--owner-email", "o@demo.example",
            "--password-stdin", input: "pass word \nnot this\n")
        #expect(firm.status == 0)
        #expect(firm.output.hasPrefix("firm "))
        let client = try await host.hubctl(
            "client", "create", "demo", "Carla", "c@demo.example", "--password-stdin", input: "no newline")
        #expect(client.status == 2)
        #expect(client.errors.contains("EMAIL_TAKEN"))
        #expect(seen.withLock { $0 } == ["pass word ", "no newline"])
        let none = try await host.hubctl(
            "client", "create", "demo", "Carla", "c@demo.example", "--password-stdin")
        #expect(none.status == 64)
        #expect(none.errors == "hubctl: there is no password on standard input\n")
    }

    @Test("call sends any body to any method, from the command line or standard input")
    func call() async throws {
        let host = try Host()
        try await host.serve("sms") { server in
            server.handle(SMS.Block.self) { request, _ in
                if request.prefix.isEmpty { throw Refusal(.badPhone, field: "prefix") }
                return Nothing()
            }
        }
        let health = try await host.hubctl("call", "sms", "wire.Health")
        #expect(health.status == 0)
        #expect(try JSON(parsing: health.output)["service"]?.string == "sms")
        let piped = try await host.hubctl("call", "sms", "sms.Block", "-", input: "{\"prefix\":\n\"+1900\"}")
        #expect(piped.status == 0)
        #expect(piped.output == "{}\n")

        let refused = try await host.hubctl("call", "sms", "sms.Block", "{\"prefix\":\"\"}")
        #expect(refused.status == 2)
        #expect(refused.errors.contains("BAD_PHONE") && refused.errors.contains("(field prefix)"))
        let unknown = try await host.hubctl("call", "sms", "sms.Nonsense")
        #expect(unknown.status == 2)
        #expect(unknown.errors.contains("UNKNOWN_METHOD"))
        #expect(try await host.hubctl("call", "sms", "wire.Health", "{").status == 64)
        #expect(try await host.hubctl("call", "sms", "wire.Health", "[]").status == 64)
        #expect(try await host.hubctl("call", "otp", "wire.Health").status == 2)
    }

    @Test("describe lists the methods of a running service, and the fields of one")
    func describe() async throws {
        let host = try Host()
        try await host.serve("auth") { server in
            server.handle(Auth.VerifyAudit.self) { _, _ in throw Refusal(.noSuchFirm) }
        }
        let all = try await host.hubctl("describe", "auth")
        #expect(all.output.contains("auth.VerifyAudit  \(Auth.VerifyAudit.summary)\n"))
        #expect(all.output.contains("wire.Health"))
        let one = try await host.hubctl("describe", "auth", "auth.VerifyAudit")
        #expect(one.status == 0)
        #expect(one.output.contains("\nfirm     text"))
        #expect(one.output.contains("\nfirstBad  integer"))
        #expect(one.output.contains("NO_SUCH_FIRM"))
        let none = try await host.hubctl("describe", "auth", "auth.Nonsense")
        #expect(none.status == 64)
        #expect(none.errors.contains("has no method auth.Nonsense"))
    }

    @Test("audit verify ends with 1 where an event does not fit, and names it")
    func audit() async throws {
        let host = try Host()
        try await host.serve("auth") { server in
            server.handle(Auth.VerifyAudit.self) { request, _ in
                request.firm == "good"
                    ? .init(intact: true, events: 9, head: "ab12")
                    : .init(
                        intact: false, events: 9, head: "ab12", firstBad: 4, problem: "its hash is another")
            }
        }
        let good = try await host.hubctl("audit", "verify", "good")
        #expect(good.status == 0)
        #expect(good.output == "intact  yes\nevents  9\nhead    ab12\n")
        let bad = try await host.hubctl("audit", "verify", "bad", "--json")
        #expect(bad.status == 1)
        #expect(try JSON(parsing: bad.output)["firstBad"]?.int == 4)
        #expect(bad.errors == "hubctl: the audit log of bad: event 4 does not fit: its hash is another\n")
    }

    /// Has a service answer what a backup asks; what it was asked goes to `note`.
    private func serve(
        _ name: String, on host: Host, note: @escaping @Sendable (String) -> Void,
        hold: @escaping @Sendable () throws -> Void = {},
        backup: @escaping @Sendable () throws -> String
    ) async throws {
        try await host.serve(name) { server in
            let id = ID()
            server.handle(Common.Hold.self) { _, _ in
                note("hold \(name)")
                try hold()
                return .init(hold: id, at: .now)
            }
            server.handle(Common.Backup.self) { request, _ in
                #expect(request.hold == id)
                note("copy \(name)")
                return .init(path: try backup(), bytes: 3, at: .now, schema: 1, keys: [])
            }
            server.handle(Common.Release.self) { request, _ in
                #expect(request.hold == id)
                note("release \(name)")
                return Nothing()
            }
        }
    }

    @Test("backup holds all services in turn before any copies, and begins anew where a hold ended by itself")
    func backup() async throws {
        let host = try Host()
        try configure(host)
        let asked = Mutex<[String]>([])
        let note: @Sendable (String) -> Void = { line in asked.withLock { $0.append(line) } }
        for name in ["auth", "otp", "sms"] {
            try await serve(name, on: host, note: note) {
                // Of the path the last part counts alone.
                try Data("abc".utf8).write(to: URL(fileURLWithPath: "\(host.directory)/backups/\(name)"))
                let path = "/elsewhere/\(name)"
                if name == "otp", asked.withLock({ $0.count { $0 == "copy otp" } }) == 1 {
                    throw Refusal(.noSuchHold)
                }
                return path
            }
        }
        let run = try await host.hubctl("backup", "--to", "\(host.directory)/kept", "--json")
        #expect(run.status == 0, "\(run.errors)")
        let lines = asked.withLock { $0 }
        #expect(Array(lines.prefix(3)) == ["hold auth", "hold otp", "hold sms"])
        #expect(lines.suffix(6).prefix(3) == ["hold auth", "hold otp", "hold sms"])
        #expect(Set(lines.suffix(3)) == ["copy auth", "copy otp", "copy sms"])
        let report = try JSON(parsing: run.output)
        guard case .list(let files)? = report["manifest"]?["files"] else {
            Issue.record("\(run.output)")
            return
        }
        #expect(files.map { $0["file"]?.string } == ["auth.db", "otp.db", "sms.db"])
        // Of "abc".
        #expect(
            files.allSatisfy {
                $0["sha256"]?.string == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            })
    }

    /// Configurations of services whose copies are in `backups`.
    private func configure(_ host: Host) throws {
        try FileManager.default.createDirectory(
            atPath: "\(host.directory)/backups", withIntermediateDirectories: false)
        for name in ["auth", "otp", "sms"] {
            let more = name == "sms" ? "providers: [{ name: \"o\", kind: \"outbox\", directory: \"o\" }]" : ""
            let text = "{ socket: \"\(name).sock\", database: \"\(name).db\", \(more) }"
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(host.directory)/\(name).json"))
        }
    }

    @Test("backup follows no link that a service has put in the place of its copy or of its directory")
    func links() async throws {
        let host = try Host()
        try configure(host)
        let secret = "\(host.directory)/secret"
        try Data("abc".utf8).write(to: URL(fileURLWithPath: secret))
        for name in ["auth", "otp", "sms"] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(host.directory)/backups/\(name)", withDestinationPath: secret)
            try await serve(name, on: host, note: { _ in }) { name }
        }
        let copy = try await host.hubctl("backup", "--to", "\(host.directory)/kept")
        #expect(copy.status == 1 && copy.errors.contains("backups/auth: cannot be read"), "\(copy.errors)")
        try FileManager.default.moveItem(
            atPath: "\(host.directory)/backups", toPath: "\(host.directory)/elsewhere")
        try FileManager.default.createSymbolicLink(
            atPath: "\(host.directory)/backups", withDestinationPath: "\(host.directory)/elsewhere")
        let directory = try await host.hubctl("backup", "--to", "\(host.directory)/kept")
        #expect(
            directory.status == 1 && directory.errors.contains("backups: cannot be opened"),
            "\(directory.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(host.directory)/kept") == [])
        #expect(FileManager.default.fileExists(atPath: secret))
    }

    @Test("backup lets the services go that it held where another cannot be, and keeps nothing")
    func noBackup() async throws {
        let host = try Host()
        let asked = Mutex<[String]>([])
        let note: @Sendable (String) -> Void = { line in asked.withLock { $0.append(line) } }
        for name in ["auth", "otp", "sms"] {
            try await serve(
                name, on: host, note: note, hold: { if name == "sms" { throw Refusal(.notAnAdmin) } }
            ) { "" }
        }
        let run = try await host.hubctl("backup", "--to", "\(host.directory)/kept")
        #expect(run.status == 2)
        #expect(run.errors.contains("NOT_AN_ADMIN") && run.errors.contains("\"admins\""))
        #expect(
            asked.withLock { $0 } == ["hold auth", "hold otp", "hold sms", "release auth", "release otp"])
        #expect(!FileManager.default.fileExists(atPath: "\(host.directory)/kept"))
    }

    @Test("backup refuses services of different releases")
    func mixedReleases() async throws {
        let host = try Host()
        try await host.serve("auth")
        try await host.serve("otp")
        try await host.serve("sms", version: "1.2.4")
        let run = try await host.hubctl("backup", "--to", "\(host.directory)/kept")
        #expect(run.status == 1)
        #expect(run.errors.contains("auth 1.2.3, otp 1.2.3, sms 1.2.4"))
    }

    @Test("owner override hands over the reason, and who was identified how")
    func override() async throws {
        let host = try Host()
        try await host.serve("auth") { server in
            server.handle(Auth.OverrideOwner.self) { request, _ in
                #expect(request.reason == "lost phone")
                #expect(request.identifiedBy == "a call back")
                return .init(owner: ID())
            }
        }
        let run = try await host.hubctl(
            "owner", "override", "demo", "--reason", "lost phone", "--identified-by", "a call back")
        #expect(run.status == 0)
        #expect(run.output.hasPrefix("owner  "))
    }
}
