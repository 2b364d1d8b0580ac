import Testing
import Wire

@testable import OTPService

@Loop
@Suite("An authenticator", .timeLimit(.minutes(1)))
struct AuthenticatorTests {
    @Test("is begun with a secret that an app reads, and counts only once it is confirmed")
    func setUp() async throws {
        let bench = try Bench()
        let begun = try await bench.begin(.authenticator)
        let secret = try #require(begun.secret)
        #expect(secret.count == 32)
        #expect(
            begun.uri?.hasPrefix("otpauth://totp/Smith%20%26%20Co:ann%40example.com?secret=\(secret)&")
                == true)
        #expect(begun.expires == bench.now + 900)
        #expect(try await bench.methods() == OTP.Methods.Reply(methods: [], recoveryLeft: 0))

        let app = try Authenticator(begun)
        let confirmed = try await bench.confirm(.authenticator, app.code(at: bench.now))
        #expect(confirmed.methods == [.authenticator, .recovery])
        #expect(confirmed.recoveryCodes?.count == 10)
        #expect(
            try await bench.methods()
                == OTP.Methods.Reply(methods: [.authenticator, .recovery], recoveryLeft: 10))
    }

    @Test("takes each code once, the one that confirmed it too")
    func once() async throws {
        let bench = try Bench()
        let app = try await bench.setUpAuthenticator()
        let first = app.code(at: bench.now)
        #expect(try await refusal { try await bench.verify(.authenticator, first) }.isFor(.codeUsed))
        bench.pass(30)
        #expect(try await bench.verify(.authenticator, app.code(at: bench.now)).method == .authenticator)
        #expect(
            try await refusal { try await bench.verify(.authenticator, app.code(at: bench.now)) }.isFor(
                .codeUsed))
        // A step behind the last used one is used up with it.
        bench.pass(60)
        try await bench.verify(.authenticator, app.code(at: bench.now))
        #expect(
            try await refusal { try await bench.verify(.authenticator, app.code(at: bench.now, -1)) }
                .isFor(.codeUsed))
    }

    @Test("is asked for by nobody who only began it")
    func pending() async throws {
        let bench = try Bench()
        let app = try Authenticator(await bench.begin(.authenticator))
        #expect(
            try await refusal { try await bench.verify(.authenticator, app.code(at: bench.now)) }.isFor(
                .notSetUp))
        #expect(
            try await refusal {
                try await bench.call(OTP.NewRecoveryCodes(subject: bench.subject))
            }.isFor(.notSetUp))
    }

    @Test("that is begun anew knows only its new secret")
    func anew() async throws {
        let bench = try Bench()
        let old = try Authenticator(await bench.begin(.authenticator))
        let new = try Authenticator(await bench.begin(.authenticator))
        #expect(
            try await refusal { try await bench.confirm(.authenticator, old.code(at: bench.now)) }.isFor(
                .wrongCode))
        #expect(try await bench.confirm(.authenticator, new.code(at: bench.now)).recoveryCodes != nil)
    }

    @Test("stays good until its successor is confirmed, and gives no recovery codes a second time")
    func successor() async throws {
        let bench = try Bench()
        let old = try await bench.setUpAuthenticator()
        bench.pass(60)
        let new = try Authenticator(await bench.begin(.authenticator))
        try await bench.verify(.authenticator, old.code(at: bench.now))
        let confirmed = try await bench.confirm(.authenticator, new.code(at: bench.now))
        #expect(confirmed.recoveryCodes == nil)
        #expect(confirmed.methods == [.authenticator, .recovery])
        bench.pass(60)
        #expect(
            try await refusal { try await bench.verify(.authenticator, old.code(at: bench.now)) }.isFor(
                .wrongCode))
        try await bench.verify(.authenticator, new.code(at: bench.now))
    }

    @Test("cannot be confirmed before it was begun, twice, or too late")
    func unconfirmable() async throws {
        let bench = try Bench()
        #expect(try await refusal { try await bench.confirm(.authenticator, "123456") }.isFor(.notBegun))
        let app = try await bench.setUpAuthenticator()
        #expect(
            try await refusal { try await bench.confirm(.authenticator, app.code(at: bench.now)) }.isFor(
                .notBegun))
        let late = try Authenticator(await bench.begin(.authenticator))
        bench.pass(900)
        #expect(
            try await refusal { try await bench.confirm(.authenticator, late.code(at: bench.now)) }
                .isFor(.codeExpired))
    }

    @Test("tells how many tries are left, and waits after the fifth wrong code, for the right one too")
    func lockOut() async throws {
        let bench = try Bench()
        let app = try await bench.setUpAuthenticator()
        bench.pass(300)
        for left in [4, 3, 2, 1] {
            let wrong = try await refusal { try await bench.verify(.authenticator, app.wrong(at: bench.now)) }
            #expect(wrong.isFor(.wrongCode) && wrong.attemptsLeft == left && wrong.retryAfter == nil)
        }
        let last = try await refusal { try await bench.verify(.authenticator, app.wrong(at: bench.now)) }
        #expect(last.isFor(.wrongCode) && last.attemptsLeft == 0 && last.retryAfter == 30)

        bench.pass(10)
        let locked = try await refusal { try await bench.verify(.authenticator, app.code(at: bench.now)) }
        #expect(locked.isFor(.tooManyAttempts) && locked.retryAfter == 20)
        bench.pass(20)
        try await bench.verify(.authenticator, app.code(at: bench.now))
        // The right code gave all tries back.
        bench.pass(60)
        let again = try await refusal { try await bench.verify(.authenticator, app.wrong(at: bench.now)) }
        #expect(again.attemptsLeft == 4)
    }

    @Test("says so where the phone's clock is off, once for each code")
    func clockOff() async throws {
        let bench = try Bench()
        let app = try await bench.setUpAuthenticator()
        let later = app.code(at: bench.now, 5)
        let off = try await refusal { try await bench.verify(.authenticator, later) }
        #expect(off.isFor(.wrongCode) && off.hint == "CLOCK_OFF" && off.attemptsLeft == 4)
        // The answer told that the guess is the code of that step, so the step is burnt.
        bench.pass(150)
        #expect(try await refusal { try await bench.verify(.authenticator, later) }.isFor(.codeUsed))
        let far = try await refusal { try await bench.verify(.authenticator, app.wrong(at: bench.now)) }
        #expect(far.hint == nil)
    }

    @Test("is shut for good after a hundred wrong codes in a row, until a PRO helps")
    func stopped() async throws {
        let bench = try Bench()
        let app = try await bench.setUpAuthenticator()
        for _ in 0..<100 {
            bench.pass(3_600)
            _ = try await refusal { try await bench.verify(.authenticator, app.wrong(at: bench.now)) }
        }
        bench.pass(1_000_000)
        let stopped = try await refusal { try await bench.verify(.authenticator, app.code(at: bench.now)) }
        #expect(stopped.isFor(.tooManyAttempts) && stopped.retryAfter == nil)
        _ = try await bench.call(OTP.Unlock(subject: bench.subject))
        try await bench.verify(.authenticator, app.code(at: bench.now))
    }

    @Test("is not shut by wrong codes of its successor's set-up, nor of recovery codes")
    func separateCounts() async throws {
        let bench = try Bench()
        let app = try await bench.setUpAuthenticator()
        let new = try Authenticator(await bench.begin(.authenticator))
        for _ in 0..<5 {
            _ = try await refusal { try await bench.confirm(.authenticator, new.wrong(at: bench.now)) }
            _ = try await refusal { try await bench.verify(.recovery, "AAAA-AAAA-AAAA-AAAA") }
        }
        #expect(
            try await refusal { try await bench.confirm(.authenticator, new.code(at: bench.now)) }
                .isFor(.tooManyAttempts))
        bench.pass(30)
        try await bench.verify(.authenticator, app.code(at: bench.now))
    }

    @Test("takes no name that fits into no QR code")
    func longNames() async throws {
        let bench = try Bench()
        let long = String(repeating: "a", count: 256)
        for request in [
            OTP.Begin(subject: bench.subject, method: .authenticator, account: long, firm: bench.firm),
            OTP.Begin(subject: bench.subject, method: .authenticator, issuer: long, firm: bench.firm),
        ] {
            let refused = try await refusal { try await bench.call(request) }
            #expect(
                refused.isFor(.malformed) && refused.field == (request.account == nil ? "issuer" : "account"))
        }
        let bare = try await bench.call(
            OTP.Begin(subject: bench.subject, method: .authenticator, firm: bench.firm))
        #expect(bare.uri?.hasPrefix("otpauth://totp/Client%20Hub:Client%20Hub?") == true)
    }
}
