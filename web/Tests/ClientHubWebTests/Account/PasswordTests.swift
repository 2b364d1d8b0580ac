import Testing
import Wire

@testable import ClientHubWeb

@Suite("Passwords and invitations", .timeLimit(.minutes(5)))
struct PasswordTests {
    private static let invitation = ["firm": "demo", "token": "tok-1", "password": "  four odd words  "]

    @Test("asks for the current and the new password, as password managers expect")
    func form() async throws {
        let page = try await TestBrowser(await ScriptedAuth()).get("/security/password")
        #expect(page.text.contains(#"name="current" autocomplete="current-password""#))
        #expect(page.text.contains(#"name="new" autocomplete="new-password""#))
        #expect(page.text.contains(#"value="carla@demo.example" autocomplete="username""#))
        #expect(page.text.contains("At least 8 characters"))
    }

    @Test("changes the password to exactly what was typed, and gives the browser its new session")
    func change() async throws {
        let auth = await ScriptedAuth()
        await auth.answer(Auth.ChangePassword.self) { _ in Auth.ChangePassword.Reply(session: "session-2") }
        let browser = try await TestBrowser(auth)
        let answer = try await browser.post(
            "/security/password", ["current": " old one ", "new": "new & <one> "])
        #expect(answer.status == 303 && answer.location == "/security")
        #expect(answer.cookies["__Host-session"] == "session-2")
        #expect(answer.cookies["__Host-device"]?.isEmpty == true)
        #expect(
            await auth.got([
                Auth.ChangePassword(session: "session-1", current: " old one ", new: "new & <one> ")
            ]))
    }

    @Test(
        "says which of the two is wrong, and repeats neither",
        arguments: [
            (Refusal(.badCredentials), "current", "That is not your current password."),
            (Refusal(.weakPassword, field: "new"), "new", "too easy to guess"),
        ])
    func wrong(refusal: Refusal, field: String, words: String) async throws {
        let auth = await ScriptedAuth()
        await auth.refuse(Auth.ChangePassword.self, refusal)
        let answer = try await TestBrowser(auth).post(
            "/security/password", ["current": "oldsecret", "new": "newsecret"])
        #expect(answer.status == 422)
        #expect(answer.text.contains(words))
        let fields = answer.text.matches(of: /<input[^>]*id="([a-z]+)"[^>]*aria-invalid="true"/).map {
            String($0.1)
        }
        #expect(fields == [field])
        #expect(!answer.text.contains("oldsecret") && !answer.text.contains("newsecret"))
        #expect(answer.cookies["__Host-session"] == nil)
    }

    @Test("says when to try again after too many tries")
    func tooMany() async throws {
        let auth = await ScriptedAuth()
        await auth.refuse(Auth.ChangePassword.self, Refusal(.tooManyAttempts, retryAfter: 120))
        let answer = try await TestBrowser(auth).post("/security/password", ["current": "a", "new": "b"])
        #expect(answer.status == 429)
        #expect(answer.text.contains("Try again in 2 minutes."))
    }

    // MARK: invitations

    private func invited(_ auth: ScriptedAuth) async throws -> TestBrowser {
        await auth.answer(Auth.GetFirm.self) { call in
            guard call.firm == "demo" else { throw Refusal(.noSuchFirm) }
            return Auth.GetFirm.Reply(slug: "demo", name: "Demo & Sons")
        }
        return try await TestBrowser(auth, session: nil)
    }

    @Test("shows somebody without a session who invites and the rules, before a password is chosen")
    func invitationForm() async throws {
        let page = try await invited(await ScriptedAuth()).get("/invitation?firm=demo&token=%22%3E%3Cb%3E")
        #expect(page.status == 200)
        #expect(page.text.contains("Demo &amp; Sons has invited you."))
        #expect(page.text.contains("At least 8 characters"))
        #expect(page.text.contains(#"autocomplete="new-password""#))
        #expect(page.hidden["firm"] == "demo" && page.hidden["token"] == "\"><b>")
        #expect(!page.text.contains(#"value=""><b>""#))
    }

    @Test(
        "lets in where the gate says",
        arguments: [
            (Auth.Gate.State.setUp, false, "/two-factor/set-up"), (.open, true, "/two-factor/set-up"),
            (.open, false, "/"),
            (.verify, false, "/two-factor/verify"),
        ])
    func accept(state: Auth.Gate.State, offer: Bool, place: String) async throws {
        let auth = await ScriptedAuth()
        var gate = Auth.Gate.open([.authenticator], offer: offer)
        gate.state = state
        let (reply, actor) = (gate, await auth.actor)
        await auth.answer(Auth.AcceptInvitation.self) { _ in
            Auth.AcceptInvitation.Reply(
                session: "session-9", expires: .now + 3_600, actor: actor, gate: reply)
        }
        let answer = try await invited(auth).post("/invitation", Self.invitation)
        #expect(answer.status == 303 && answer.location == place)
        #expect(answer.cookies["__Host-session"] == "session-9")
        #expect(
            await auth.got([
                Auth.AcceptInvitation(firm: "demo", invitation: "tok-1", password: "  four odd words  ")
            ]))
    }

    @Test("shows the form again for a weak password, with all but the password")
    func weak() async throws {
        let auth = await ScriptedAuth()
        await auth.refuse(Auth.AcceptInvitation.self, Refusal(.weakPassword, field: "password"))
        let answer = try await invited(auth).post("/invitation", Self.invitation)
        #expect(answer.status == 422)
        #expect(answer.text.contains("too easy to guess"))
        #expect(answer.hidden["firm"] == "demo" && answer.hidden["token"] == "tok-1")
        #expect(!answer.text.contains("four odd words"))
    }

    @Test(
        "says what to do with an invitation that is no good any more",
        arguments: [
            (Reason.invitationExpired, 410, "This invitation has expired"),
            (.noSuchInvitation, 404, "This invitation is not valid any more"),
        ])
    func ended(reason: Reason, status: Int, title: String) async throws {
        let auth = await ScriptedAuth()
        await auth.refuse(Auth.AcceptInvitation.self, Refusal(reason))
        let answer = try await invited(auth).post("/invitation", Self.invitation)
        #expect(answer.status == status)
        #expect(answer.text.contains("<h1>\(title)</h1>"))
        #expect(answer.text.contains("new") && answer.text.contains(#"href="/log-in""#))
    }

    @Test(
        "says so where the link is not whole, or leads to no firm",
        arguments: [
            ("/invitation", "This link is not complete"),
            ("/invitation?firm=demo", "This link is not complete"),
            ("/invitation?token=x", "This link is not complete"),
            ("/invitation?firm=other&token=x", "This invitation is not valid any more"),
        ])
    func broken(path: String, title: String) async throws {
        let page = try await invited(await ScriptedAuth()).get(path)
        #expect(page.status == 404)
        #expect(page.text.contains("<h1>\(title)</h1>"))
    }
}
