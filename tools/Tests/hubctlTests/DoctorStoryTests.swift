import Foundation
import Testing
import Wire

@testable import hubctl

/// What the doctor finds on a real host, and that it finds nothing where nothing is wrong.
@Suite("The doctor", .serialized, .timeLimit(.minutes(5)))
struct DoctorStoryTests {
    private func look(_ host: Installed, _ words: String...) async throws -> [JSON] {
        let run = try await host.hubctl(["doctor", "--json"] + words)
        guard case .list(let findings) = try JSON(parsing: run.output) else {
            Issue.record("\(run)")
            return []
        }
        let isBad = findings.contains { $0["level"]?.string == "bad" }
        #expect(run.status == (isBad ? 1 : 0), "\(run.errors)")
        for finding in findings where finding["level"]?.string != "good" {
            #expect(finding["remedy"]?.string?.isEmpty == false)
        }
        return findings
    }

    /// The findings that are not good, of what this test is about. The clock is the machine's own affair.
    private func troubles(_ findings: [JSON], _ checks: String...) -> [String] {
        findings.filter { $0["level"]?.string != "good" && checks.contains($0["check"]?.string ?? "") }
            .compactMap { $0["found"]?.string }
    }

    @Test("finds what is wrong with files, sockets, keys and backups, and nothing on a host that is well")
    func files() async throws {
        let host = try Installed()
        for holder in ["otp", "sms"] { #expect(try await host.hubctl("key", "create", holder).status == 0) }
        try await host.start()
        #expect(try await host.hubctl("backup").status == 0)
        let well = try await look(host)
        #expect(well.count > 15)
        #expect(
            troubles(well, "configuration", "keys", "sockets", "health", "callers", "versions", "backup")
                == [])
        #expect(well.contains { $0["found"]?.string == "otp: lets AuthService in (\(userName(geteuid())))" })

        chmod(host.path("otp/otp.db"), 0o644)
        chmod(host.path("etc/sms.key"), 0o640)
        let open = troubles(try await look(host), "permissions", "keys")
        #expect(open.contains("\(host.path("otp/otp.db")): is open to others (mode 0644)"))
        #expect(open.contains("\(host.path("etc/sms.key")): is open to others (mode 0640)"))
        chmod(host.path("otp/otp.db"), 0o600)
        chmod(host.path("etc/sms.key"), 0o600)

        try FileManager.default.moveItem(atPath: host.path("etc/otp.key"), toPath: host.path("etc/kept"))
        #expect(troubles(try await look(host), "keys") == ["\(host.path("etc/otp.key")): is not there"])
        try host.write(
            "etc/otp.key", try host.text("etc/kept") + "2 \(String(repeating: "o", count: 42))A=\n")
        #expect(
            troubles(try await look(host), "keys") == [
                "otp: the file of its keys was changed, and the service has not read it"
            ])
        try FileManager.default.removeItem(atPath: host.path("backups"))
        #expect(troubles(try await look(host), "backup") == ["\(host.path("backups")): there is no backup"])

        try await host.stop(["sms"])
        let gone = try await look(host)
        #expect(troubles(gone, "sockets").contains("\(host.path("run/sms.sock")): is not there"))
        try host.write("etc/otp.json", "{ socket: 7 }")
        #expect(troubles(try await look(host), "configuration").first?.contains("otp.json: socket: ") == true)
        try await host.stop()
    }

    @Test("reaches for providers, and says which it does not reach")
    func providers() async throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                _ = bind(listener, raw, size)
                listen(listener, 4)
                getsockname(listener, raw, &size)
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
        let provider = "{ name: \"carrier\", kind: \"smpp\", host: \"127.0.0.1\", port: \(port) }"
        let host = try Installed(provider: provider)
        let found = try await look(host).compactMap { $0["found"]?.string }
        #expect(found.contains("carrier: 127.0.0.1:\(port) is reached"))
        // Nobody listens at the port of a socket that was closed.
        try host.write(
            "etc/sms.json",
            try host.text("etc/sms.json").replacingOccurrences(of: "port: \(port)", with: "port: 1"))
        let refused = troubles(try await look(host), "providers")
        #expect(refused.contains { $0.hasPrefix("carrier: 127.0.0.1:1 is not reached: Connection refused") })
        #expect(!troubles(try await look(host, "--offline"), "providers").contains { $0.contains("carrier") })
    }
}
