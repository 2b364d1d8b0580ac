import Testing
import Wire

@testable import OTPService

@Loop
@Suite("Recovery codes", .timeLimit(.minutes(1)))
struct RecoveryTests {
    @Test("work once each, however they are typed, and tell how many are left")
    func once() async throws {
        let bench = try Bench()
        let app = try Authenticator(await bench.begin(.authenticator))
        let codes = try #require(
            try await bench.confirm(.authenticator, app.code(at: bench.now)).recoveryCodes)
        #expect(Set(codes).count == 10)
        for (index, code) in codes.enumerated() {
            let typed = index.isMultiple(of: 2) ? code : code.lowercased().filter { $0 != "-" }
            let reply = try await bench.verify(.recovery, typed)
            #expect(reply == OTP.Verify.Reply(method: .recovery, recoveryLeft: 9 - index))
            #expect(try await refusal { try await bench.verify(.recovery, code) }.isFor(.codeUsed))
        }
        #expect(try await bench.methods() == OTP.Methods.Reply(methods: [.authenticator], recoveryLeft: 0))
        #expect(
            try await refusal { try await bench.verify(.recovery, "ABCD-EFGH-IJKL-MNOP") }.isFor(.wrongCode))
    }

    @Test("are replaced by ten new ones; the old ones end")
    func replaced() async throws {
        let bench = try Bench()
        let app = try Authenticator(await bench.begin(.authenticator))
        let old = try #require(try await bench.confirm(.authenticator, app.code(at: bench.now)).recoveryCodes)
        try await bench.verify(.recovery, old[0])
        let new = try await bench.call(OTP.NewRecoveryCodes(subject: bench.subject)).recoveryCodes
        #expect(new.count == 10 && Set(new).isDisjoint(with: old))
        #expect(try await bench.methods().recoveryLeft == 10)
        for code in old.prefix(4) {
            #expect(try await refusal { try await bench.verify(.recovery, code) }.isFor(.wrongCode))
        }
        #expect(try await bench.verify(.recovery, new[9]).recoveryLeft == 9)
    }

    @Test("are counted apart when wrong, and are another person's nowhere")
    func wrong() async throws {
        let bench = try Bench()
        let app = try Authenticator(await bench.begin(.authenticator))
        let codes = try #require(
            try await bench.confirm(.authenticator, app.code(at: bench.now)).recoveryCodes)
        let other = ID()
        #expect(
            try await refusal {
                try await bench.call(OTP.Verify(subject: other, method: .recovery, code: codes[0]))
            }.isFor(.notSetUp))
        for left in [4, 3, 2, 1, 0] {
            let wrong = try await refusal { try await bench.verify(.recovery, "no code at all") }
            #expect(wrong.isFor(.wrongCode) && wrong.attemptsLeft == left)
        }
        #expect(try await refusal { try await bench.verify(.recovery, codes[0]) }.isFor(.tooManyAttempts))
        bench.pass(30)
        try await bench.verify(.recovery, codes[0])
    }

    @Test("are neither begun, confirmed nor removed by themselves")
    func noFactor() async throws {
        let bench = try Bench()
        _ = try await bench.setUpAuthenticator()
        let refusals = [
            try await refusal { try await bench.begin(.recovery) },
            try await refusal { try await bench.confirm(.recovery, "ABCD-EFGH-IJKL-MNOP") },
            try await refusal {
                try await bench.call(OTP.Remove(subject: bench.subject, method: .recovery))
            },
        ]
        #expect(refusals.allSatisfy { $0.isFor(.malformed) && $0.field == "method" })
    }
}
