import Testing
import Wire

@testable import ClientHubWeb

@Suite("PROs' pages of clients") struct ClientsTests {
    @Test(
        "the list asks for what its address says",
        arguments: [
            ("/clients", nil, nil, nil),
            ("/clients?search=&state=", nil, nil, nil),
            ("/clients?search=Ana+L%C3%B3pez&state=pending", "Ana López", .pending, nil),
            ("/clients?state=active&cursor=abc-_%3D", nil, .active, "abc-_="),
            ("/clients?state=unheard-of", nil, nil, nil),
        ] as [(String, String?, Auth.Client.State?, String?)])
    func listAsks(path: String, search: String?, state: Auth.Client.State?, cursor: String?) async throws {
        let firm = await ScriptedFirm()
        let page = try await firm.browser().get(path)
        #expect(page.status == 200)
        #expect(
            await firm.auth.written(Auth.ListClients.self) == [
                "\(Auth.ListClients(session: "session-1", search: search, state: state, cursor: cursor))"
            ])
    }

    @Test("the list links to both pages of a client, says the state in words, and shows no name as markup")
    func listShows() async throws {
        let firm = await ScriptedFirm()
        await firm.set { $0.client = $0.client.with(.pending, requiredBy: .firm) }
        let page = try await firm.browser().get("/clients")
        let path = await firm.path()
        #expect(page.text.contains(#"<a href="\#(path)">Carla &lt;script&gt;alert(1)&lt;/script&gt;</a>"#))
        #expect(page.text.contains(#"href="\#(path)/activity""#))
        #expect(page.text.contains(#"<span class="badge pending">Not set up yet</span>"#))
        #expect(!page.text.contains("<script>alert"))
    }

    @Test("the list leads on, and back to its first page, with the same search")
    func listLeads() async throws {
        let firm = await ScriptedFirm()
        await firm.set { $0.next = "two" }
        let page = try await firm.browser().get("/clients?search=a%26b&state=off&cursor=one")
        #expect(page.text.contains(#"href="/clients?search=a%26b&amp;state=off&amp;cursor=two" rel="next""#))
        #expect(page.text.contains(#"href="/clients?search=a%26b&amp;state=off""#))
        await firm.set { $0.next = nil }
        let last = try await firm.browser().get("/clients")
        #expect(!last.text.contains("rel=\"next\"") && !last.text.contains("First page"))
    }

    @Test(
        "a search that cannot be made says what is wrong with it, and keeps what was typed",
        arguments: [("search", "too long"), ("cursor", "no page of the list")])
    func listRefuses(field: String, text: String) async throws {
        let firm = await ScriptedFirm()
        await firm.set { $0.refusal = Refusal(.malformed, field: field) }
        let page = try await firm.browser().get("/clients?search=typed")
        #expect(page.status == 422)
        #expect(page.text.contains(text) && page.text.contains(#"value="typed""#))
        #expect(page.text.contains("aria-invalid") == (field == "search"))
        #expect(!page.text.contains("<table>"))
    }

    @Test("a client's page tells what the firm knows")
    func detail() async throws {
        let firm = await ScriptedFirm()
        await firm.set {
            var client = $0.client.with(.active, [.authenticator, .sms], requiredBy: .pro)
            client.twoFactor.phone = "•••• ••71"
            client.twoFactor.overriddenAt = Timestamp("2026-03-01T10:00:00Z")
            client.twoFactor.overriddenBy = "Piet & Co"
            client.sessions = 3
            $0.client = client
        }
        let page = try await firm.browser().get(firm.path())
        for text in [
            "authenticator app, text message", "•••• ••71", "your firm, for this client", "3 sessions",
            "by Piet &amp; Co",
            #"<time datetime="2026-03-01T10:00:00.000Z">"#, "/override\"", "/reset-link\"",
        ] { #expect(page.text.contains(text), "\(text)") }
        #expect(!page.text.contains("/unlock") && !page.text.contains("<script>alert"))
    }

    @Test(
        "a locked client can be unlocked from More, and the page says until when it is locked",
        arguments: [
            ("2099-01-01T10:00:00Z", "2099-01-01"),
            ("9999-12-31T23:59:59Z", "until somebody of your firm unlocks it"),
        ])
    func locked(until: String, text: String) async throws {
        let firm = await ScriptedFirm()
        // A lockout ends within hours, or never by itself.
        let time = until.hasPrefix("2099") ? .now + 3_600 : try #require(Timestamp(until))
        await firm.set { $0.client.lockedUntil = time }
        let page = try await firm.browser().get(firm.path())
        #expect(page.text.contains(#"action="\#(await firm.path("/unlock"))""#))
        #expect(
            page.text.contains(
                until.hasPrefix("2099") ? String("\(time)".prefix(16).replacing("T", with: " ")) : text))
    }

    @Test(
        "a client's state is told in a sentence that fits what happened",
        arguments: [
            (.off, [], nil, nil, "password alone"), (.off, [.sms], nil, nil, "nobody requires it now"),
            (.active, [.sms], nil, nil, "asked for at log-in"), (.pending, [], nil, 5, "until that works"),
            (.pending, [], 10, 5, "open sessions go on"), (.pending, [], 10, nil, "open sessions go on"),
            (.pending, [], 10, 15, "until that works"), (.active, [.sms], 10, 5, "asked for at log-in"),
        ] as [(Auth.Client.State, [FactorMethod], Int?, Int?, String)])
    func sentence(
        state: Auth.Client.State, methods: [FactorMethod], overridden: Int?, lastLogIn: Int?, text: String
    ) throws {
        let start = Timestamp.now
        var client = Auth.Client.carla.with(state, methods)
        client.twoFactor.overriddenAt = overridden.map { start + $0 }
        client.lastLogIn = lastLogIn.map { start + $0 }
        #expect(ClientWords.sentence(client, try proTexts(.english)).contains(text))
    }

    @Test("unlocking says whether the codes are unlocked too", arguments: [false, true])
    func unlock(isStillLocked: Bool) async throws {
        let firm = await ScriptedFirm()
        let browser = try await firm.browser()
        await firm.set { $0.client.lockedUntil = isStillLocked ? .now + 600 : nil }
        let answer = try await browser.post(firm.path("/unlock"))
        #expect(answer.status == 303)
        #expect(answer.location == (await firm.path()))
        let id = await firm.client.id
        #expect(
            await firm.auth.written(Auth.UnlockClient.self) == [
                "\(Auth.UnlockClient(session: "session-1", client: id))"
            ])
        let page = try await browser.get(firm.path())
        #expect(page.text.contains("Codes could not be unlocked") == isStillLocked)
    }

    @Test(
        "a client whom the firm does not have has no page",
        arguments: ["", "/activity", "/override", "/requirement"])
    func noSuchClient(page: String) async throws {
        let firm = await ScriptedFirm()
        let browser = try await firm.browser()
        #expect(try await browser.get("/clients/\(ID(now: .now))\(page)").status == 404)
        #expect(try await browser.get("/clients/nobody\(page)").status == 404)
    }

    @Test(
        "More on the activity page offers the one change that can be made",
        arguments: [
            (nil, "Require 2FA for this client"), (.person, "Require 2FA for this client"),
            (.pro, "No longer require 2FA for this client"), (.firm, "required of all clients of your firm"),
        ] as [(Auth.Requirer?, String)])
    func activityMenu(requirer: Auth.Requirer?, text: String) async throws {
        let firm = await ScriptedFirm()
        await firm.set { $0.client = $0.client.with(.pending, requiredBy: requirer) }
        let page = try await firm.browser().get(firm.path("/activity"))
        #expect(page.text.contains(text))
        #expect(page.text.contains(#"href="\#(await firm.path("/requirement"))""#) == (requirer != .firm))
    }

    @Test("the activity is a client's own, in words, with every detail, and leads on")
    func activity() async throws {
        let firm = await ScriptedFirm()
        await firm.set {
            $0.next = "older one"
            $0.events = [
                Auth.Event(
                    at: .now, actor: Auth.EventActor(role: "pro", name: "<b>Piet</b>"),
                    event: "two_factor.overridden",
                    client: $0.client.id,
                    detail: [
                        "reason": "yes & lost", "identifiedBy": "in person", "methods": "sms recovery",
                        "fromLater": "x<y",
                    ])
            ]
        }
        let page = try await firm.browser().get(firm.path("/activity?cursor=this"))
        for text in [
            "&lt;b&gt;Piet&lt;/b&gt; disabled two-factor authentication", "<dd>yes &amp; lost</dd>",
            "<dd>In person</dd>",
            "<dd>text message, recovery codes</dd>", "<dt>fromLater</dt> <dd>x&lt;y</dd>",
            "/activity?cursor=older%20one", "Newest",
        ] { #expect(page.text.contains(text), "\(text)") }
        let id = await firm.client.id
        #expect(
            await firm.auth.written(Auth.ListActivity.self) == [
                "\(Auth.ListActivity(session: "session-1", client: id, cursor: "this"))"
            ])
    }
}
