import Cryptography
import FoundationEssentials
import Glibc
import Storage
import Testing
import Wire

@testable import OTPService

/// Keys of these versions, the same for the same version wherever they are made.
func keys(_ versions: String...) throws -> SealingKeys {
    let lines = versions.map { version in
        version == "1"
            ? testKeys.file : "\(version) " + Base64.encode(SHA256.hash("key \(version)")) + "\n"
    }
    return try SealingKeys(parsing: Array(lines.joined().utf8))
}

@Loop
@Suite("What is kept", .timeLimit(.minutes(1)))
struct KeyTests {
    @Test("has no secret, number or code in the clear, neither in the database nor in its log")
    func nothingInTheClear() async throws {
        let bench = try Bench()
        let begun = try await bench.begin(.authenticator)
        let secret = try #require(begun.secret)
        let app = try Authenticator(begun)
        let recovery = try #require(
            try await bench.confirm(.authenticator, app.code(at: bench.now)).recoveryCodes)
        try await bench.setUpPhone("+14155552671")
        try await bench.send()
        _ = try await bench.begin(.sms, phone: "(212) 555-0187")
        _ = try await bench.begin(.authenticator)

        var patterns = [Array(secret.utf8), Base32.decode(secret) ?? []]
        patterns += ["+14155552671", "4155552671", "(212) 555-0187", "2125550187", "ann@example.com"].map {
            Array($0.utf8)
        }
        patterns += bench.gateway.submitted.map { Array($0.code.utf8) }
        patterns += recovery.flatMap {
            [Array($0.utf8), Array($0.filter { $0 != "-" }.utf8), Base32.decode($0) ?? []]
        }
        // All that is on disk: the log is emptied into the database whenever there is a pause.
        let bytes = ["", "-wal"].flatMap {
            FileManager.default.contents(atPath: bench.path + $0).map(Array.init) ?? []
        }
        for pattern in patterns {
            #expect(pattern.count >= 6)
            #expect(!contains(bytes, pattern), "\(pattern)")
        }
        // The search finds what is there.
        #expect(contains(bytes, Array("authenticator".utf8)) && contains(bytes, bench.subject.bytes))
    }

    @Test(
        "opens in its own place alone",
        arguments: [
            SealedRecord.codeKey(of: ID(high: 1, low: 2)), .factor(of: ID(high: 1, low: 2), .authenticator),
            .factor(of: ID(high: 1, low: 2), .sms), .factor(of: ID(high: 1, low: 3), .sms),
            .code(chain: ID(high: 1, low: 2)),
        ])
    nonisolated func places(_ record: SealedRecord) throws {
        let sealed = testKeys.seal([1, 2, 3], for: record.identity)
        #expect(try testKeys.open(sealed, for: record.identity) == [1, 2, 3])
        let others: [SealedRecord] = [
            .codeKey(of: ID(high: 9, low: 2)), .factor(of: ID(high: 9, low: 2), .authenticator),
            .factor(of: ID(high: 1, low: 2), .recovery), .code(chain: ID(high: 9, low: 2)),
        ]
        for other in others {
            #expect(throws: SealError.notAuthentic) { try testKeys.open(sealed, for: other.identity) }
        }
    }

    @Test("is sealed anew under a newer key, in the background, and stays good all the while")
    func rotation() async throws {
        let bench = try Bench()
        let app = try await bench.setUpAuthenticator()
        try await bench.setUpPhone()
        let recovery = try await bench.call(OTP.NewRecoveryCodes(subject: bench.subject)).recoveryCodes
        try await bench.send()
        let code = bench.gateway.code
        for _ in 0..<450 {
            _ = try await bench.call(
                OTP.Begin(subject: ID(), method: .authenticator, firm: bench.firm))
        }
        bench.service.reload(OTPOptions(), try keys("1", "2"))
        await bench.service.resealer.finish()
        #expect(
            bench.service.resealer.progress == Resealer.Progress(left: 0, done: 451 + 452 + 1, damaged: 0))
        #expect(try versions(bench) == [2])

        // Key 1 is needed no more.
        bench.service.reload(OTPOptions(brand: "Other"), try keys("2"))
        #expect(bench.service.store.keys.keys.versions == [2])
        bench.pass(30)
        try await bench.verify(.authenticator, app.code(at: bench.now))
        try await bench.verify(.recovery, recovery[0])
        try await bench.send()
        #expect(bench.gateway.code == code && bench.gateway.submitted.last?.brand == "Other")
        try await bench.verify(.sms, code)
    }

    @Test("goes on from where a restart came, and leaves alone what does not open")
    func damaged() async throws {
        let first = try Bench()
        _ = try await first.setUpAuthenticator()
        let other = ID()
        _ = try await first.call(OTP.Begin(subject: other, method: .authenticator, firm: first.firm))
        // The secret of one in the place of the other.
        _ = try await first.service.store.write(at: first.now) { work in
            try work.database.run(
                "UPDATE factor SET secret = (SELECT secret FROM factor WHERE confirmed) WHERE subject = ?1",
                other)
        }
        await first.stop()

        let second = try Bench(at: first.path, keys: keys("1", "2"))
        second.service.started()
        await second.service.resealer.finish()
        #expect(second.service.resealer.progress == Resealer.Progress(left: 0, done: 3, damaged: 1))
        let health = try await second.call(Common.Health())
        #expect(health.status == .degraded)
        #expect(health.checks.first { $0.name == "keys" }?.detail?.hasPrefix("1 values do not open") == true)
        await second.stop()
    }

    @Test(
        "is told apart from keys that are missing or others",
        arguments: [
            (["1"], nil), (["1", "2"], nil), (["3", "1"], nil),
            (["2"], "the database holds values sealed under key 1, not in the key file"),
        ])
    func mismatch(_ versions: [String], problem: String?) async throws {
        let bench = try Bench()
        _ = try await bench.setUpAuthenticator()
        let lines = versions.map {
            $0 == "1" ? testKeys.file : "\($0) \(Base64.encode(SHA256.hash("key \($0)")))\n"
        }
        let given = try SealingKeys(parsing: Array(lines.joined().utf8))
        #expect(
            try bench.service.store.read(at: bench.now) { try $0.mismatch(of: given) }?.description == problem
        )

        bench.service.reload(OTPOptions(), given)
        #expect(bench.service.store.keys.keys.versions == (problem == nil ? given.versions : [1]))
        let health = try await bench.call(Common.Health())
        #expect(health.status == .serving)
    }

    @Test("under another key of the same version is found out before anything is sealed with it")
    func wrongKey() async throws {
        let bench = try Bench()
        _ = try await bench.setUpAuthenticator()
        let other = SealingKeys.generate()
        let mismatch = try bench.service.store.read(at: bench.now) { try $0.mismatch(of: other) }
        #expect(mismatch == KeyMismatch(wrong: [1]))
        #expect(
            mismatch?.description
                == "key 1 in the key file is not what the database's values were sealed with")
        bench.service.reload(OTPOptions(), other)
        #expect(try await bench.methods().methods == [.authenticator, .recovery])
    }

    @Test("is not taken for sealed with another key where one value is damaged")
    func damagedFirst() async throws {
        let bench = try Bench()
        _ = try await bench.setUpAuthenticator()
        _ = try await bench.call(OTP.Begin(subject: ID(), method: .authenticator, firm: bench.firm))
        _ = try await bench.service.store.write(at: bench.now) { work in
            try work.database.run("UPDATE factor SET secret = CAST(secret || x'00' AS BLOB) WHERE rowid = 1")
        }
        #expect(try bench.service.store.read(at: bench.now) { try $0.mismatch(of: testKeys) } == nil)
    }

    @Test("says in its health which keys are missing")
    func health() async throws {
        let first = try Bench()
        _ = try await first.setUpAuthenticator()
        await first.stop()
        let second = try Bench(at: first.path, keys: keys("2"))
        let check = try await second.call(Common.Health()).checks.first { $0.name == "keys" }
        #expect(check?.detail == "the database holds values sealed under key 1, not in the key file")
        // Who comes new is served.
        _ = try await second.setUpAuthenticator()
    }

    private func versions(_ bench: Bench) throws -> [UInt32] {
        try bench.service.store.read(at: bench.now) { work in
            try Set(SealedTable.allCases.flatMap { try work.database.sealedVersions(in: $0) }).sorted()
        }
    }

    private func contains(_ bytes: [UInt8], _ pattern: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { all in
            guard let end = all.baseAddress.map({ $0 + all.count }), let first = pattern.first else {
                return false
            }
            var start = all.baseAddress
            // memmem(3) is GNU's, which Swift's Glibc lacks.
            while let from = start, let found = memchr(from, CInt(first), end - from) {
                let at = UnsafeRawPointer(found)
                if end - at >= pattern.count, memcmp(at, pattern, pattern.count) == 0 { return true }
                start = at + 1
            }
            return false
        }
    }
}
