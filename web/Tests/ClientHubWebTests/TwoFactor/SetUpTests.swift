import Testing
import Wire

@testable import ClientHubWeb

@Suite("Set up", .timeLimit(.minutes(5))) struct SetUpTests {
    private static let locked = Auth.Gate(
        state: .setUp, required: true, requiredBy: .firm, methods: [], deferred: false, offer: false)
    private static let uri =
        "otpauth://totp/Demo:carla%40demo.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Demo"

    @Loop private static func auth() -> ScriptedAuth {
        let auth = ScriptedAuth(locked)
        auth.answer(Auth.BeginSetUp.self) { call in
            call.method == .sms
                ? Auth.BeginSetUp.Reply(
                    method: .sms, phone: "•••• ••71", resendAfter: 30, expires: .now + 900)
                : Auth.BeginSetUp.Reply(
                    method: .authenticator, secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", uri: uri,
                    expires: .now + 900)
        }
        return auth
    }

    @Test("begins, shows the secret in two forms on a page that may be reloaded, and confirms it")
    @MainActor func authenticator() async throws {
        let auth = await Self.auth()
        await auth.answer(Auth.ConfirmSetUp.self) { _ in
            Auth.ConfirmSetUp.Reply(
                session: "higher", gate: .open([.authenticator]), recoveryCodes: ["AAAA-BBBB", "CCCC-DDDD"])
        }
        let browser = try await TestBrowser(auth)
        let begun = try await browser.post(
            "/two-factor/set-up", ["method": "authenticator", "next": "/documents"])
        #expect(begun.location == "/two-factor/set-up/confirm?next=%2Fdocuments")
        for _ in 1...2 {
            let page = try await browser.get("/two-factor/set-up/confirm?next=/documents").text
            #expect(page.contains("JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP"))
            #expect(page.contains("<svg class=\"qr\""))
            #expect(page.contains("autocomplete=\"one-time-code\""))
        }
        #expect(await auth.made(Auth.BeginSetUp.self).count == 1)

        let done = try await browser.post(
            "/two-factor/set-up/confirm", ["code": "123 456", "next": "/documents"])
        #expect(done.location == "/two-factor/recovery-codes?next=%2Fdocuments")
        #expect(done.cookies[BrowserCookie.session.name] == "higher")
        #expect(await auth.made(Auth.ConfirmSetUp.self).first?.code == "123 456")
        #expect(try await browser.get("/two-factor/recovery-codes").text.contains("AAAA-BBBB"))
        #expect(try await browser.get("/two-factor/recovery-codes/download").text.contains("CCCC-DDDD"))

        // They stay until they are kept, and then they are gone.
        #expect(try await browser.post("/two-factor/recovery-codes", ["next": "/documents"]).status == 422)
        let kept = try await browser.post("/two-factor/recovery-codes", ["kept": "on", "next": "/documents"])
        #expect(kept.location == "/documents")
        #expect(try await browser.get("/two-factor/recovery-codes").status == 303)
        #expect(try await browser.get("/two-factor/recovery-codes/download").status == 303)
    }

    @Test("shows the same set-up again after a wrong code, and how many tries are left")
    @MainActor func wrongCode() async throws {
        let auth = await Self.auth()
        await auth.refuse(Auth.ConfirmSetUp.self, Refusal(.wrongCode, attemptsLeft: 1, hint: "CLOCK_OFF"))
        let browser = try await TestBrowser(auth)
        _ = try await browser.post("/two-factor/set-up", ["method": "authenticator"])
        let page = try await browser.post("/two-factor/set-up/confirm", ["code": "000000"])
        #expect(page.status == 422)
        #expect(page.text.contains("That code is not right."))
        #expect(page.text.contains("You have one more try."))
        #expect(page.text.contains("automatic"))
        #expect(page.text.contains("aria-invalid=\"true\""))
        #expect(page.text.contains("JBSW Y3DP"))
        #expect(!page.text.contains("000000"))
    }

    @Test("sends to the number that was typed, again too")
    @MainActor func sms() async throws {
        let auth = await Self.auth()
        let browser = try await TestBrowser(auth)
        _ = try await browser.post("/two-factor/set-up", ["method": "sms", "phone": "(415) 555-2671"])
        let page = try await browser.get("/two-factor/set-up/confirm").text
        #expect(page.contains("We sent a code to •••• ••71."))
        #expect(page.contains("data-countdown="))
        #expect(!page.contains("555-2671"))
        _ = try await browser.post("/two-factor/set-up/resend")
        #expect(await auth.made(Auth.BeginSetUp.self).map(\.phone) == ["(415) 555-2671", "(415) 555-2671"])
    }

    @Test("says at its field that a number is none, and keeps it")
    @MainActor func badPhone() async throws {
        let auth = await ScriptedAuth(Self.locked)
        await auth.refuse(Auth.BeginSetUp.self, Refusal(.badPhone))
        let browser = try await TestBrowser(auth)
        let page = try await browser.post("/two-factor/set-up", ["method": "sms", "phone": "12\"3"])
        #expect(page.status == 422)
        #expect(page.text.contains("value=\"12&quot;3\""))
        #expect(page.text.contains("aria-describedby=\"phone-hint problem\" aria-invalid=\"true\""))
    }

    @Test("begins anew where nothing was begun, and goes on where it is done already")
    @MainActor func withoutNotes() async throws {
        let auth = await Self.auth()
        let browser = try await TestBrowser(auth)
        #expect(try await browser.get("/two-factor/set-up/confirm").location == "/two-factor/set-up")
        #expect(
            try await browser.post("/two-factor/set-up/confirm", ["code": "1"]).location
                == "/two-factor/set-up")
        await auth.open([.authenticator])
        #expect(try await browser.post("/two-factor/set-up/confirm", ["code": "1"]).location == "/")
        #expect(await auth.made(Auth.ConfirmSetUp.self).isEmpty)
    }
}

extension ScriptedAuth {
    /// From now on the gate is open, with these methods.
    fileprivate func open(_ methods: [FactorMethod]) { gate = .open(methods) }
}
