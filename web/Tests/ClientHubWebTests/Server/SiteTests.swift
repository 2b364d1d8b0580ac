import HTTPTypes
import Testing
import Wire

@testable import ClientHubWeb

@Suite("Site") struct SiteTests {
    @Test(
        "tells browsers on every answer how far to trust it",
        arguments: ["/", "/log-in", "/help", "/nothing", "/healthz"])
    @MainActor func headers(path: String) async throws {
        let browser = try await TestBrowser(ScriptedAuth())
        let headers = try await browser.get(path).headers
        let policy = try #require(headers[.contentSecurityPolicy])
        #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe"))
        #expect(headers[.xContentTypeOptions] == "nosniff")
        #expect(headers[.cacheControl] == "no-store")
    }

    @Test("has browsers speak TLS with it for ever, where it is not a demonstration")
    @MainActor func transport() async throws {
        let browser = try await TestBrowser(
            ScriptedAuth(), settings: #"{ "origin": "https://localhost", "auth": "/nowhere/auth.sock" }"#)
        let headers = try await browser.get("/log-in").headers
        #expect(headers[.strictTransportSecurity]?.contains("max-age=63072000") == true)
    }

    @Test("sets cookies that this host alone can set, that no script reads and no other site's form sends")
    @MainActor func cookies() async throws {
        let auth = await ScriptedAuth()
        await auth.answer(Auth.LogIn.self) { [unowned auth] _ in
            Auth.LogIn.Reply(session: "new", expires: .now + 60, actor: auth.actor, gate: auth.gate)
        }
        let browser = try await TestBrowser(auth, session: nil)
        let page = try await browser.post(
            "/log-in", ["email": "carla@demo.example", "password": "x", "firm": "demo"])
        let lines = page.headers[values: .setCookie]
        #expect(lines.contains { $0.hasPrefix("__Host-session=") })
        for line in lines {
            #expect(line.hasPrefix("__Host-"))
            for part in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
                #expect(line.contains(part), "\(line)")
            }
            #expect(!line.contains("Domain"))
        }
    }

    @Test(
        "takes no form without the proof that it is its own",
        arguments: [nil, "", "AAAA", FormToken().masked()] as [String?])
    @MainActor func foreignForms(token: String?) async throws {
        let browser = try await TestBrowser(ScriptedAuth())
        let page = try await browser.post(
            "/security/password", ["_token": token ?? "", "current": "a", "new": "b"])
        #expect(page.status == 403)
        #expect(await browser.auth.methods == [])
    }

    @Test(
        "takes no form from another site", arguments: ["https://evil.example", "null", "http://localhost:81"])
    @MainActor func otherSites(origin: String) async throws {
        let browser = try await TestBrowser(ScriptedAuth())
        #expect(try await browser.post("/log-out", headers: [.origin: origin]).status == 403)
        #expect(await browser.auth.methods == [])
        #expect(
            try await browser.post("/two-factor/nothing", headers: [.origin: "http://localhost"]).status
                == 404)
    }

    @Test("is known by one name, and sends whoever used another one there")
    @MainActor func otherHosts() async throws {
        let browser = try await TestBrowser(ScriptedAuth())
        let page = try await browser.get("/help?a=b", host: "evil.example")
        #expect(page.status == 308)
        #expect(page.location == "http://localhost/help?a=b")
        #expect(try await browser.post("/log-out", host: "evil.example").status == 421)
    }

    @Test("takes no body that is too long, and none that is no form")
    @MainActor func bodies() async throws {
        let browser = try await TestBrowser(ScriptedAuth())
        #expect(
            try await browser.post("/log-out", ["x": String(repeating: "y", count: 70_000)]).status == 413)
        #expect(try await browser.post("/log-out", body: "{}", type: "application/json").status == 400)
        #expect(try await browser.post("/log-out", body: "a=1&a=2").status == 400)
    }

    @Test("says that a service is away, and keeps what was typed for another try")
    @MainActor func outage() async throws {
        var limits = ClientLimits()
        limits.patience = 0
        let browser = try await TestBrowser(
            ScriptedAuth(), client: Client(path: "/nowhere/auth.sock", limits: limits))
        let page = try await browser.get("/security")
        #expect(page.status == 503)
        #expect(page.headers[.retryAfter] != nil)
        let form = try await browser.post(
            "/clients/01890000-0000-7000-8000-000000000000/override", ["reason": "lost <b>phone</b>"])
        #expect(form.status == 503)
        #expect(form.text.contains(#"name="reason" value="lost &lt;b&gt;phone&lt;/b&gt;""#))
        let logIn = try await browser.post(
            "/log-in", ["email": "carla@demo.example", "password": "top-secret", "firm": "demo"])
        #expect(logIn.status == 503)
        #expect(logIn.text.contains("carla@demo.example"))
        #expect(!logIn.text.contains("top-secret"))
        #expect(try await browser.get("/help").status == 200)
        #expect(try await browser.get("/log-in").status == 200)
    }

    @Test("changes the language, and says so to browsers and programs")
    @MainActor func language() async throws {
        let browser = try await TestBrowser(ScriptedAuth(), session: nil)
        #expect(try await browser.get("/log-in").text.contains("<html lang=\"en\">"))
        #expect(
            try await browser.get("/log-in", [.acceptLanguage: "es-MX"]).text.contains("<html lang=\"es\">"))
        let page = try await browser.get("/language?to=es&next=/help")
        #expect(page.location == "/help")
        #expect(try await browser.get("/help").text.contains("<html lang=\"es\">"))
        #expect(try await browser.get("/language?to=xx&next=//evil.example").location == "/")
    }
}
