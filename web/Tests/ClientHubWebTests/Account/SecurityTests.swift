import HTTPTypes
import Testing
import Wire

@testable import ClientHubWeb

@Suite("Account security", .timeLimit(.minutes(5)))
struct SecurityTests {
    private static let firefox =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
    private static let ids = (0..<4).map { ID(now: Timestamp(milliseconds: 1_700_000_000_000 + Int64($0))) }
    private static let morning = Timestamp(milliseconds: 1_763_977_800_000)

    private static func session(_ index: Int, current: Bool = false, lastSeen: Int = 0, agent: String? = nil)
        -> Auth.SessionEntry
    {
        Auth.SessionEntry(
            id: ids[index], created: morning, lastSeen: morning + lastSeen, expires: morning + 86_400,
            address: "203.0.113.\(index)", agent: agent, current: current)
    }

    /// A service with sessions and a device, and with one event.
    private func auth(_ gate: Auth.Gate, role: Auth.Role = .client) async -> ScriptedAuth {
        let auth = await ScriptedAuth(gate, role: role)
        await auth.answer(Auth.ListSessions.self) { _ in
            Auth.ListSessions.Reply(
                sessions: [
                    Self.session(1, lastSeen: 60), Self.session(0, current: true, agent: Self.firefox),
                    Self.session(2, lastSeen: 120, agent: "<script>"),
                ],
                devices: [
                    Auth.DeviceEntry(
                        id: Self.ids[3], created: Self.morning, expires: Self.morning + 86_400,
                        agent: Self.firefox)
                ])
        }
        await auth.answer(Auth.ListActivity.self) { call in
            Auth.ListActivity.Reply(
                events: [
                    Auth.Event(
                        at: Self.morning, actor: Auth.EventActor(role: "pro", name: "Olivia <i>"),
                        event: "two_factor.overridden",
                        client: call.client, detail: ["address": "198.51.100.7"])
                ], next: call.cursor == nil ? "more&more" : nil)
        }
        return auth
    }

    @Test("shows methods with the masked phone, and what can be added and removed")
    func methods() async throws {
        let auth = await auth(.open([.sms, .recovery], requiredBy: .firm))
        let page = try await TestBrowser(auth).get("/security")
        #expect(page.status == 200)
        #expect(page.text.contains("Codes go to •••• ••71."))
        #expect(page.text.contains(#"href="/two-factor/set-up?method=authenticator&amp;next=%2Fsecurity""#))
        #expect(page.text.contains(#"href="/security/methods/sms/remove""#))
        #expect(!page.text.contains("/security/methods/authenticator/remove"))
        #expect(page.text.contains(#"action="/security/recovery-codes""#))
        #expect(page.text.contains(#"href="/security/password""#))
    }

    @Test("has no recovery codes to make where nothing is set up")
    func nothingSetUp() async throws {
        let auth = await auth(.open())
        #expect(try await !TestBrowser(auth).get("/security").text.contains("recovery-codes"))
    }

    @Test("lists sessions, this one first and without a button, in words people know")
    func sessions() async throws {
        let auth = await auth(.open())
        let text = try await TestBrowser(auth).get("/security").text
        let here = try #require(text.firstRange(of: "203.0.113.0"))
        let newer = try #require(text.firstRange(of: "203.0.113.2"))
        let older = try #require(text.firstRange(of: "203.0.113.1"))
        #expect(here.lowerBound < newer.lowerBound && newer.lowerBound < older.lowerBound)
        #expect(text.contains("<strong>Firefox on Windows</strong>"))
        #expect(text.contains("A browser that we do not know"))
        #expect(!text.contains("<script>"))
        #expect(text.contains(#"datetime="2025-11-24T09:51:00.000Z""#))
        #expect(!text.contains("/security/sessions/\(Self.ids[0])/end"))
        #expect(text.contains("/security/sessions/\(Self.ids[1])/end"))
        #expect(text.contains("/security/devices/\(Self.ids[3])/end"))
    }

