import Testing
import Wire

@testable import ClientHubWeb

@Suite("Team") struct TeamTests {
    private static var piet: String { "/settings/team/\(Auth.Pro.piet.id)" }

    @Test(
        "the owner sees what can be done for each PRO, and a PRO sees the list",
        arguments: [Auth.Role.owner, .pro])
    func list(role: Auth.Role) async throws {
        let firm = await ScriptedFirm(role)
        let page = try await firm.browser().get("/settings/team")
        #expect(page.text.contains("Piet &amp; Co") && page.text.contains("Olivia"))
        for path in ["/settings/team/invite", "\(Self.piet)/remove", "\(Self.piet)/override"] {
            #expect(page.text.contains(#"href="\#(path)""#) == (role == .owner))
        }
        // Nobody in the firm removes or overrides its owner.
        let owner = await firm.auth.actor.id
        #expect(!page.text.contains("\(owner)"))
    }

    @Test(
        "what is the owner's alone is not for a PRO",
        arguments: ["/settings/team/invite", "\(piet)/remove", "\(piet)/override"])
    func ownersAlone(path: String) async throws {
        #expect(try await ScriptedFirm(.pro).browser().get(path).status == 403)
        #expect(try await ScriptedFirm(.owner).browser().get(path).status == 200)
        let firm = await ScriptedFirm(.pro)
        await firm.set { $0.refusal = Refusal(.notTheOwner) }
        let fields = ["name": "A", "email": "a@x.example", "reason": "lost", "identifiedBy": "inPerson"]
        #expect(try await firm.browser().post(path, fields).status == 403)
    }

    @Test("the owner invites a PRO, and gets the link")
    func invite() async throws {
        let firm = await ScriptedFirm(.owner)
        let browser = try await firm.browser()
        let answer = try await browser.post(
            "/settings/team/invite", ["name": "Ada", "email": "ada@x.example"])
        #expect(answer.location == "/settings/team/invite/link")
        #expect(
            await firm.auth.written(Auth.InvitePro.self) == [
                "\(Auth.InvitePro(session: "session-1", name: "Ada", email: "ada@x.example"))"
            ])
        #expect(try await browser.get("/settings/team/invite/link").text.contains("token=to%20ken%26"))
        #expect(try await browser.post("/settings/team/invite/link").location == "/settings/team")
        #expect(try await browser.get("/settings/team/invite/link").location == "/settings/team")
    }

    @Test("the owner removes a PRO after being told what that does")
    func remove() async throws {
        let firm = await ScriptedFirm(.owner)
        let browser = try await firm.browser()
        #expect(try await browser.get("\(Self.piet)/remove").text.contains("All sessions end at once"))
        #expect(try await browser.post("\(Self.piet)/remove").location == "/settings/team")
        #expect(
            await firm.auth.written(Auth.RemovePro.self) == [
                "\(Auth.RemovePro(session: "session-1", pro: Auth.Pro.piet.id))"
            ])
        #expect(try await browser.get("/settings/team").text.contains("The professional is removed."))
    }

    @Test("the owner overrides a PRO")
    func override() async throws {
        let firm = await ScriptedFirm(.owner)
        let browser = try await firm.browser()
        #expect(
            try await browser.get("\(Self.piet)/override").text.contains(
                "setting for professionals stays as it is"))
        let answer = try await browser.post(
            "\(Self.piet)/override", ["reason": "lost", "identifiedBy": "inPerson"])
        #expect(answer.location == "/settings/team")
        #expect(await firm.auth.made(Auth.OverrideTwoFactor.self).map(\.client) == [Auth.Pro.piet.id])
    }

    @Test(
        "the owner cannot be removed or overridden by way of the address", arguments: ["remove", "override"])
    func notTheOwner(page: String) async throws {
        let firm = await ScriptedFirm(.owner)
        let owner = await firm.auth.actor.id
        #expect(try await firm.browser().get("/settings/team/\(owner)/\(page)").status == 404)
    }
}
