import Testing
import Wire

@testable import ClientHubWeb

@Suite("A fresh proof", .timeLimit(.minutes(5)))
struct StepUpTests {
    private static let place = "/security/methods/sms/remove?from=%22here%22"
    /// A form with what is hard to carry, and with names that the page uses for itself.
    private static let form = [
        "reason": "a <b> & \"c\" 'd' +%=", "method": "sms", "next": "/clients", "empty": "",
        "lines": "one\r\ntwo",
    ]
    private static let both: [FactorMethod] = [.sms, .authenticator, .recovery]

    /// A service that wants a proof before it removes a method, and takes the code or the password `right`.
    private func auth(_ methods: [FactorMethod]) async -> ScriptedAuth {
        let auth = await ScriptedAuth(.open(methods))
        await auth.answer(Auth.RemoveMethod.self) { call in
            guard call.session == "session-2" else { throw Refusal(.stepUp) }
            return Auth.RemoveMethod.Reply(gate: .open(methods))
        }
        await auth.answer(Auth.StepUp.self) { call in
            switch (call.code, call.password) {
            case ("right", nil), (nil, "right"): return Auth.StepUp.Reply(session: "session-2")
            case (.some, _): throw Refusal(.wrongCode, attemptsLeft: 3)
            case (nil, _): throw Refusal(.badCredentials)
            }
        }
        await auth.answer(Auth.SendCode.self) { _ in
            Auth.SendCode.Reply(phone: "•••• ••71", resendAfter: 30, expires: .now + 300)
        }
        return auth
    }

    /// The page's form as the browser sends it, with `more` typed or pressed.
    private func send(_ page: TestBrowser.Page, _ more: [String: String], by browser: TestBrowser)
        async throws
        -> TestBrowser.Page
    {
        var fields = page.hidden.merging(more) { $1 }
        fields[Form.token] = nil
        return try await browser.post("/two-factor/step-up", fields)
    }

    @Test("is asked for in place of the answer, and carries all fields of the form but secrets and our own")
    func ask() async throws {
        let auth = await auth(Self.both)
        var form = Self.form
        for secret in ["password", "current", "new", "code"] { form[secret] = "TOP-\(secret)" }
        form["_action"] = "mine"
        let page = try await TestBrowser(auth).post(Self.place, form)
        #expect(page.status == 200)
        #expect(page.text.contains("<h1>Is it you?</h1>"))
        #expect(!page.text.contains("TOP-"))
        #expect(!page.text.contains("<b>"))
        var hidden = page.hidden
        #expect(hidden.removeValue(forKey: "_then") == Self.place)
        #expect(hidden.removeValue(forKey: "_method") == "authenticator")
        #expect(hidden.removeValue(forKey: "_token") != nil)
        #expect(hidden == Self.form)
    }

    @Test(
        "sends the same form to the same place again, and the proof with it is a new session",
        arguments: [(both, "_code"), ([], "_password")] as [([FactorMethod], String)])
    func success(methods: [FactorMethod], field: String) async throws {
        let auth = await auth(methods)
        let browser = try await TestBrowser(auth)
        let page = try await browser.post(Self.place, Self.form)
        let typed = page.hidden.merging([field: "right"]) { $1 }
        let answer = try await browser.post("/two-factor/step-up", typed)
        #expect(answer.status == 307)
        #expect(answer.location == Self.place)
        #expect(answer.cookies["__Host-session"] == "session-2")
        let proof = try #require(await auth.made(Auth.StepUp.self).first)
        #expect(proof.session == "session-1")
        #expect(proof.method == (methods.isEmpty ? nil : .authenticator))

        // What browsers do at a 307: the same body, to the place named.
        let done = try await browser.post(try #require(answer.location), typed)
        #expect(done.status == 303 && done.location == "/security")
        #expect(
            await auth.got(
                ["session-1", "session-2"].map {
                    Auth.RemoveMethod(session: $0, method: .sms)
                }))
    }

