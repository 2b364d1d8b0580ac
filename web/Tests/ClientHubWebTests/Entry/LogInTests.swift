import HTTPTypes
import Testing
import Wire

@testable import ClientHubWeb

@Suite("Log in", .timeLimit(.minutes(5))) struct LogInTests {
    private static func gate(
        _ state: Auth.Gate.State, _ methods: [FactorMethod] = [], offer: Bool = false
    ) -> Auth.Gate {
        Auth.Gate(
            state: state, required: state != .open, requiredBy: state == .open ? nil : .firm,
            methods: methods,
            phone: methods.contains(.sms) ? "•••• ••71" : nil, deferred: false, offer: offer)
    }

    /// AuthService that lets everybody in, with `gate`.
    @Loop private static func auth(_ gate: Auth.Gate) -> ScriptedAuth {
        let auth = ScriptedAuth(gate)
        auth.answer(Auth.LogIn.self) { [unowned auth] _ in
            Auth.LogIn.Reply(session: "new", expires: .now + 60, actor: auth.actor, gate: auth.gate)
        }
        auth.answer(Auth.SendCode.self) { _ in
            Auth.SendCode.Reply(phone: "•••• ••71", resendAfter: 30, expires: .now + 300)
        }
        return auth
    }

    private static let fields = [
        "firm": " Demo ", "email": " carla@demo.example ", "password": " kept as typed ",
    ]

    @Test(
        "sends people where the gate says, and from there to what they came for",
        arguments: [
            (gate(.open), "/documents?a=b"),
            (gate(.open, offer: true), "/two-factor/set-up?next=%2Fdocuments%3Fa%3Db"),
            (gate(.setUp), "/two-factor/set-up?next=%2Fdocuments%3Fa%3Db"),
            (gate(.verify, [.authenticator, .sms]), "/two-factor/verify?next=%2Fdocuments%3Fa%3Db"),
            (gate(.verify, [.sms]), "/two-factor/verify?next=%2Fdocuments%3Fa%3Db"),
        ])
    @MainActor func goesOn(gate: Auth.Gate, place: String) async throws {
        let browser = try await TestBrowser(Self.auth(gate), session: nil)
        let page = try await browser.post(
            "/log-in", Self.fields.merging(["next": "/documents?a=b"]) { $1 })
        #expect(page.status == 303)
        #expect(page.location == place)
        #expect(page.cookies[BrowserCookie.session.name] == "new")
        let call = try #require(await browser.auth.made(Auth.LogIn.self).first)
        #expect(call.firm == "demo")
        #expect(call.email == "carla@demo.example")
        #expect(call.password == " kept as typed ")
    }

    @Test(
        "has a code sent at once where only a phone can get one",
        arguments: [([.sms], 1), ([.authenticator, .sms], 0)] as [([FactorMethod], Int)])
    @MainActor func sendsCode(methods: [FactorMethod], sends: Int) async throws {
        let browser = try await TestBrowser(Self.auth(Self.gate(.verify, methods)), session: nil)
        _ = try await browser.post("/log-in", Self.fields)
        #expect(
            await browser.auth.made(Auth.SendCode.self).map(\.session)
                == Array(repeating: "new", count: sends))
    }

    @Test("says that address or password is wrong, keeps the address, and not the password")
    @MainActor func wrong() async throws {
        let auth = await ScriptedAuth()
        await auth.refuse(Auth.LogIn.self, Refusal(.badCredentials))
        let browser = try await TestBrowser(auth, session: nil)
        let page = try await browser.post("/log-in", Self.fields)
        #expect(page.status == 422)
        #expect(page.text.contains("The e-mail address or the password is not right."))
        #expect(page.text.contains("value=\"carla@demo.example\""))
        #expect(!page.text.contains("kept as typed"))
        #expect(page.cookies[BrowserCookie.session.name] == nil)
    }

    @Test("says when to try again after too many tries")
    @MainActor func tooMany() async throws {
        let auth = await ScriptedAuth()
        await auth.refuse(Auth.LogIn.self, Refusal(.tooManyAttempts, retryAfter: 300))
        let browser = try await TestBrowser(auth, session: nil)
        let page = try await browser.post("/log-in", Self.fields)
        #expect(page.status == 429)
        #expect(page.headers[.retryAfter] == "300")
        #expect(page.text.contains("Try again in 5 minutes."))
    }

    @Test("leads nowhere else", arguments: ["https://evil.example", "//evil.example", "/\\evil.example", ""])
    @MainActor func staysHere(next: String) async throws {
        let browser = try await TestBrowser(Self.auth(Self.gate(.open)), session: nil)
        #expect(try await browser.post("/log-in", Self.fields.merging(["next": next]) { $1 }).location == "/")
    }

    @Test("logs out, and forgets what was noted")
    @MainActor func logsOut() async throws {
        let auth = await ScriptedAuth()
        await auth.answer(Auth.LogOut.self) { _ in Nothing() }
        let browser = try await TestBrowser(auth)
        let page = try await browser.post("/log-out")
        #expect(page.location == "/log-in")
        #expect(await auth.made(Auth.LogOut.self).map(\.session) == ["session-1"])
        let session = await browser.cookies[BrowserCookie.session.name]
        #expect(session == nil)
        #expect(try await browser.get("/log-in").text.contains("You are logged out."))
        #expect(try await !browser.get("/log-in").text.contains("You are logged out."))
    }

    @Test("names the firm by the setting, or asks for it")
    @MainActor func firm() async throws {
        let auth = await Self.auth(Self.gate(.open))
        await auth.answer(Auth.GetFirm.self) { Auth.GetFirm.Reply(slug: $0.firm, name: "Demo Tax & Books") }
        let asked = try await TestBrowser(auth, session: nil).get("/log-in?firm=d%22emo").text
        #expect(asked.contains("name=\"firm\" value=\"d&quot;emo\""))
        let settings =
            #"{ "demo": true, "origin": "http://localhost", "auth": "/nowhere/auth.sock", "firm": "demo" }"#
        let known = try await TestBrowser(auth, session: nil, settings: settings)
        let page = try await known.get("/log-in").text
        #expect(!page.contains("name=\"firm\""))
        #expect(page.contains("Demo Tax &amp; Books"))
        _ = try await known.post("/log-in", ["email": "a@b", "password": "x"])
        #expect(await auth.made(Auth.LogIn.self).last?.firm == "demo")
    }
}
