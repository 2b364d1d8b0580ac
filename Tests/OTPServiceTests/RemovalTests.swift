import Storage
import Testing
import Wire

@testable import OTPService

@Loop
@Suite("Removing and resetting", .timeLimit(.minutes(1)))
struct RemovalTests {
    @Test("ends one factor; with the last one the recovery codes end too")
    func remove() async throws {
        let bench = try Bench()
        let app = try Authenticator(await bench.begin(.authenticator))
        let codes = try #require(
            try await bench.confirm(.authenticator, app.code(at: bench.now)).recoveryCodes)
        try await bench.setUpPhone()
        #expect(try await bench.methods().methods == [.authenticator, .sms, .recovery])

        _ = try await bench.call(OTP.Remove(subject: bench.subject, method: .authenticator))
        #expect(try await bench.methods().methods == [.sms, .recovery])
        bench.pass(30)
        #expect(
            try await refusal { try await bench.verify(.authenticator, app.code(at: bench.now)) }.isFor(
                .notSetUp))

        try await bench.send()
        _ = try await bench.call(OTP.Remove(subject: bench.subject, method: .sms))
        #expect(try await bench.methods() == OTP.Methods.Reply(methods: [], recoveryLeft: 0))
        #expect(try await refusal { try await bench.verify(.recovery, codes[0]) }.isFor(.notSetUp))
        #expect(try await refusal { try await bench.verify(.sms, bench.gateway.code) }.isFor(.notSetUp))
        await bench.service.notices.finish()
        #expect(bench.gateway.cancelled.count == 1)
        // A first factor again: recovery codes again.
        let again = try Authenticator(await bench.begin(.authenticator))
        #expect(try await bench.confirm(.authenticator, again.code(at: bench.now)).recoveryCodes?.count == 10)
    }

    @Test("ends a set-up that nobody confirmed, with its factor")
    func removeSetUp() async throws {
        let bench = try Bench()
        let app = try Authenticator(await bench.begin(.authenticator))
        _ = try await bench.call(OTP.Remove(subject: bench.subject, method: .authenticator))
        #expect(
            try await refusal { try await bench.confirm(.authenticator, app.code(at: bench.now)) }.isFor(
                .notBegun))
    }

    @Test(
        "ends everything: factors, set-ups, recovery codes, counts, codes on their way; again it changes nothing"
    )
    func reset() async throws {
        let bench = try Bench()
        let app = try Authenticator(await bench.begin(.authenticator))
        let codes = try #require(
            try await bench.confirm(.authenticator, app.code(at: bench.now)).recoveryCodes)
        try await bench.setUpPhone()
        try await bench.send()
        try await bench.send(.stepUp)
        _ = try await bench.begin(.sms, phone: "+14155550100")
        for _ in 0..<5 { _ = try? await bench.verify(.recovery, "wrong") }

        for _ in 0..<2 { _ = try await bench.call(OTP.Reset(subject: bench.subject)) }
        #expect(try await bench.methods() == OTP.Methods.Reply(methods: [], recoveryLeft: 0))
        #expect(try await refusal { try await bench.verify(.recovery, codes[1]) }.isFor(.notSetUp))
        #expect(try await refusal { try await bench.confirm(.sms, bench.gateway.code) }.isFor(.notBegun))
        await bench.service.notices.finish()
        #expect(bench.gateway.cancelled.count == 3)
        for table in try await rows(bench) { #expect(table.count == 0, "\(table.name)") }

        let new = try Authenticator(await bench.begin(.authenticator))
        #expect(try await bench.confirm(.authenticator, new.code(at: bench.now)).recoveryCodes?.count == 10)
    }

    @Test("touches nobody else")
    func others() async throws {
        let bench = try Bench()
        let app = try await bench.setUpAuthenticator()
        let other = ID()
        _ = try await bench.call(OTP.Reset(subject: other))
        _ = try await bench.call(OTP.Remove(subject: other, method: .authenticator))
        _ = try await bench.call(OTP.Unlock(subject: other))
        bench.pass(30)
        try await bench.verify(.authenticator, app.code(at: bench.now))
    }

    @Test("works without the key that all is sealed under")
    func withoutKey() async throws {
        let bench = try Bench()
        try await bench.setUpPhone()
        try await bench.send()
        bench.service.store.keys.keys = try keys("2")
        #expect(try await refusal { try await bench.methods() }.isFor(.unavailable))
        _ = try await bench.call(OTP.Reset(subject: bench.subject))
        #expect(try await bench.methods().methods == [])
        _ = try await bench.begin(.authenticator)
    }

    @Test("gives the tries of a code back that is on its way, where a PRO unlocks")
    func unlock() async throws {
        let bench = try Bench()
        try await bench.setUpPhone()
        try await bench.send()
        for _ in 0..<5 {
            _ = try await refusal { try await bench.verify(.sms, bench.wrong(bench.gateway.code)) }
        }
        #expect(
            try await refusal { try await bench.verify(.sms, bench.gateway.code) }.isFor(.tooManyAttempts))
        _ = try await bench.call(OTP.Unlock(subject: bench.subject))
        try await bench.verify(.sms, bench.gateway.code)
    }

    private func rows(_ bench: Bench) async throws -> [(name: String, count: Int)] {
        try bench.service.store.read(at: bench.now) { work in
            try work.database.all(
                """
                SELECT 'subject', count(*) FROM subject UNION ALL SELECT 'factor', count(*) FROM factor
                UNION ALL SELECT 'chain', count(*) FROM chain UNION ALL SELECT 'message', count(*) FROM message
                UNION ALL SELECT 'recovery_code', count(*) FROM recovery_code
                UNION ALL SELECT 'attempt', count(*) FROM attempt
                """
            ) { ($0.string(0), $0.int(1)) }
        }
    }
}
