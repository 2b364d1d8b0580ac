import Foundation
import Testing
import Wire

@testable import hubload

/// The real executable and the real services: what somebody who loads a host sees.
@Suite("Stories", .timeLimit(.minutes(10)))
struct StoryTests {
    @Test(
        "a load of two seconds comes to a good end, and tells of each call",
        arguments: [
            (Load.auth, "50", ["auth.Authorize", "auth.LogIn"]),
            (.otp, "50", ["otp.Verify", "otp.Send", "message"]),
            (.sms, "50", ["sms.Submit", "sms.Status", "sms.Verified"]),
            (.chain, "8", ["auth.LogIn", "auth.Verify", "auth.Authorize", "auth.LogOut"]),
        ])
    func loads(load: Load, rate: String, calls: [String]) async throws {
        let run = try await Programs.hubload(
            load.rawValue, "--build", Programs.services, "--clients", "2000", "--rate", rate, "--seconds",
            "2",
            "--timeout", "60000", "--json", "--objective", "errors<=0%")
        #expect(run.errors.isEmpty)
        try #require(run.status == 0)
        let report = try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
        let measurement = try #require(report.measurement)
        // All that were meant to begin within the measured time, and no other.
        #expect(measurement.visits.count == 2 * (Int(rate) ?? 0))
        #expect(Set(measurement.calls.map(\.name)).isSuperset(of: calls))
        #expect(measurement.calls.allSatisfy { $0.refused.isEmpty && $0.p50 > 0 && $0.max >= $0.p50 })
        #expect(Set(measurement.usage.flatMap(\.uses.keys)) == Set(load.services.map(\.program)))
    }

    @Test("a closed loop has its callers make one visit after the other, and writes a page")
    func closed() async throws {
        let scratch = try Programs.Scratch()
        let page = scratch.path + "/report.html"
        let run = try await Programs.hubload(
            "auth", "--build", Programs.services, "--clients", "200", "--callers", "2", "--seconds", "1",
            "--warm-up",
            "0", "--html", page)
        try #require(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("2 callers for 1 s after 0 s"))
        let html = try String(contentsOfFile: page, encoding: .utf8)
        #expect(html.contains("auth.Authorize") && html.contains("<svg"))
    }

    @Test("a run that is interrupted leaves neither services nor a directory")
    func interrupted() async throws {
        let process = Process()
        process.executableURL = Programs.executable
        process.arguments = ["auth", "--build", Programs.services, "--clients", "200", "--seconds", "600"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let parent = process.processIdentifier
        // Each thread has those that it started.
        func children() -> [Int32] {
            let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(parent)/task")) ?? []
            return threads.compactMap {
                try? String(contentsOfFile: "/proc/\(parent)/task/\($0)/children", encoding: .utf8)
            }.flatMap { $0.split(separator: " ") }.compactMap { Int32($0) }
        }
        /// The directory of the run, once its databases are filled and its load has begun.
        func directory() -> String? {
            for child in children() {
                let line = (try? String(contentsOfFile: "/proc/\(child)/cmdline", encoding: .utf8)) ?? ""
                guard let file = line.split(separator: "\0").last, file.hasSuffix("/etc/auth.json") else {
                    continue
                }
                let directory = String(file.dropLast("/etc/auth.json".count))
                if FileManager.default.fileExists(atPath: directory + "/population.json") { return directory }
            }
            return nil
        }
        while directory() == nil { try await Task.sleep(for: .milliseconds(20)) }
        let (scratch, services) = (try #require(directory()), children())
        kill(parent, SIGTERM)
        while process.isRunning { try await Task.sleep(for: .milliseconds(20)) }
        #expect(process.terminationStatus == 128 + SIGTERM)
        #expect(services.allSatisfy { kill($0, 0) != 0 })
        #expect(!FileManager.default.fileExists(atPath: scratch))
    }

    @Test("an objective that is missed ends with 1, and says what was measured")
    func missed() async throws {
        let run = try await Programs.hubload(
            "auth", "--build", Programs.services, "--clients", "200", "--callers", "1", "--seconds", "1",
            "--objective",
            "auth.Authorize.p50<=0.001us")
        #expect(run.status == 1)
        #expect(run.errors.hasPrefix("hubload: auth.Authorize.p50<=0.001us was missed: "))
        #expect(run.output.contains("missed"))
    }

    @Test(
        "what cannot be done ends with 2, and says why",
        arguments: [
            (["auth", "--sockets", "/nowhere"], "hubload: no visit came to a good end: UNREACHABLE"),
            (
                ["auth", "--build", "/nowhere"],
                "hubload: there is no /nowhere/OTPService; build it, or name another --build"
            ),
            (
                ["generate", "--auth", "/nowhere.db", "--otp", "/nowhere.db", "--key", "/nowhere.key"],
                "hubload: /nowhere.key: cannot be read"
            ),
        ])
    func impossible(words: [String], line: String) async throws {
        let more = words[0] == "auth" ? ["--seconds", "0.5", "--warm-up", "0"] : []
        let run = try await Programs.hubload(words + more)
        #expect(run.status == 2)
        #expect(run.errors.split(separator: "\n").last.map(String.init) == line)
    }

    @Test(
        "a wrong command line ends with 64",
        arguments: [
            ["auth"], ["auth", "--build", "a", "--sockets", "b"],
            ["sms", "--build", "a", "--rate", "1", "--callers", "1"],
            ["chain", "--build", "a", "--rate", "-5"], ["otp", "--build", "a", "--objective", "p99<=fast"],
            ["generate", "--clients", "5"], ["growth", "--build", "a", "--axis", "hopes"],
            ["web", "--sockets", "a"],
            ["auth", "--build", "a", "--clients", "1000001"],
            ["auth", "--build", "a", "--clients", "20", "--firms", "21"],
        ])
    func wrong(words: [String]) async throws {
        let run = try await Programs.hubload(words)
        #expect(run.status == 64)
        #expect(run.output.isEmpty)
        #expect(!run.errors.isEmpty)
    }
}
