import HTTPTypes
import Testing
import Wire

@testable import ClientHubWeb

/// Every route before every decision of the gate: what does not say otherwise is closed unless AuthService says open.
@Suite("Gate") struct GateTests {
    private static let states: [(Auth.Decision, place: String?)] = [
        (.logIn, "/log-in"), (.setUp, "/two-factor/set-up"), (.verify, "/two-factor/verify"),
        (.stepUp, "/two-factor/step-up"), (.forbid, nil),
    ]

    /// AuthService that answers the gate's question with one decision, and nothing else at all.
    @Loop private static func auth(_ decision: Auth.Decision) -> ScriptedAuth {
        let auth = ScriptedAuth()
        auth.decision = decision
        return auth
    }

    @Test("lets nobody through to a page that says nothing of who may see it", arguments: states)
    @MainActor func closed(decision: Auth.Decision, place: String?) async throws {
        let browser = try await TestBrowser(Self.auth(decision))
        let gated = browser.site.routes.filter { $0.access == .gated }
        #expect(gated.count > 30)
        for route in gated {
            let path = route.path.replacing(/\{\w+\}/, with: "01890000-0000-7000-8000-000000000000")
            let page = route.method == .get ? try await browser.get(path) : try await browser.post(path)
            if let place {
                #expect(page.status == 303, "\(route.method) \(path)")
                #expect(page.location?.hasPrefix(place) == true, "\(route.method) \(path)")
            } else {
                #expect(page.status == 403, "\(route.method) \(path)")
            }
        }
        let methods = await browser.auth.methods
        #expect(methods == [], "no handler was reached")
    }

    @Test(
        "asks before it says that there is no such page",
        arguments: ["/nothing", "/clients/a/b/c/d", "/assets", "/.env"])
    @MainActor func unknown(path: String) async throws {
        let stranger = try await TestBrowser(Self.auth(.logIn), session: nil)
        #expect(try await stranger.get(path).location?.hasPrefix("/log-in") == true)
        #expect(try await stranger.post(path).location?.hasPrefix("/log-in") == true)
        let client = try await TestBrowser(Self.auth(.allow))
        #expect(try await client.get(path).status == 404)
        #expect(try await client.post(path).status == 404)
    }

    @Test("leaves what is for everybody to a list that this test knows")
    @MainActor func exceptions() async throws {
        let browser = try await TestBrowser(Self.auth(.logIn))
        let open = Set(
            browser.site.routes.filter { $0.access == .everybody }.map { "\($0.method) \($0.path)" })
        #expect(
            open == [
                "GET /log-in", "POST /log-in", "GET /log-out", "POST /log-out", "GET /help", "GET /language",
                "GET /invitation", "POST /invitation",
            ])
        let machine = Set(
            browser.site.routes.filter { $0.access == .machine }.map { "\($0.method) \($0.path)" })
        #expect(
            machine == [
                "GET /assets/{hash}/{name}", "GET /_authorize", "POST /receipts/twilio",
                "POST /receipts/twilio/{provider}", "POST /receipts/twilio/{provider}/{message}",
                "GET /healthz", "GET /metrics",
                "GET /demo/home-without-gate",
            ])
    }

    @Test("sends back to the page that was asked for, with its query")
    @MainActor func goesBack() async throws {
        let browser = try await TestBrowser(Self.auth(.verify))
        #expect(
            try await browser.get("/clients?search=a%26b").location
                == "/two-factor/verify?next=%2Fclients%3Fsearch%3Da%2526b")
        // A form is not sent again by itself: its page is what one comes back to.
        #expect(
            try await browser.post("/security/password").location
                == "/two-factor/verify?next=%2Fsecurity%2Fpassword")
        #expect(try await browser.post("/two-factor/not-now").location == "/two-factor/verify")
    }

    @Test("hides the menu from whoever is locked out")
    @MainActor func menu() async throws {
        let gate = Auth.Gate(
            state: .setUp, required: true, requiredBy: .firm, methods: [], deferred: false, offer: false)
        let locked = try await TestBrowser(ScriptedAuth(gate))
        let page = try await locked.get("/two-factor/set-up").text
        #expect(!page.contains("href=\"/security\""))
        #expect(page.contains("action=\"/log-out\""))
        #expect(page.contains("href=\"/help\""))
    }
}
