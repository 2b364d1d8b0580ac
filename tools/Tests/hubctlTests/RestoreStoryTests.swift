import Foundation
import Testing
import Wire

@testable import hubctl

/// Real services, and what an administrator does with them from the first day to the worst.
@Suite("An installed host", .serialized, .timeLimit(.minutes(10)))
struct RestoreStoryTests {
    /// A host with keys and a firm, whose services run.
    private func running(provider: String = "") async throws -> Installed {
        let host = try Installed(provider: provider)
        for holder in ["otp", "sms"] {
            #expect(try await host.hubctl("key", "create", holder).status == 0)
        }
        try await host.start()
        let firm = try await host.hubctl(
            "firm", "create", "acme", "Acme Tax", "--owner-name", "Olga", "--owner-email", "o@acme.example",
            "--password-stdin", input: Visitor.password)
        try #require(firm.status == 0, "\(firm.errors)")
        return host
    }

    /// The directory that a run of `hubctl backup` tells.
    private func backup(_ host: Installed) async throws -> String {
        let run = try await host.hubctl("backup")
        try #require(run.status == 0, "\(run.errors)")
        return String(try #require(run.output.split(separator: "\n").first))
    }

    @Test("init makes keys, the firm and its owner, and a second run changes nothing")
    func initialises() async throws {
        let host = try Installed()
        try host.write(
            "etc/web.json",
            "{ listen: \"127.0.0.1:8080\", origin: \"https://hub.acme.example\", auth: \"a\", key: \"\(host.path("etc/web.key"))\" }"
        )
        let words = [
            "init", "--slug", "acme", "--name", "Acme Tax", "--owner-name", "Olga", "--owner-email",
            "o@acme.example", "--password-stdin",
        ]
        async let first = host.hubctl(words, input: Visitor.password)
        // No service starts before its key is there.
        try await eventually("keys") { ["otp", "sms", "web"].allSatisfy { host.exists("etc/\($0).key") } }
        try await host.start()
        let made = try await first
        #expect(made.output.contains("made  \(host.path("etc/otp.key"))\n"), "\(made)")
        #expect(made.output.contains("made  firm acme (Acme Tax), owner o@acme.example\n"))
        #expect(made.output.contains("logs in at https://hub.acme.example/log-in?firm=acme\n"))
        let mode = try FileManager.default.attributesOfItem(atPath: host.path("etc/otp.key"))[
            .posixPermissions]
        #expect(mode as? Int == 0o600)

        let keys = try ["otp", "sms", "web"].map { try host.text("etc/\($0).key") }
        let second = try await host.hubctl(words, input: Visitor.password)
        #expect(second.output.contains("there \(host.path("etc/otp.key"))\n"))
        #expect(second.output.contains("there firm acme (Acme Tax)\n"))
        #expect(second.output.contains("Nothing was changed: all of it was there.\n"))
        #expect(try ["otp", "sms", "web"].map { try host.text("etc/\($0).key") } == keys)
        #expect(try await host.hubctl("firm", "list").output.split(separator: "\n").count == 2)
        #expect(try await host.hubctl("init").output.contains("Nothing was changed"))
    }

    @Test("init makes no new key where the database is there and its key is gone")
    func lostKey() async throws {
        let host = try Installed()
        try host.write("otp/otp.db", "sealed")
        let run = try await host.hubctl("init")
        #expect(run.status == 1)
        #expect(run.errors.contains("otp.db is, which was sealed with it: bring the key back"))
        #expect(!host.exists("etc/otp.key"))
    }

    @Test("a client logs in with the same authenticator on a host that was empty before the restore")
    func restores() async throws {
        let host = try await running()
        var ana = try await Visitor(of: "acme", on: host, "ana@example.com")
        try await ana.beginSetUp()
        try await ana.confirm(try await ana.code())
        let backup = try await backup(host)
        let files = try FileManager.default.contentsOfDirectory(atPath: backup).sorted()
        #expect(files == ["auth.db", "manifest.json", "otp.db", "sms.db"])
        for name in ["auth", "otp", "sms"] {
            #expect(try FileManager.default.contentsOfDirectory(atPath: host.path("\(name)/backups")) == [])
        }
        // What is in it stands under keys that are not.
        let otp = try Data(contentsOf: URL(fileURLWithPath: "\(backup)/otp.db"))
        #expect(otp.range(of: Data(ana.secret.utf8)) == nil)

        let verified = try await host.hubctl("restore", backup, "--verify")
        #expect(verified.status == 0, "\(verified.errors)")
        #expect(verified.output.contains("Nothing was changed."))
        let refused = try await host.hubctl("restore", backup)
        #expect(refused.status == 1)
        #expect(
            refused.errors.contains("is in use by another process")
                && refused.errors.contains("the services must be stopped"))
        try await host.stop()

        let other = try Installed()
        let keyless = try await other.hubctl("restore", backup)
        #expect(keyless.status == 1 && keyless.errors.contains("otp.key: is not there"), "\(keyless.errors)")
        for name in ["etc/otp.key", "etc/sms.key"] { try other.copy(name, from: host) }
        let restored = try await other.hubctl("restore", backup)
        #expect(restored.status == 0, "\(restored.errors)")
        try await other.start()
        var again = Visitor(
            auth: other.client("auth"), firm: "acme", email: "ana@example.com", secret: ana.secret)
        #expect(try await again.logIn().state == .verify)
        // The code of a later step than the one that was used.
        try await again.verify(try await again.code(after: 30))
        let page = try await again.auth.call(Auth.Authorize(session: again.session, path: "/documents"))
        #expect(page.decision == .allow)
        #expect(try await other.hubctl("audit", "verify", "acme").status == 0)
        try await other.stop()
    }

