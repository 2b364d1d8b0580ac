import Testing
import Wire

@testable import ClientHubWeb

@Suite("The account pages", .timeLimit(.minutes(5)))
struct AccountRulesTests {
    private static let pages = [
        "/", "/security", "/security/activity", "/security/password", "/security/methods/sms/remove",
        "/two-factor/step-up", "/invitation?firm=demo&token=x", "/invitation",
    ]

    private func auth() async -> ScriptedAuth {
        let auth = await ScriptedAuth(
            .open([.sms, .recovery], requiredBy: .firm, deferred: true, offer: true))
        let entry = Auth.SessionEntry(
            id: ID(now: .now), created: .now, lastSeen: .now, expires: .now + 60, current: false)
        let device = Auth.DeviceEntry(id: ID(now: .now), created: .now, expires: .now + 60)
        await auth.answer(Auth.ListSessions.self) { _ in
            Auth.ListSessions.Reply(sessions: [entry], devices: [device])
        }
        await auth.answer(Auth.ListActivity.self) { _ in Auth.ListActivity.Reply(events: []) }
        await auth.answer(Auth.GetFirm.self) { _ in Auth.GetFirm.Reply(slug: "demo", name: "Demo") }
        return auth
    }

    @Test(
        "have one main heading, headings in order, a label for each field, a token in each form, and no style of their own",
        arguments: pages, PageLanguage.allCases)
    func wellMade(path: String, language: PageLanguage) async throws {
        let browser = try await TestBrowser(await auth())
        await browser.keep(.language, language.rawValue)
        let text = try await browser.get(path).text
        #expect(text.contains(#"<html lang="\#(language.rawValue)">"#))
        let levels = text.matches(of: /<h([1-6])/).compactMap { Int($0.1) }
        #expect(levels.first == 1 && levels.count { $0 == 1 } == 1)
        #expect(zip(levels, levels.dropFirst()).allSatisfy { $1 <= $0 + 1 }, "\(levels)")
        for form in text.matches(of: /<form[^>]*method="post".*?<\/form>/.dotMatchesNewlines()) {
            #expect(form.output.contains(#"name="_token" value=""#))
        }
        for field in text.matches(of: /<input[^>]*\sid="([a-z]+)"/) {
            #expect(text.contains(#"<label for="\#(field.1)">"#), "\(field.1)")
        }
        let ids = text.matches(of: /\sid="([^"]+)"/).map { String($0.1) }
        #expect(Set(ids).count == ids.count, "\(ids)")
        for reference in text.matches(of: /aria-(?:describedby|labelledby)="([^"]+)"/) {
            #expect(
                reference.1.split(separator: " ").allSatisfy { ids.contains(String($0)) }, "\(reference.1)")
        }
        #expect(
            !text.contains("style=") && !text.contains("<style") && text.firstMatch(of: /\son[a-z]+="/) == nil
        )
    }

    @Test(
        "take no form without its token, and ask nothing for it",
        arguments: [
            "/two-factor/not-now", "/security/recovery-codes", "/security/methods/sms/remove",
            "/security/sessions/end-others", "/security/sessions/01890000-0000-7000-8000-000000000000/end",
            "/security/devices/01890000-0000-7000-8000-000000000000/end", "/security/password", "/invitation",
            "/two-factor/step-up",
        ])
    func token(path: String) async throws {
        let auth = await auth()
        let answer = try await TestBrowser(auth).post(
            path, ["_token": "forged", "firm": "demo", "token": "x"])
        #expect(answer.status == 403)
        // The firm's name, which stands on every page, is no secret.
        #expect(await auth.methods.filter { $0 != Auth.GetFirm.method } == [])
    }
}
