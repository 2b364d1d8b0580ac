import Glibc
import Testing

@testable import Wire

extension EndToEnd {
    /// What an operator types, and what a mistake is answered with.
    @Suite("The command line")
    @Loop
    struct CommandLineTests {
        nonisolated static let services = [
            ("AuthService", "auth"), ("OTPService", "otp"), ("SMSGateway", "sms"),
        ]

        @Test("--version, --help and --check answer on standard output, and end with 0", arguments: services)
        func answers(_ service: String, _ short: String) async throws {
            let scratch = try Scratch()
            try Configurations(scratch: scratch).write()
            let program = Daemon.executable(service)
            let version = try await run(program, "--version")
            #expect(version.end == .exit(0))
            #expect(version.output.hasPrefix("\(service) ") && version.output.contains("."))
            let help = try await run(program, "--help")
            #expect(help.end == .exit(0))
            #expect(help.output.contains("--config FILE") && help.output.contains("--check"))
            let check = try await run(program, "--config", scratch.at("\(short).json"), "--check")
            #expect(check.end == .exit(0), "\(check.errors)")
            for outcome in [version, help, check] { #expect(outcome.errors.isEmpty) }
            // To check is not to start.
            #expect(scratch.names().filter { $0.contains(".db") || $0.contains(".sock") }.isEmpty)
        }

        @Test("wrong usage ends with 64 and one line", arguments: services)
        func usage(_ service: String, _ short: String) async throws {
            for words in [[], ["--config"], ["--port", "80"], ["--check"], ["file.json"]] {
                let outcome = try await run([Daemon.executable(service)] + words)
                #expect(outcome.end == .exit(64), "\(words)")
                #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
                #expect(outcome.output.isEmpty)
            }
        }

        @Test(
            "a bad configuration ends with 78 and one line that names the file and the key",
            arguments: services)
        func configuration(_ service: String, _ short: String) async throws {
            let scratch = try Scratch()
            let files = Configurations(scratch: scratch)
            func full(_ more: String) -> String {
                switch short {
                case "auth": files.auth(more)
                case "otp": files.otp(more)
                default: files.sms(more)
                }
            }
            try files.write()
            let good = full("")
            for (text, names) in [
                (full("sokcet: 'x'"), "sokcet"), (full("log: { level: 'loud' }"), "log.level"),
                (full("wire: { calls: 0 }"), "wire.calls"), (full("wire: { calls: '7' }"), "wire.calls"),
                (full("wire: 7"), "wire"), (full("admins: ['no-such-user']"), "admins"),
                (String(good.dropLast(2)), "bad.json"), ("", "bad.json"), ("[]", "bad.json"),
                (good.replacingFirst("database:", with: "databank:"), "databa"),
                (good.replacingFirst("socket:", with: "socket: 5, rest:"), "socket"),
            ] {
                try scratch.write("bad.json", text)
                try await expectRefused(service, scratch.at("bad.json"), naming: names)
            }
            try await expectRefused(service, scratch.at("missing.json"), naming: "missing.json")
        }

        @Test(
            "a key file that is missing, empty, malformed or open to others ends with 78",
            arguments: [("OTPService", "otp"), ("SMSGateway", "sms")])
        func keys(_ service: String, _ short: String) async throws {
            let scratch = try Scratch()
            try Configurations(scratch: scratch).write()
            let good = scratch.text("\(short).key")
            for (text, mode) in [
                (good, mode_t(0o644)), ("", 0o600), ("1 AAAA\n", 0o600), (good + good, 0o600),
            ] {
                try scratch.write("\(short).key", text, mode: mode)
                try await expectRefused(service, scratch.at("\(short).json"), naming: "key")
            }
            try #require(try await run("rm", scratch.at("\(short).key")).end == .exit(0))
            try await expectRefused(service, scratch.at("\(short).json"), naming: "key")
        }

        private func expectRefused(
            _ service: String, _ file: String, naming names: String,
            _ location: SourceLocation = #_sourceLocation
        ) async throws {
            for more in [["--check"], []] {
                let outcome = try await run([Daemon.executable(service), "--config", file] + more)
                #expect(outcome.end == .exit(78), "\(names): \(outcome.errors)", sourceLocation: location)
                #expect(
                    outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)",
                    sourceLocation: location)
                #expect(outcome.errors.contains(file), "\(outcome.errors)", sourceLocation: location)
                #expect(outcome.errors.contains(names), "\(outcome.errors)", sourceLocation: location)
            }
        }
    }
}

extension String {
    /// The text with the first `part` in it replaced.
    fileprivate func replacingFirst(_ part: String, with other: String) -> String {
        guard let range = firstRange(of: part) else { return self }
        return self[..<range.lowerBound] + other + self[range.upperBound...]
    }
}
