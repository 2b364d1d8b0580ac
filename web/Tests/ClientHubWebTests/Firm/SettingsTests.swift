import Testing
import Wire

@testable import ClientHubWeb

@Suite("Client Hub Settings") struct SettingsTests {
    private static let path = "/settings/client-hub"

    /// The form as the page has it, changed by `change`; nil takes a field away, as a box that is not ticked.
    private static func form(_ change: [String: String?] = [:]) -> [String: String] {
        var fields = [
            "version": "7", "enforceFrom": "", "trustedDeviceDays": "30", "idleMinutes": "15",
            "prosTwoFactorRequired": "on",
        ]
        for (name, value) in change { fields[name] = value }
        return fields
    }

    @Test("the page shows the settings, and how many clients the toggle would lock")
    func shows() async throws {
        let firm = await ScriptedFirm()
        let page = try await firm.browser().get(Self.path)
        #expect(page.text.contains("19 clients have no second factor yet"))
        #expect(page.text.contains("45 clients have one already"))
        #expect(page.hidden["version"] == "7")
        #expect(!page.text.contains(#"name="twoFactorRequired" checked"#))
        #expect(page.text.contains(#"name="prosTwoFactorRequired" checked"#))
        #expect(try await firm.browser().get("/settings").location == Self.path)
    }

