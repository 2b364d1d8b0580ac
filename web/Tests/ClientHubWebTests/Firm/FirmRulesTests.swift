import Foundation
import HTTPTypes
import Testing
import Wire

@testable import ClientHubWeb

/// What holds for each of these pages.
@Suite("PROs' pages") struct FirmRulesTests {
    static let routes =
        ClientsPage.routes + ClientPage.routes + ClientActivityPage.routes + OverridePage.routes
        + RequirementPage.routes
        + InvitePage.routes + SettingsPage.routes + TeamPage.routes

    static func paths(_ method: String) -> [String] {
        routes.filter { $0.method.rawValue == method }.map(\.path)
    }

    /// A route's path with the scripted firm's people in it.
    private func fill(_ path: String, _ firm: ScriptedFirm) async -> String {
        path.replacing("{client}", with: "\(await firm.client.id)").replacing(
            "{pro}", with: "\(Auth.Pro.piet.id)")
    }

    @Test("are all behind the gate")
    func gated() {
        for route in Self.routes { #expect(route.access == .gated, "\(route.path)") }
    }

    @Test(
        "have one main heading, headings in order, a token in every form that posts, no markup of a name's, and every word",
        arguments: paths("GET"), PageLanguage.allCases)
    func wellMade(path: String, language: PageLanguage) async throws {
        let firm = await ScriptedFirm(.owner)
        await change(firm)
        let browser = try await firm.browser()
        await browser.keep(.language, language.rawValue)
        let query =
            path.hasSuffix("/review")
            ? "?version=7&twoFactorRequired=on&trustedDeviceDays=3&idleMinutes=9" : ""
        let page = try await browser.get(fill(path, firm) + query)
        guard page.status == 200 else {
            // Those have nothing to show yet, and lead on.
            #expect(page.status == 303 && (path.hasSuffix("/link") || path == "/settings"))
            return
        }
        let levels = page.text.matches(of: /<h([1-6])/).compactMap { Int($0.1) }
        #expect(levels.first == 1 && levels.count { $0 == 1 } == 1)
        #expect(zip(levels, levels.dropFirst()).allSatisfy { $1 <= $0 + 1 }, "\(levels)")
        let forms = page.text.matches(of: /<form[^>]*method="post".*?<\/form>/.dotMatchesNewlines())
        #expect(forms.allSatisfy { $0.output.contains(#"name="_token" value=""#) })
        #expect(
            !page.text.contains("<script>alert") && !page.text.contains("style=")
                && !page.text.contains("onclick"))
        #expect(page.text.contains(#"<html lang="\#(language.rawValue)">"#))
        // A text that is missing shows as its name.
        let sections = try proTexts(language).sections.keys.joined(separator: "|")
        let missing = page.text.matches(of: try Regex(#"[>" ]((?:"# + sections + #")\.[a-z][A-Za-z.]*)"#))
        #expect(missing.isEmpty, "\(missing.map { String(page.text[$0.range]) })")
    }

    @Test("take no form without its token, and ask nothing for it", arguments: paths("POST"))
    func token(path: String) async throws {
        let firm = await ScriptedFirm(.owner)
        let page = try await firm.browser().post(
            fill(path, firm), ["_token": "forged", "reason": "x", "required": "true"])
        #expect(page.status == 403)
        #expect(await firm.auth.methods.isEmpty)
    }

    @Test("ask for the log-in where there is no session", arguments: paths("GET"))
    func noSession(path: String) async throws {
        let firm = await ScriptedFirm(.owner)
        let browser = try await TestBrowser(firm.auth, session: nil)
        let page = try await browser.get(fill(path, firm))
        #expect(page.status == 303 && page.location?.hasPrefix("/log-in") == true)
        #expect(await firm.auth.methods.isEmpty)
    }

    /// A client with all that a page can show, and a log of all events.
    private func change(_ firm: ScriptedFirm) async {
        await firm.set {
            $0.next = "next"
            $0.client = $0.client.with(.active, [.authenticator, .sms, .recovery], requiredBy: .pro)
            $0.client.lockedUntil = .now + 600
            $0.client.lastLogIn = .now
            $0.client.twoFactor.since = .now
            $0.client.twoFactor.overriddenAt = .now
            $0.client.twoFactor.overriddenBy = "<script>alert(2)</script>"
            $0.events = ["two_factor.overridden", "log_in.failed", "from.later"].map { word in
                Auth.Event(
                    at: .now, actor: Auth.EventActor(role: "admin", name: "<script>alert(3)</script>"),
                    event: word,
                    detail: ["reason": "<script>alert(4)</script>", "seconds": "30"])
            }
        }
    }
}

@Suite("The activity in words") struct EventTests {
    /// The words of AuthService's log, from its source: what it can write, a page must be able to say.
    static let words: [String] = {
        let file = URL(filePath: #filePath).appending(
            path: "../../../../../Sources/AuthService/Model/AuditEvent.swift")
        let source = (try? String(contentsOf: file.standardizedFileURL, encoding: .utf8)) ?? ""
        return source.matches(of: /case \w+ = "([a-z_.]+)"/).map { String($0.1) }
    }()

    @Test("AuthService's words are found")
    func found() { #expect(Self.words.count >= 28 && Self.words.contains("two_factor.overridden")) }

    @Test("every word of AuthService's log has a sentence", arguments: words, PageLanguage.allCases)
    func sentences(word: String, language: PageLanguage) throws {
        let texts = try proTexts(language)
        #expect(texts.has("event", word))
        let event = Auth.Event(
            at: .now, actor: Auth.EventActor(role: "pro", name: "Piet"), event: word, detail: [:])
        #expect(!EventText.sentence(event, texts).contains("{"))
    }

    @Test(
        "a detail that changes what happened changes the sentence",
        arguments: [
            ("two_factor.requirement", ["required": "true"], "Piet required two-factor"),
            ("two_factor.requirement", ["required": "false"], "Piet no longer requires"),
            ("client.invited", ["reset": "true"], "Piet made a password reset link"),
            ("client.invited", ["reset": "false"], "Piet made an invitation"),
            ("invitation.accepted", ["reset": "true"], "by a reset link"),
        ])
    func variants(word: String, detail: [String: String], sentence: String) throws {
        let event = Auth.Event(
            at: .now, actor: Auth.EventActor(role: "pro", name: "Piet"), event: word, detail: detail)
        #expect(EventText.sentence(event, try proTexts(.english)).contains(sentence))
    }

    @Test(
        "who did it is named, and what is no person in words",
        arguments: [
            ("owner", "Piet"), ("system", "The system"), ("admin", "An administrator of the host (Piet)"),
        ])
    func actors(role: String, words: String) throws {
        let event = Auth.Event(
            at: .now, actor: Auth.EventActor(role: role, name: "Piet"), event: "client.unlocked", detail: [:])
        #expect(EventText.sentence(event, try proTexts(.english)) == "\(words) unlocked the account")
    }

    @Test(
        "details are words where AuthService chose them, and as they are where somebody typed them",
        arguments: [
            ("two_factor.failed", "reason", "WRONG_CODE", "the code was wrong"),
            ("two_factor.overridden", "reason", "yes", "yes"),
            ("two_factor.overridden", "reason", "WRONG_CODE", "WRONG_CODE"),
            ("two_factor.overridden", "identifiedBy", "in person", "In person"),
            ("two_factor.overridden", "identifiedBy", "by her sister", "by her sister"),
            ("two_factor.overridden", "methods", "authenticator sms", "authenticator app, text message"),
            ("step_up", "method", "password", "password"),
            ("log_in.locked", "seconds", "120", "2 minutes"),
            ("client.unlocked", "codes", "no", "no"),
            ("settings.changed", "idleMinutes", "15 -> 20", "15 -> 20"),
            ("from.later", "what", "ever", "ever"),
        ])
    func details(word: String, name: String, value: String, shown: String) throws {
        let event = Auth.Event(
            at: .now, actor: Auth.EventActor(role: "pro", name: "Piet"), event: word, detail: [name: value])
        let view = EventText.view(event, try proTexts(.english))
        let details = try #require(view["details"] as? [View])
        #expect(details.map { $0["value"] as? String } == [shown])
    }
}

@Suite("The chart of all clients") struct CoverageTests {
    @Test(
        "fills its bar, each state by its share",
        arguments: [
            (40, 14, 10, [625, 219, 156]), (1, 1, 1, [333, 334, 333]), (0, 0, 5, [0, 0, 1_000]),
            (7, 0, 0, [1_000, 0, 0]),
            (1, 0, 9_999, [0, 0, 1_000]), (0, 0, 0, [0, 0, 0]),
        ])
    func parts(active: Int, pending: Int, off: Int, widths: [Int]) throws {
        let all = active + pending + off
        let coverage = Coverage(clients: all, active: active, pending: pending, off: off, enrolled: active)
        let view = coverage.view(try proTexts(.english))
        let parts = try #require(view["parts"] as? [View])
        #expect(parts.map { $0["width"] as? Int } == widths)
        #expect(parts.map { $0["count"] as? Int } == [active, pending, off])
        var end = 0
        for part in parts {
            #expect(part["start"] as? Int == end)
            end += part["width"] as? Int ?? 0
        }
        #expect(view["any"] as? Bool == (all > 0))
    }
}
