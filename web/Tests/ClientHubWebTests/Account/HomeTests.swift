import HTTPTypes
import Testing
import Wire

@testable import ClientHubWeb

@Suite("A client's home", .timeLimit(.minutes(5)))
struct HomeTests {
    @Test("welcomes by name, says how the account is protected, and escapes what people called themselves")
    func welcome() async throws {
        let auth = await ScriptedAuth(.open([.authenticator], requiredBy: .firm))
        let page = try await TestBrowser(auth).get("/")
        #expect(page.status == 200)
        #expect(page.text.contains("<h1>Welcome, Carla &lt;b&gt;Client&lt;/b&gt;</h1>"))
        #expect(!page.text.contains("<b>Client"))
        #expect(page.text.contains("Your firm requires it of everybody."))
        #expect(page.text.contains("Your firm shares documents here"))
        #expect(!page.text.contains("/two-factor/not-now") && !page.text.contains("Set it up"))
    }

    @Test("is for clients: who works at the firm goes to the clients", arguments: [Auth.Role.owner, .pro])
    func staff(role: Auth.Role) async throws {
        let auth = await ScriptedAuth(role: role)
        let page = try await TestBrowser(auth).get("/")
        #expect(page.status == 303 && page.location == "/clients")
    }

    @Test("says that set-up comes at the next log-in after an override")
    func deferred() async throws {
        let auth = await ScriptedAuth(.open(requiredBy: .firm, deferred: true))
        let page = try await TestBrowser(auth).get("/")
        #expect(page.text.contains("At your next log-in you will be asked to set up"))
    }

    @Test("offers a set-up, which can be declined, and says so once")
    func notNow() async throws {
        let auth = await ScriptedAuth(.open(offer: true))
        await auth.answer(Auth.DeferSetUp.self) { _ in Auth.DeferSetUp.Reply(gate: .open()) }
        let browser = try await TestBrowser(auth)
        let offer = try await browser.get("/")
        #expect(offer.text.contains(#"<a class="button" href="/two-factor/set-up">"#))
        #expect(offer.text.contains(#"action="/two-factor/not-now""#))

        let answer = try await browser.post("/two-factor/not-now")
        #expect(answer.status == 303 && answer.location == "/")
        #expect(await auth.made(Auth.DeferSetUp.self).map(\.session) == ["session-1"])
        #expect(try await browser.get("/").text.contains("at any time under Account security"))
        #expect(try await !browser.get("/").text.contains("at any time under Account security"))
    }

    @Test("leads to the set-up where it has come to be required")
    func required() async throws {
        let auth = await ScriptedAuth(.open(offer: true))
        await auth.refuse(Auth.DeferSetUp.self, Refusal(.setUpRequired))
        let answer = try await TestBrowser(auth).post("/two-factor/not-now", ["next": "/security"])
        #expect(answer.location == "/two-factor/set-up?next=%2Fsecurity")
    }

    @Test(
        "goes on to no other site",
        arguments: [
            "https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "evil",
            "/a b",
        ])
    func noOpenRedirect(next: String) async throws {
        let auth = await ScriptedAuth(.open(offer: true))
        await auth.answer(Auth.DeferSetUp.self) { _ in Auth.DeferSetUp.Reply(gate: .open()) }
        let answer = try await TestBrowser(auth).post("/two-factor/not-now", ["next": next])
        #expect(answer.status == 303 && answer.location == "/")
    }

    @Test(
        "names the state of 2FA in words",
        arguments: [
            (
                Auth.Gate.open([.sms], requiredBy: .pro), "On",
                "Your tax professional requires it for your account."
            ),
            (.open([.sms], requiredBy: .person), "On", "You chose it yourself."),
            (.open([.authenticator]), "Ready", "you are not asked for one when you log in"),
            (.open(requiredBy: .firm, deferred: true), "To be set up", "not set up yet"),
            (.open(), "Off", "Your password alone protects your account."),
            // Recovery codes alone are no factor.
            (.open([.recovery]), "Off", "Your password alone protects your account."),
        ])
    func states(gate: Auth.Gate, badge: String, sentence: String) async throws {
        let auth = await ScriptedAuth(gate)
        let page = try await TestBrowser(auth).get("/")
        #expect(page.text.contains(">Two-factor authentication: \(badge)</span>"))
        #expect(page.text.contains(sentence))
    }

    @Test("speaks Spanish to whom wants it")
    func spanish() async throws {
        let auth = await ScriptedAuth(.open(offer: true))
        let page = try await TestBrowser(auth).get("/", [.acceptLanguage: "es-US,es;q=0.9,en;q=0.8"])
        #expect(page.text.contains("Su oficina comparte documentos aquí"))
        #expect(page.text.contains("Ahora no"))
    }
}