    @Test("a restore moves aside what is there, with its log")
    func movesAside() async throws {
        let host = try await running()
        let backup = try await backup(host)
        _ = try await Visitor(of: "acme", on: host, "late@example.com")
        try await host.stop()
        try host.write("auth/auth.db-wal", "the log of the database before")
        let run = try await host.hubctl("restore", backup, "--json")
        #expect(run.status == 0, "\(run.errors)")
        let report = try JSON(parsing: run.output)
        guard case .list(let aside)? = report["movedAside"] else {
            Issue.record("\(run.output)")
            return
        }
        #expect(aside.count == 3)
        #expect(!host.exists("auth/auth.db-wal"))
        let old = try #require(aside.compactMap(\.string).first { $0.contains("auth.db.before-") })
        let kept = try FileManager.default.contentsOfDirectory(atPath: old)
        #expect(Set(kept).isSuperset(of: ["auth.db", "auth.db-wal"]), "\(kept)")
        try await host.start()
        var late = Visitor(auth: host.client("auth"), firm: "acme", email: "late@example.com", secret: "")
        await #expect(throws: Refusal.self) { try await late.logIn() }
        try await host.stop()
    }

    @Test(
        "what is restored belongs to the service, and so does its claim; a link in its place leads nowhere",
        .enabled(if: geteuid() == 0, "only root can give a file to another user"))
    func owners() async throws {
        let host = try await running()
        let backup = try await backup(host)
        try await host.stop()
        let other = try Installed()
        for name in ["otp", "sms"] { try other.copy("etc/\(name).key", from: host) }
        for (name, user) in [("auth", 65_531), ("otp", 65_532), ("sms", 65_533)] {
            #expect(chown(other.path(name), uid_t(user), gid_t(user)) == 0)
        }
        // What a service that was taken over could leave for root to write to.
        try other.write("victim", "untouched")
        #expect(symlink(other.path("victim"), other.path("otp/otp.db.lock")) == 0)
        let refused = try await other.hubctl("restore", backup)
        #expect(refused.status == 1 && refused.errors.contains("otp.db.lock"), "\(refused.errors)")
        #expect(try other.text("victim") == "untouched")
        #expect(FileFacts(other.path("victim"))?.owner == 0)
        unlink(other.path("otp/otp.db.lock"))

        let run = try await other.hubctl("restore", backup)
        #expect(run.status == 0, "\(run.errors)")
        for (name, user) in [("auth", 65_531), ("otp", 65_532), ("sms", 65_533)] {
            for file in ["\(name)/\(name).db", "\(name)/\(name).db.lock"] {
                let facts = try #require(FileFacts(other.path(file)))
                #expect(facts.owner == UInt32(user) && facts.group == UInt32(user) && facts.mode == 0o600)
            }
        }
    }

    @Test("a backup that is not what it was, or does not fit the host, is refused, and nothing is changed")
    func damaged() async throws {
        let host = try await running()
        var ana = try await Visitor(of: "acme", on: host, "ana@example.com")
        try await ana.beginSetUp()
        let backup = try await backup(host)
        try await host.stop()
        let manifest = try String(contentsOfFile: "\(backup)/manifest.json", encoding: .utf8)
        let other = try Installed()
        func refused(_ because: String, _ location: SourceLocation = #_sourceLocation) async throws {
            for words in [["restore", backup], ["restore", backup, "--verify"]] {
                let run = try await other.hubctl(words)
                #expect(
                    run.status == 1 && run.errors.contains(because), "\(run.errors)", sourceLocation: location
                )
            }
            #expect(!other.exists("auth/auth.db") && !other.exists("otp/otp.db"), sourceLocation: location)
        }
        func rewrite(_ text: String) throws {
            try text.write(toFile: "\(backup)/manifest.json", atomically: true, encoding: .utf8)
        }

