import Testing
import Wire

@testable import ClientHubWeb

@Suite("What PROs do for one client") struct ChangeTests {
    @Test(
        "an override passes on the reason, and how the client was identified",
        arguments: [
            (["identifiedBy": "calledBack"], "called back on the number on file"),
            (["identifiedBy": "inPerson", "identifiedByOther": "left over"], "in person"),
            (["identifiedBy": "videoCall"], "video call with photo ID"),
            (["identifiedBy": "other", "identifiedByOther": " by her sister "], "by her sister"),
        ])
    func override(fields: [String: String], logged: String) async throws {
        let firm = await ScriptedFirm()
        let browser = try await firm.browser()
        let answer = try await browser.post(
            firm.path("/override"), fields.merging(["reason": "lost phone"]) { $1 })
        #expect(answer.status == 303)
        #expect(answer.location == (await firm.path()))
        let id = await firm.client.id
        #expect(
            await firm.auth.written(Auth.OverrideTwoFactor.self) == [
                "\(Auth.OverrideTwoFactor(session: "session-1", client: id, reason: "lost phone", identifiedBy: logged))"
            ])
        #expect(try await browser.get(firm.path()).text.contains("disabled for this client"))
    }

    @Test(
        "an override without its reason or an identification shows the form again, with what was typed",
        arguments: [
            (["identifiedBy": "inPerson"], "Please say why", "reason"),
            (["identifiedBy": "inPerson", "reason": "  "], "Please say why", "reason"),
            (["reason": "lost <phone>"], "Please say how", "by-other"),
            (["reason": "lost <phone>", "identifiedBy": "other"], "Please say how", "by-other"),
            (["reason": "lost <phone>", "identifiedBy": "made up"], "Please say how", "by-other"),
        ])
    func overrideRefused(fields: [String: String], text: String, field: String) async throws {
        let firm = await ScriptedFirm()
        let page = try await firm.browser().post(firm.path("/override"), fields)
        #expect(page.status == 422)
        #expect(page.text.contains(text))
        #expect(page.text.contains(try Regex(#"id="\#(field)"[^>]*aria-invalid="true""#)))
        if fields["reason"]?.contains("lost") == true {
            #expect(page.text.contains("lost &lt;phone&gt;</textarea>"))
        }
        if fields["identifiedBy"] == "inPerson" {
            #expect(page.text.contains(#"value="inPerson" required checked"#))
        }
        #expect(await firm.auth.made(Auth.OverrideTwoFactor.self).isEmpty)
    }

    @Test("what AuthService does not take of an override is told at its field")
    func overrideMalformed() async throws {
        let firm = await ScriptedFirm()
        await firm.set { $0.refusal = Refusal(.malformed, field: "reason") }
        let page = try await firm.browser().post(
            firm.path("/override"), ["reason": "much too long", "identifiedBy": "inPerson"])
        #expect(page.status == 422)
        #expect(page.text.contains("The reason is too long"))
        #expect(page.text.contains("much too long</textarea>"))
    }

    @Test("the override says what will happen, and names whom it is for")
    func overridePage() async throws {
        let firm = await ScriptedFirm()
        await firm.set { $0.client = $0.client.with(.active, [.sms], requiredBy: .firm) }
        let page = try await firm.browser().get(firm.path("/override"))
        for text in [
            "are removed", "the pages open at once", "At the next log-in", "under your name",
            "setting for all clients stays as it is", "Disable 2FA for Carla &lt;script&gt;",
        ] { #expect(page.text.contains(text), "\(text)") }
        #expect(!page.text.contains("<script>alert"))
    }

    @Test("a step-up that AuthService asks for is no problem of the form, and loses nothing of it")
    func stepUp() async throws {
        let firm = await ScriptedFirm()
        await firm.set { $0.refusal = Refusal(.stepUp) }
        let page = try await firm.browser().post(
            firm.path("/override"), ["reason": "lost phone", "identifiedBy": "inPerson"])
        #expect(page.hidden["reason"] == "lost phone")
        #expect(page.hidden["identifiedBy"] == "inPerson")
    }

    @Test("the requirement is changed as the form says", arguments: [true, false])
    func requirement(required: Bool) async throws {
        let firm = await ScriptedFirm()
        let browser = try await firm.browser()
        await firm.set { $0.client = $0.client.with(.pending, requiredBy: required ? nil : .pro) }
        let shown = try await browser.get(firm.path("/requirement"))
        #expect(shown.hidden["required"] == "\(required)")
        let answer = try await browser.post(firm.path("/requirement"), ["required": "\(required)"])
        #expect(answer.location == (await firm.path("/activity")))
        let id = await firm.client.id
        #expect(
            await firm.auth.written(Auth.RequireTwoFactor.self) == [
                "\(Auth.RequireTwoFactor(session: "session-1", client: id, required: required))"
            ])
        let page = try await browser.get(firm.path("/activity"))
        #expect(
            page.text.contains(
                required ? "is now required of this client" : "no longer required of this client"))
    }

    @Test("a requirement that says neither yes nor no changes nothing", arguments: ["", "maybe"])
    func badRequirement(word: String) async throws {
        let firm = await ScriptedFirm()
        #expect(try await firm.browser().post(firm.path("/requirement"), ["required": word]).status == 400)
        #expect(await firm.auth.made(Auth.RequireTwoFactor.self).isEmpty)
    }

    @Test("where the firm requires it of all, one client's requirement cannot be changed")
    func firmRequires() async throws {
        let firm = await ScriptedFirm()
        await firm.set { $0.client = $0.client.with(.pending, requiredBy: .firm) }
        let page = try await firm.browser().get(firm.path("/requirement"))
        #expect(page.text.contains("needs it already") && page.hidden["required"] == nil)
    }

    @Test("an invitation's link is shown until it is handed over, and then nowhere")
    func invite() async throws {
        let firm = await ScriptedFirm()
        let browser = try await firm.browser()
        let answer = try await browser.post("/clients/invite", ["name": "Ana <i>", "email": "ana@x.example"])
        #expect(answer.location == "/clients/invite/link")
        #expect(
            await firm.auth.written(Auth.InviteClient.self) == [
                "\(Auth.InviteClient(session: "session-1", name: "Ana <i>", email: "ana@x.example"))"
            ])
        let link = "http://localhost/invitation?firm=demo&amp;token=to%20ken%26"
        for _ in 0..<2 {
            let page = try await browser.get("/clients/invite/link")
            #expect(page.text.contains(#"value="\#(link)""#) && page.text.contains("Ana &lt;i&gt;"))
            #expect(page.text.contains(#"href="mailto:ana%40x.example?subject="#))
        }
        #expect(try await browser.post("/clients/invite/link").location == "/clients")
        #expect(try await browser.get("/clients/invite/link").location == "/clients/invite")
    }

    @Test(
        "an invitation that is refused shows the form again, with what was typed",
        arguments: [
            (Refusal(.emailTaken, field: "email"), "has this e-mail address already", "email"),
            (Refusal(.malformed, field: "email"), "check the e-mail address", "email"),
            (Refusal(.malformed, field: "name"), "type a name", "name"),
            (Refusal(.unavailable), "does not answer", nil),
        ] as [(Refusal, String, String?)])
    func inviteRefused(refusal: Refusal, text: String, field: String?) async throws {
        let firm = await ScriptedFirm()
        await firm.set { $0.refusal = refusal }
        let page = try await firm.browser().post(
            "/clients/invite", ["name": "Ana", "email": "ana@x.example"])
        #expect(page.status == (field == nil ? 503 : 422))
        #expect(page.text.contains(text))
        #expect(page.text.contains(#"value="Ana""#) && page.text.contains(#"value="ana@x.example""#))
        for name in ["name", "email"] {
            let isMarked = page.text.contains(try Regex(#"id="\#(name)"[^>]*aria-invalid="true""#))
            #expect(isMarked == (name == field))
        }
    }

    @Test("a password reset says what it does, and then has a link for that client alone")
    func reset() async throws {
        let firm = await ScriptedFirm()
        let browser = try await firm.browser()
        let path = await firm.path("/reset-link")
        #expect(try await browser.get(path).text.contains("Two-factor authentication stays"))
        #expect(try await browser.post(path).location == path)
        let client = await firm.client
        #expect(
            await firm.auth.written(Auth.InviteClient.self) == [
                "\(Auth.InviteClient(session: "session-1", name: client.name, email: client.email, reset: true))"
            ])
        #expect(try await browser.get(path).text.contains("token=to%20ken%26"))
        await firm.set { $0.client.email = "other@demo.example" }
        #expect(!(try await browser.get(path).text.contains("token=")))
        await firm.set { $0.client.email = client.email }
        #expect(try await browser.post(path + "/done").location == (await firm.path()))
        #expect(!(try await browser.get(path).text.contains("token=")))
    }
}