    @Test("shows a wrong code as one, and keeps the fields")
    func wrongCode() async throws {
        let auth = await auth(Self.both)
        let browser = try await TestBrowser(auth)
        let page = try await browser.post(Self.place, Self.form)
        let answer = try await send(page, ["_code": "000000"], by: browser)
        #expect(answer.status == 422)
        #expect(answer.text.contains("That code is not right. You have 3 more tries."))
        #expect(answer.text.contains(#"aria-describedby="code-hint problem" aria-invalid="true""#))
        #expect(!answer.text.contains("000000"))
        #expect(answer.hidden.filter { $0.key != "_token" } == page.hidden.filter { $0.key != "_token" })
        #expect(answer.cookies["__Host-session"] == nil)
        #expect(try await send(answer, ["_code": "right"], by: browser).status == 307)
    }

    @Test("asks who has no factor for the password, and says so where it is wrong")
    func password() async throws {
        let auth = await auth([])
        let browser = try await TestBrowser(auth)
        let page = try await browser.post(Self.place, Self.form)
        #expect(page.text.contains(#"name="_password" autocomplete="current-password""#))
        #expect(!page.text.contains("one-time-code"))
        let answer = try await send(page, ["_password": " typed "], by: browser)
        #expect(answer.status == 422)
        #expect(answer.text.contains("That is not your current password."))
        #expect(!answer.text.contains(" typed "))
        #expect(await auth.got([Auth.StepUp(session: "session-1", password: " typed ")]))
    }

    @Test("sends a code to the phone when told to, and holds on to the form meanwhile")
    func sms() async throws {
        let auth = await auth([.sms])
        let browser = try await TestBrowser(auth)
        let page = try await browser.post(Self.place, Self.form)
        #expect(page.text.contains("We can send a code to •••• ••71."))
        #expect(!page.text.contains(#"name="_code""#))
        #expect(await auth.made(Auth.SendCode.self).isEmpty)

        let sent = try await send(page, ["_action": "send"], by: browser)
        #expect(sent.status == 200)
        #expect(sent.text.contains("We sent a code to •••• ••71."))
        #expect(sent.text.contains(#"name="_code""#))
        #expect(sent.hidden["reason"] == Self.form["reason"])
        #expect(await auth.made(Auth.SendCode.self).map(\.session) == ["session-1"])

        // A wrong code does not forget that one was sent.
        let wrong = try await send(sent, ["_code": "1"], by: browser)
        #expect(wrong.text.contains(#"name="_code""#))
        #expect(try await send(wrong, ["_code": "right"], by: browser).status == 307)
        #expect(await auth.made(Auth.StepUp.self).map(\.method) == [.sms, .sms])
    }

    @Test("says when a code may be sent again")
    func tooManyCodes() async throws {
        let auth = await ScriptedAuth(.open([.sms]))
        await auth.refuse(Auth.RemoveMethod.self, Refusal(.stepUp))
        await auth.refuse(Auth.SendCode.self, Refusal(.tooManyCodes, retryAfter: 30))
        let browser = try await TestBrowser(auth)
        let page = try await browser.post(Self.place, Self.form)
        let answer = try await send(page, ["_action": "send"], by: browser)
        #expect(answer.status == 429)
        #expect(answer.text.contains("Try again in 30 seconds."))
        #expect(answer.hidden["reason"] == Self.form["reason"])
    }

    @Test("changes to another method, and holds on to the form", arguments: [FactorMethod.recovery, .sms])
    func others(method: FactorMethod) async throws {
        let auth = await auth(Self.both)
        let browser = try await TestBrowser(auth)
        let page = try await browser.post(Self.place, Self.form)
        #expect(page.text.contains(#"name="_use" value="\#(method.rawValue)""#))
        let changed = try await send(page, ["_use": method.rawValue], by: browser)
        #expect(changed.status == 200)
        #expect(changed.hidden["_method"] == method.rawValue)
        #expect(changed.hidden["reason"] == Self.form["reason"])
        #expect(await auth.made(Auth.StepUp.self).isEmpty)
    }