    @Test("a change that locks nobody is made at once")
    func savesAtOnce() async throws {
        let firm = await ScriptedFirm()
        let browser = try await firm.browser()
        let answer = try await browser.post(
            Self.path, Self.form(["trustedDeviceDays": "0", "idleMinutes": " 20 "]))
        #expect(answer.location == Self.path)
        #expect(
            await firm.auth.written(Auth.UpdateSettings.self) == [
                "\(Auth.UpdateSettings(session: "session-1", version: 7, twoFactorRequired: false, prosTwoFactorRequired: true, trustedDeviceDays: 0, idleMinutes: 20))"
            ])
        #expect(try await browser.get(Self.path).text.contains("The settings are saved."))
    }

    @Test(
        "a change that locks or unlocks somebody is shown before it is made",
        arguments: [
            (
                false, ["twoFactorRequired": "on"],
                ["19 clients have no second factor yet", "It begins at once"]
            ),
            (
                false, ["twoFactorRequired": "on", "enforceFrom": "2199-01-31"],
                ["It begins", #"datetime="2199-01-31T10:00:00.000Z""#]
            ),
            (true, [:], ["no longer need two-factor", "16 CFR 314.4(c)(5)"]),
            (true, ["twoFactorRequired": "on", "enforceFrom": "2199-01-31"], ["2199-01-31T10:00"]),
            (false, ["prosTwoFactorRequired": nil], ["Professionals will no longer need"]),
            (
                false, ["prosTwoFactorRequired": nil, "twoFactorRequired": "on"],
                ["Professionals will no longer need", "All clients will need", "Make these changes"]
            ),
        ] as [(Bool, [String: String?], [String])])
    func reviews(isOn: Bool, change: [String: String?], texts: [String]) async throws {
        let firm = await ScriptedFirm()
        let browser = try await firm.browser()
        await firm.set { $0.settings.twoFactorRequired = isOn }
        let form = Self.form(change)
        let answer = try await browser.post(Self.path, form)
        let place = try #require(answer.location)
        #expect(place.hasPrefix("/settings/client-hub/review?"))
        #expect(await firm.auth.made(Auth.UpdateSettings.self).isEmpty)

        let review = try await browser.get(place)
        for text in texts { #expect(review.text.contains(text), "\(text)") }
        // What the review sends is the form once more.
        var sent = review.hidden.filter { $0.key != Form.token && $0.key != "next" }
        #expect(sent.removeValue(forKey: "reviewed") == "yes")
        #expect(sent.filter { !$0.value.isEmpty } == form.filter { !$0.value.isEmpty })
        #expect(try await browser.post(Self.path, review.hidden).location == Self.path)
        let made = try #require(await firm.auth.made(Auth.UpdateSettings.self).first)
        #expect(made.twoFactorRequired == (form["twoFactorRequired"] != nil))
        #expect(made.prosTwoFactorRequired == (form["prosTwoFactorRequired"] != nil))
    }

    @Test(
        "the start date is kept, moved or taken away as the form says",
        arguments: [
            ("2199-03-01T17:30:00Z", "2199-03-01", nil),
            ("2199-03-01T17:30:00Z", "2199-03-02", .some(Timestamp("2199-03-02T10:00:00Z"))),
            ("2199-03-01T17:30:00Z", "", .some(nil)),
            ("2020-03-01T17:30:00Z", "", nil),
            (nil, "", nil),
            (nil, "2199-03-02", .some(Timestamp("2199-03-02T10:00:00Z"))),
        ] as [(String?, String, Timestamp??)])
    func startDate(before: String?, typed: String, sent: Timestamp??) async throws {
        let firm = await ScriptedFirm()
        await firm.set { $0.settings.enforceFrom = before.flatMap(Timestamp.init) }
        _ = try await firm.browser().post(Self.path, Self.form(["enforceFrom": typed]))
        #expect(await firm.auth.made(Auth.UpdateSettings.self).map(\.enforceFrom) == [sent])
    }

    @Test(
        "what is no number and no day is told at its field, with what was typed",
        arguments: [
            ("trustedDeviceDays", "many", "from 0 to 90"), ("trustedDeviceDays", "", "from 0 to 90"),
            ("idleMinutes", "4.5", "from 5 to 60"), ("enforceFrom", "31.1.2027", "year-month-day"),
            ("enforceFrom", "2027-02-30", "year-month-day"), ("enforceFrom", "tomorrow", "year-month-day"),
        ])
    func badFields(field: String, typed: String, text: String) async throws {
        let firm = await ScriptedFirm()
        let page = try await firm.browser().post(Self.path, Self.form([field: typed]))
        #expect(page.status == 422)
        #expect(page.text.contains(text))
        #expect(
            page.text.contains(try Regex(#"id="\#(field)"[^>]*value="\#(typed)"[^>]*aria-invalid="true""#)))
        #expect(await firm.auth.made(Auth.UpdateSettings.self).isEmpty)
    }

    @Test("a number out of bounds, which AuthService knows, is told at its field")
    func outOfBounds() async throws {
        let firm = await ScriptedFirm()
        await firm.set { $0.refusal = Refusal(.malformed, field: "trustedDeviceDays") }
        let page = try await firm.browser().post(Self.path, Self.form(["trustedDeviceDays": "91"]))
        #expect(page.status == 422)
        #expect(page.text.contains("from 0 to 90") && page.text.contains(#"value="91""#))
    }

    @Test(
        "where somebody else changed the settings, the page says so and shows them as they are now",
        arguments: [6, 7])
    func changedMeanwhile(version: Int) async throws {
        let firm = await ScriptedFirm()
        // Either before the form was sent, or between the front end's look and AuthService's.
        await firm.set {
            if version == 7 { $0.refusal = Refusal(.changedMeanwhile) }
            $0.settings.trustedDeviceDays = 21
        }
        let page = try await firm.browser().post(
            Self.path, Self.form(["version": "\(version)", "idleMinutes": "59"]))
        #expect(page.status == 422)
        #expect(page.text.contains("Somebody else has changed the settings"))
        #expect(page.text.contains(#"value="21""#) && !page.text.contains(#"value="59""#))
        #expect(page.hidden["version"] == "7")
    }

    @Test("an announced start is shown, and until then whom it will lock")
    func announced() async throws {
        let firm = await ScriptedFirm()
        await firm.set {
            $0.settings.twoFactorRequired = true
            $0.settings.enforceFrom = Timestamp("2199-03-01T10:00:00Z")
        }
        let page = try await firm.browser().get(Self.path)
        #expect(page.text.contains("Begins") && page.text.contains(#"datetime="2199-03-01T10:00:00.000Z""#))
        #expect(
            page.text.contains(#"value="2199-03-01""#)
                && page.text.contains("19 clients have no second factor yet"))
    }
}