        try other.write("etc/otp.key", "2 \(String(repeating: "o", count: 42))A=\n")
        try other.copy("etc/sms.key", from: host)
        try await refused("otp.key: has no key 1")
        try other.write("etc/otp.key", "1 \(String(repeating: "o", count: 42))A=\n")
        try await refused("otp.key: key 1 is another one")
        try other.write("etc/otp.key", try host.text("etc/otp.key"))

        try rewrite(
            manifest.replacingOccurrences(of: "\"version\" : \"", with: "\"version\":\"")
                .replacingOccurrences(of: "\"0.", with: "\"9."))
        try await refused("the backup is of version 9.")
        try rewrite(manifest.replacingOccurrences(of: "\"format\": 1", with: "\"format\": 2"))
        try await refused("has format 2")
        try rewrite("{")
        try await refused("is no manifest")
        try rewrite(manifest)

        let database = try Data(contentsOf: URL(fileURLWithPath: "\(backup)/otp.db"))
        var changed = database
        changed[changed.count / 2] ^= 1
        try changed.write(to: URL(fileURLWithPath: "\(backup)/otp.db"))
        try await refused("otp.db: is not what the manifest tells of")
        try database.write(to: URL(fileURLWithPath: "\(backup)/otp.db"))
        #expect(try await other.hubctl("restore", backup).status == 0)
    }

    @Test("a new key comes into force while the service runs, and everything is sealed under it")
    func rotates() async throws {
        let host = try await running()
        var ana = try await Visitor(of: "acme", on: host, "ana@example.com")
        try await ana.beginSetUp()
        try await ana.confirm(try await ana.code())
        let before = try await host.hubctl("key", "status")
        #expect(before.status == 0, "\(before.errors)")
        #expect(before.output.contains("seals"))

        async let rotation = host.hubctl("key", "rotate", "otp", "--wait", "60")
        try await eventually("a second key") {
            try host.text("etc/otp.key").split(separator: "\n").count == 2
        }
        host.signal("otp", SIGHUP)
        let run = try await rotation
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.contains("Send SIGHUP to OTPService now."))
        #expect(run.output.contains("nothing is left under an older one"))
        let after = try JSON(parsing: try await host.hubctl("key", "status", "--json").output)
        guard case .list(let services) = after, case .list(let keys)? = services.first?["keys"] else {
            Issue.record("\(after)")
            return
        }
        #expect(keys.map { $0["version"]?.int } == [1, 2])
        #expect(keys.first?["values"]?.int == 0 && (keys.last?["values"]?.int ?? 0) > 0)
        // The same authenticator, sealed anew.
        #expect(try await ana.logIn().state == .verify)
        try await ana.verify(try await ana.code(after: 30))
        try await host.stop()
    }

    @Test("an exported log is verified without the service, and a change to it is found")
    func exports() async throws {
        let host = try await running()
        for number in 1...3 { _ = try await Visitor(of: "acme", on: host, "c\(number)@example.com") }
        let online = try await host.hubctl("audit", "verify", "acme")
        let run = try await host.hubctl("audit", "export", "acme")
        #expect(run.status == 0, "\(run.errors)")
        try await host.stop()
        var lines = run.output.split(separator: "\n").map(String.init)
        #expect(lines.count >= 7)
        #expect(lines.allSatisfy { $0.hasPrefix("{") && $0.contains("\"hash\":\"") })
        try host.write("log.jsonl", run.output)
        let offline = try await host.hubctl("audit", "verify", "--file", host.path("log.jsonl"))
        #expect(offline.status == 0, "\(offline.errors)")
        #expect(offline.output == online.output)
        let piped = try await host.hubctl("audit", "verify", "--file", "-", input: run.output)
        #expect(piped.output == online.output)

        lines[2] = lines[2].replacingOccurrences(of: "example.com", with: "example.org")
        lines[2] = lines[2].replacingOccurrences(of: "\"name\":\"", with: "\"name\":\"x")
        try host.write("changed.jsonl", lines.joined(separator: "\n"))
        let changed = try await host.hubctl("audit", "verify", "--file", host.path("changed.jsonl"))
        #expect(changed.status == 1)
        #expect(changed.errors.contains("event 3 does not fit"), "\(changed.errors)")
        lines.remove(at: 2)
        try host.write("short.jsonl", lines.joined(separator: "\n"))
        let short = try await host.hubctl("audit", "verify", "--file", host.path("short.jsonl"))
        #expect(short.errors.contains("event 3 is missing"), "\(short.errors)")
        try host.write("other.jsonl", "{}\n")
        #expect(try await host.hubctl("audit", "verify", "--file", host.path("other.jsonl")).status == 1)
    }
}