    @Test("asks for no method that is not enrolled", arguments: ["sms", "pigeon"])
    func notEnrolled(name: String) async throws {
        let auth = await auth([.authenticator])
        let browser = try await TestBrowser(auth)
        let page = try await browser.post(Self.place, Self.form)
        let answer = try await send(page, ["_use": name], by: browser)
        #expect(answer.hidden["_method"] == "authenticator")
    }

    @Test(
        "sends a form nowhere but where forms of this site go, and proves nothing for it",
        arguments: [
            "https://evil.example/security/password", "//evil.example/", "/\\evil.example", "", "/",
            "/security",
            "/two-factor/step-up", "/log-out", "/security/methods/../remove", "/security/methods//remove",
            "/security/methods/%2e%2e/remove", "/security/methods/sms/remove/more", "/receipts/twilio",
            "security/password",
        ])
    func nowhere(then: String) async throws {
        let auth = await auth(Self.both)
        let answer = try await TestBrowser(auth).post(
            "/two-factor/step-up", ["_then": then, "_code": "right", "_method": "authenticator"])
        #expect(answer.status == 400)
        #expect(answer.location == nil)
        #expect(await auth.made(Auth.StepUp.self).isEmpty)
    }

    @Test("can be had without a form, and then leads on to another page")
    func withoutForm() async throws {
        let auth = await auth(Self.both)
        let browser = try await TestBrowser(auth)
        let page = try await browser.get("/two-factor/step-up?next=/security/password")
        #expect(page.status == 200)
        #expect(page.hidden["next"] == "/security/password" && page.hidden["_then"] == nil)
        let answer = try await send(page, ["_code": "right"], by: browser)
        #expect(answer.status == 303 && answer.location == "/security/password")
        #expect(answer.cookies["__Host-session"] == "session-2")
    }

    @Test(
        "leads on to no other site",
        arguments: ["https://evil.example/", "//evil.example", "/\\evil.example"])
    func noOpenRedirect(next: String) async throws {
        let auth = await auth(Self.both)
        let browser = try await TestBrowser(auth)
        let page = try await browser.get("/two-factor/step-up?next=" + percentEncoded(next))
        #expect(page.hidden["next"] == "/")
        let answer = try await browser.post("/two-factor/step-up", ["next": next, "_code": "right"])
        #expect(answer.status == 303 && answer.location == "/")
    }

    @Test("is no way past a lock")
    func locked() async throws {
        var gate = Auth.Gate.open(Self.both, requiredBy: .firm)
        gate.state = .verify
        let auth = await ScriptedAuth(gate)
        await auth.refuse(Auth.StepUp.self, Refusal(.locked))
        let browser = try await TestBrowser(auth)
        #expect(try await browser.get("/two-factor/step-up").location == "/two-factor")
        let answer = try await browser.post("/two-factor/step-up", ["_code": "right"])
        #expect(answer.status == 303)
        #expect(answer.location?.hasPrefix("/two-factor?next=") == true)
        #expect(answer.cookies["__Host-session"] == nil)
    }

    @Test("keeps the form while the service that checks codes is down")
    func outage() async throws {
        let auth = await ScriptedAuth(.open([.authenticator]))
        await auth.refuse(Auth.RemoveMethod.self, Refusal(.stepUp))
        await auth.refuse(Auth.StepUp.self, Refusal(.unavailable))
        let browser = try await TestBrowser(auth)
        let page = try await browser.post(Self.place, Self.form)
        let answer = try await send(page, ["_code": "123456"], by: browser)
        #expect(answer.status == 503)
        #expect(answer.hidden["reason"] == Self.form["reason"])
        #expect(answer.hidden["_then"] == Self.place)
    }
}
