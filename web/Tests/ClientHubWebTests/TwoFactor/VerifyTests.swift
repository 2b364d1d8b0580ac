import Testing
import Wire

@testable import ClientHubWeb

@Suite("Verify", .timeLimit(.minutes(5))) struct VerifyTests {
    @Loop private static func auth(_ methods: [FactorMethod]) -> ScriptedAuth {
        let auth = ScriptedAuth(
            Auth.Gate(
                state: .verify, required: true, requiredBy: .firm, methods: methods,
                phone: methods.contains(.sms) ? "•••• ••71" : nil, deferred: false, offer: false))
        auth.answer(Auth.SendCode.self) { _ in
            Auth.SendCode.Reply(phone: "•••• ••71", resendAfter: 30, expires: .now + 300)
        }
        return auth
    }

    @Test(
        "asks for the app first, for the phone where there is no app, and for a recovery code when asked to",
        arguments: [
            ([.authenticator, .sms, .recovery], "", "authenticator"), ([.sms, .recovery], "", "sms"),
            ([.authenticator, .recovery], "?method=recovery", "recovery"),
            ([.authenticator, .sms], "?method=sms", "sms"),
            ([.authenticator], "?method=sms", "authenticator"),
            ([.authenticator], "?method=%3Cx%3E", "authenticator"),
        ] as [([FactorMethod], String, String)])
    @MainActor func methods(methods: [FactorMethod], query: String, method: String) async throws {
        let browser = try await TestBrowser(Self.auth(methods))
        _ = try await browser.post("/two-factor/verify/send")
        let page = try await browser.get("/two-factor/verify" + query)
        #expect(page.text.contains("name=\"method\" value=\"\(method)\""))
    }

    @Test("offers to send a code where none is on its way, and shows where it went")
    @MainActor func sends() async throws {
        let browser = try await TestBrowser(Self.auth([.sms]))
        let before = try await browser.get("/two-factor/verify").text
        #expect(before.contains("We can send a code to •••• ••71."))
        #expect(!before.contains("name=\"code\""))
        let sent = try await browser.post("/two-factor/verify/send", ["next": "/documents"])
        #expect(sent.location == "/two-factor/verify?method=sms&next=%2Fdocuments")
        let after = try await browser.get("/two-factor/verify?method=sms").text
        #expect(after.contains("We sent a code to •••• ••71."))
        #expect(after.contains("name=\"code\""))
    }

    @Test(
        "takes a right code: a new session, a trusted device where it was wished, and on to what was asked for"
    )
    @MainActor func right() async throws {
        let auth = await Self.auth([.authenticator])
        await auth.answer(Auth.Verify.self) { call in
            Auth.Verify.Reply(
                session: "higher", gate: .open([.authenticator]),
                device: call.trustDevice == true ? "device-1" : nil)
        }
        let browser = try await TestBrowser(auth)
        let plain = try await browser.post(
            "/two-factor/verify", ["method": "authenticator", "code": "123456", "next": "/documents"])
        #expect(plain.location == "/two-factor?next=%2Fdocuments")
        #expect(plain.cookies[BrowserCookie.session.name] == "higher")
        #expect(plain.cookies[BrowserCookie.device.name] == nil)
        let trusted = try await browser.post(
            "/two-factor/verify", ["method": "authenticator", "code": "123456", "trust": "on"])
        #expect(trusted.cookies[BrowserCookie.device.name] == "device-1")
    }

    @Test(
        "says what is wrong with a code",
        arguments: [
            (Refusal(.wrongCode, attemptsLeft: 3), 422, "You have 3 more tries."),
            (Refusal(.codeUsed), 422, "That code was used before."),
            (Refusal(.codeExpired), 422, "That code has expired."),
            (Refusal(.tooManyAttempts, retryAfter: 60), 429, "Try again in 60 seconds."),
            (Refusal(.unreachable, retryAfter: 1), 503, "Nothing was lost."),
        ])
    @MainActor func wrong(refusal: Refusal, status: Int, text: String) async throws {
        let auth = await Self.auth([.authenticator])
        await auth.refuse(Auth.Verify.self, refusal)
        let browser = try await TestBrowser(auth)
        let page = try await browser.post(
            "/two-factor/verify", ["method": "authenticator", "code": "999999"])
        #expect(page.status == status)
        #expect(page.text.contains(text))
        #expect(page.text.contains("role=\"alert\""))
        #expect(!page.text.contains("999999"))
    }

    @Test(
        "tells a page that waits how far the code has come, and not why it failed",
        arguments: [
            (SMS.MessageState.sent, nil, 20, "It was sent.", false),
            (.failed, "30007: filtered", 0, "It could not be delivered.", true),
            (.uncertain, nil, 0, "We cannot tell whether it arrived.", true),
        ] as [(SMS.MessageState, String?, Int, String, Bool)])
    @MainActor func delivery(
        state: SMS.MessageState, error: String?, resend: Int, text: String, isFinal: Bool
    ) async throws {
        let auth = await Self.auth([.sms])
        await auth.answer(Auth.Delivery.self) { _ in
            Auth.Delivery.Reply(state: state, error: error, resendAfter: resend)
        }
        let page = try await TestBrowser(auth).get("/two-factor/delivery")
        #expect(page.status == 200)
        #expect(page.text.contains(text))
        #expect(page.text.contains("\"isFinal\":\(isFinal)"))
        #expect(page.text.contains("\"resendIn\":\(resend)"))
        #expect(!page.text.contains("30007"))
    }

    @Test("has the text message in the language of the pages")
    @MainActor func language() async throws {
        let auth = await Self.auth([.sms])
        let browser = try await TestBrowser(auth)
        _ = try await browser.get("/language?to=es")
        _ = try await browser.post("/two-factor/verify/send")
        #expect(await auth.made(Auth.SendCode.self).map(\.language) == [.es])
    }

    @Test("has nothing to do where the gate is open already, as after a form that was sent twice")
    @MainActor func done() async throws {
        let auth = await ScriptedAuth(.open([.authenticator]))
        let browser = try await TestBrowser(auth)
        #expect(
            try await browser.get("/two-factor/verify?next=/documents").location
                == "/two-factor?next=%2Fdocuments")
        #expect(try await browser.post("/two-factor/verify", ["code": "1"]).location == "/two-factor")
        #expect(try await browser.get("/two-factor?next=/documents").location == "/documents")
        #expect(await auth.methods == [])
    }
}
