import Glibc
import Testing
import Wire

@testable import hubctl

@Suite("The doctor's rules")
struct DoctorTests {
    private static let now = Timestamp(milliseconds: 1_795_512_600_000)

    @Test(
        "a backup is good for two days",
        arguments: [
            (nil, Finding.Level.warning), (0, .good), (-60, .good), (172_800, .good), (172_801, .bad),
        ] as [(Int?, Finding.Level)])
    func backup(age: Int?, level: Finding.Level) {
        let finding = Doctor.backup("/b", last: age.map { Self.now - $0 }, now: Self.now)
        #expect(finding.level == level && (finding.remedy == nil) == (level == .good))
    }

    @Test(
        "a disk is full before it is",
        arguments: [
            (100 << 30, 200 << 30, Finding.Level.good), (29 << 30, 200 << 30, .warning),
            (9 << 30, 200 << 30, .bad), (200 << 20, 1 << 30, .bad), (0, 0, .bad),
        ])
    func disk(free: Int, all: Int, level: Finding.Level) {
        #expect(Disk.finding("/d", free: free, of: all).level == level)
    }

    @Test(
        "a service's clock fits this one, and is not behind what it wrote",
        arguments: [
            (0, nil, Finding.Level.good), (5, nil, .good), (6, nil, .bad), (-6, nil, .bad),
            (0, -86_400, .good), (0, 5, .good), (0, 6, .bad),
        ] as [(Int, Int?, Finding.Level)])
    func clock(ahead: Int, newest: Int?, level: Finding.Level) {
        let inspection = Common.Inspect.Reply(
            now: Self.now + ahead, newest: newest.map { Self.now + ahead + $0 }, user: 0, database: "/d",
            schema: 1, keys: [])
        #expect(Doctor.clock(of: .otp, inspection, here: Self.now).level == level)
    }

    @Test("a clock that nobody keeps right is bad, and one that nobody knows of a warning")
    func synchronisation() {
        #expect(Doctor.synchronisation(true).level == .good)
        #expect(Doctor.synchronisation(false).level == .bad)
        #expect(Doctor.synchronisation(nil).level == .warning)
    }

    @Test("all services are of this release, or named")
    func versions() {
        #expect(Doctor.versions([.auth: "1.0.0", .otp: "1.0.0"], here: "1.0.0").level == .good)
        let finding = Doctor.versions([.auth: "1.0.0", .otp: "1.1.0", .sms: "0.9.0"], here: "1.0.0")
        #expect(finding.level == .bad)
        #expect(finding.found == "otp is 1.1.0, sms is 0.9.0, and hubctl is 1.0.0")
    }

    @Test(
        "a file is its owner's alone",
        arguments: [
            (0o600, 0, Finding.Level.good), (0o700, 0, .good), (0o640, 0, .bad), (0o604, 0, .bad),
            (0o600, 1, .bad),
        ] as [(mode_t, UInt32, Finding.Level)])
    func closed(mode: mode_t, other: UInt32, level: Finding.Level) throws {
        var template = Array("/tmp/hubctl-test-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { unlink(path) }
        fchmod(file, mode)
        close(file)
        let facts = try #require(FileFacts(path))
        let finding = Permissions.closed(path, facts, owner: geteuid() + other, remedy: "chmod it")
        #expect(finding.level == level && finding.found.hasPrefix(path))
    }

    @Test("what is wrong stands first, each with what to do about it")
    func text() {
        let findings: [Finding] = [
            .good("disk", "/d: 1 GiB free"), .warning("backup", "none", "make one"),
            .bad("keys", "gone\u{1B}", "bring them back"),
        ]
        #expect(
            DoctorCommand.text(of: findings) == """
                BAD keys: gone\\u{1b}
                      → bring them back
                !   backup: none
                      → make one
                ok  disk: /d: 1 GiB free
                """)
        #expect(DoctorCommand.problem(in: findings) == .bad("keys: gone\u{1B}"))
        #expect(DoctorCommand.problem(in: Array(findings.prefix(2))) == nil)
        let two = DoctorCommand.problem(in: findings + [.bad("disk", "full", "make room")])
        #expect(two == .bad("keys: gone\u{1B}, and 1 more"))
    }

    @Test(
        "a provider's URL names its host and port",
        arguments: [
            ("https://api.twilio.com", InstalledProvider.Way.network(host: "api.twilio.com", port: 443)),
            ("https://127.0.0.1:8443/path", .network(host: "127.0.0.1", port: 8_443)),
            ("https://[::1]:99/", .network(host: "::1", port: 99)), ("http://a", nil), ("https://", nil),
            ("https://a:b", nil), ("https://a:70000", nil),
        ] as [(String, InstalledProvider.Way?)])
    func urls(url: String, way: InstalledProvider.Way?) {
        #expect(InstalledProvider.way(to: url) == way)
    }

    @Test(
        "a backup of a newer release is not restored",
        arguments: [
            ("1.2.3", "1.2.3", true), ("1.2.3", "1.10.0", true), ("0.9.9", "1.0.0", true),
            ("1.2.4", "1.2.3", false), ("2.0", "1.9.9", false), ("1.2.3.1", "1.2.3", false),
        ])
    func restorable(version: String, here: String, fits: Bool) {
        if fits {
            #expect(throws: Never.self) { try Restore.checkVersion(version, here: here) }
        } else {
            #expect(throws: Problem.self) { try Restore.checkVersion(version, here: here) }
        }
    }

    @Test("the keys' table says which seals, which only open, which may go and which are missing")
    func keys() {
        let table = KeyCommand.Status.table(of: [
            .init(
                service: "otp",
                keys: [
                    .init(version: 1, values: 0, fingerprint: "aa"),
                    .init(version: 2, values: 70, fingerprint: "bb"),
                    .init(version: 3, values: 5, fingerprint: "cc"), .init(version: 4, values: 1),
                ])
        ])
        #expect(
            table.text == """
                SERVICE  KEY  VALUES  STATE           FINGERPRINT
                otp        1       0  unused, may go  aa
                otp        2      70  opens           bb
                otp        3       5  seals           cc
                otp        4       1  missing         -
                """)
    }
}