    @Test(
        "asks for one's own events alone, also for who may see those of all the firm",
        arguments: [Auth.Role.client, .owner])
    func ownEvents(role: Auth.Role) async throws {
        let auth = await auth(.open(), role: role)
        let text = try await TestBrowser(auth).get("/security").text
        let me = await auth.actor.id
        #expect(
            await auth.got([
                Auth.ListActivity(session: "session-1", client: me, limit: 5)
            ]))
        #expect(text.contains("198.51.100.7"))
        #expect(text.contains("Olivia &lt;i&gt;") && !text.contains("Olivia <i>"))
    }

    @Test("pages through all activity")
    func pages() async throws {
        let auth = await auth(.open())
        let browser = try await TestBrowser(auth)
        let first = try await browser.get("/security/activity")
        #expect(first.text.contains(#"href="/security/activity?cursor=more%26more""#))
        let second = try await browser.get("/security/activity?cursor=more%26more")
        #expect(await auth.made(Auth.ListActivity.self).map(\.cursor) == [nil, "more&more"])
        #expect(second.text.contains(#"<a href="/security/activity">"#))
        #expect(!second.text.contains(#"rel="next""#))
    }

    @Test("begins anew where a cursor is none")
    func badCursor() async throws {
        let auth = await ScriptedAuth(.open())
        await auth.refuse(Auth.ListActivity.self, Refusal(.malformed, field: "cursor"))
        let page = try await TestBrowser(auth).get("/security/activity?cursor=x")
        #expect(page.status == 303 && page.location == "/security/activity")
    }

    @Test(
        "ends a session, and the trust in a device; one that has ended already is no problem",
        arguments: ["sessions", "devices"], [false, true])
    func ends(kind: String, isGone: Bool) async throws {
        let auth = await auth(.open())
        await auth.refuse(
            Auth.EndSession.self, Refusal(.noSuchSession), times: isGone ? 1 : 0, then: Nothing())
        let browser = try await TestBrowser(auth)
        let answer = try await browser.post("/security/\(kind)/\(Self.ids[1])/end")
        #expect(answer.status == 303 && answer.location == "/security")
        #expect(
            await auth.got([Auth.EndSession(session: "session-1", id: Self.ids[1])]))
        let said = kind == "sessions" ? "That browser is logged out." : "That device is not trusted any more."
        #expect(try await browser.get("/security").text.contains(said))
    }

    @Test("tells of this session what the browser says, where the session does not")
    func invitedSession() async throws {
        let auth = await ScriptedAuth(.open())
        await auth.answer(Auth.ListActivity.self) { _ in Auth.ListActivity.Reply(events: []) }
        await auth.answer(Auth.ListSessions.self) { _ in
            let unknown = [true, false].map { current in
                Auth.SessionEntry(
                    id: Self.ids[current ? 0 : 1], created: Self.morning, lastSeen: Self.morning,
                    expires: Self.morning + 60, current: current)
            }
            return Auth.ListSessions.Reply(sessions: unknown, devices: [])
        }
        let page = try await TestBrowser(auth).get("/security", [.userAgent: Self.firefox])
        let names = page.text.matches(of: /<strong>([^<]*)<\/strong> (?:<span class="badge accent">|\n)/)
        #expect(names.map { String($0.1) } == ["Firefox on Windows", "A browser that we do not know"])
    }

    @Test("has no page for a session whose id is none")
    func badID() async throws {
        let auth = await auth(.open())
        #expect(try await TestBrowser(auth).post("/security/sessions/x/end").status == 404)
        #expect(await auth.methods.isEmpty)
    }

    @Test("ends all other sessions, and not this one")
    func endsOthers() async throws {
        let auth = await auth(.open())
        await auth.answer(Auth.EndSession.self) { _ in Nothing() }
        let answer = try await TestBrowser(auth).post("/security/sessions/end-others")
        #expect(answer.location == "/security")
        #expect(await Set(auth.made(Auth.EndSession.self).map(\.id)) == [Self.ids[1], Self.ids[2]])
    }

    @Test("makes new recovery codes, and shows them on the next page")
    func recoveryCodes() async throws {
        let auth = await auth(.open([.authenticator]))
        await auth.answer(Auth.NewRecoveryCodes.self) { _ in
            Auth.NewRecoveryCodes.Reply(recoveryCodes: ["AAAA-BBBB-CCCC-DDDD", "EEEE-FFFF-GGGG-HHHH"])
        }
        let browser = try await TestBrowser(auth)
        let answer = try await browser.post("/security/recovery-codes")
        #expect(answer.status == 303)
        let place = try #require(answer.location)
        #expect(place == "/two-factor/recovery-codes?next=%2Fsecurity")
        // What the browser keeps meanwhile is sealed.
        #expect(!answer.cookies.values.contains { $0.contains("AAAA-BBBB") })
        let page = try await browser.get(place)
        #expect(page.text.contains("AAAA-BBBB-CCCC-DDDD") && page.text.contains("EEEE-FFFF-GGGG-HHHH"))
    }

    @Test("says what a removal means before it happens, and then removes")
    func removal() async throws {
        let auth = await auth(.open([.authenticator, .sms, .recovery], requiredBy: .firm))
        await auth.answer(Auth.RemoveMethod.self) { _ in
            Auth.RemoveMethod.Reply(gate: .open([.authenticator]))
        }
        let browser = try await TestBrowser(auth)
        let page = try await browser.get("/security/methods/sms/remove")
        #expect(page.text.contains("Your authenticator app stays"))
        #expect(!page.text.contains("This is your only method"))
        #expect(await auth.methods.isEmpty)
        let answer = try await browser.post("/security/methods/sms/remove")
        #expect(answer.status == 303 && answer.location == "/security")
        #expect(
            await auth.got([Auth.RemoveMethod(session: "session-1", method: .sms)]))
    }

    @Test("says in words that the last method stays while 2FA is required")
    func lastMethod() async throws {
        let auth = await auth(.open([.authenticator, .recovery], requiredBy: .firm))
        await auth.refuse(Auth.RemoveMethod.self, Refusal(.lastMethod))
        let browser = try await TestBrowser(auth)
        let page = try await browser.get("/security/methods/authenticator/remove")
        #expect(page.text.contains("This is your only method"))
        #expect(page.text.contains(#"href="/two-factor/set-up?method=sms&amp;next=%2Fsecurity""#))
        let answer = try await browser.post("/security/methods/authenticator/remove")
        #expect(answer.status == 422)
        #expect(answer.text.contains(#"role="alert""#))
        #expect(answer.text.contains("Add another method first, and then remove this one."))
    }

    @Test("takes a removal that was done already for done")
    func removedTwice() async throws {
        let auth = await auth(.open([.authenticator]))
        await auth.refuse(Auth.RemoveMethod.self, Refusal(.notSetUp))
        #expect(try await TestBrowser(auth).post("/security/methods/sms/remove").location == "/security")
        #expect(try await TestBrowser(auth).get("/security/methods/sms/remove").location == "/security")
    }

    @Test("removes nothing that is no method", arguments: ["recovery", "pigeon"])
    func noMethod(name: String) async throws {
        let auth = await auth(.open([.authenticator, .recovery]))
        #expect(try await TestBrowser(auth).get("/security/methods/\(name)/remove").status == 404)
        #expect(try await TestBrowser(auth).post("/security/methods/\(name)/remove").status == 404)
        #expect(await auth.methods.isEmpty)
    }

    @Test("stays locked with the gate", arguments: ["/security", "/security/activity", "/security/password"])
    func locked(path: String) async throws {
        var gate = Auth.Gate.open([.authenticator], requiredBy: .firm)
        gate.state = .verify
        let auth = await auth(gate)
        let page = try await TestBrowser(auth).get(path)
        #expect(page.status == 303)
        #expect(page.location?.hasPrefix("/two-factor/verify") == true)
        #expect(await auth.methods.isEmpty)
    }

    @Test(
        "knows browsers and systems by name",
        arguments: [
            (firefox, "Firefox on Windows"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                "Edge on Windows"
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
                "Chrome on Linux"
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
                "Safari on Mac"
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1",
                "Chrome on iPhone"
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36",
                "Samsung Internet on Android"
            ),
            (
                "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36",
                "Chrome on ChromeOS"
            ),
            ("Firefox/1", "Firefox"), ("curl/8.0 (Windows)", "A browser on Windows"),
            ("curl/8.0", "A browser that we do not know"), (nil, "A browser that we do not know"),
        ] as [(String?, String)])
    func names(agent: String?, expected: String) async throws {
        let auth = await ScriptedAuth(.open())
        await auth.answer(Auth.ListActivity.self) { _ in Auth.ListActivity.Reply(events: []) }
        await auth.answer(Auth.ListSessions.self) { _ in
            Auth.ListSessions.Reply(sessions: [Self.session(0, current: true, agent: agent)], devices: [])
        }
        let page = try await TestBrowser(auth).get("/security")
        #expect(page.text.contains("<strong>\(expected)</strong>"))
    }
}
