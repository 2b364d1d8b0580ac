import Wire

/// Settings > Client Hub Settings: the firm's toggle and what goes with it. A change that locks or unlocks anybody is shown
/// once more, with whom it will touch, before it is made.
enum SettingsPage {
    static let routes: [Route] = [
        .get("/settings") { _ in .redirect(to: LocalPath("/settings/client-hub")) },
        .get("/settings/client-hub", show),
        .post("/settings/client-hub", save),
        .get("/settings/client-hub/review", review),
    ]

    @Sendable static func show(_ visit: Visit) async throws -> Answer {
        let settings = try await visit.call(Auth.GetSettings(session: visit.session))
        let coverage = try await Coverage.count(visit)
        return visit.page("settings", view(SettingsDraft(settings), settings, coverage, visit.texts))
    }

    @Sendable static func save(_ visit: Visit) async throws -> Answer {
        let draft = SettingsDraft(visit.form)
        return try await form(visit, draft) { settings, _ in
            let change = try draft.change(of: settings, visit)
            if SettingsEffects(change, of: settings).needReview, !visit.form.has("reviewed") {
                return .redirect(to: draft.reviewPath)
            }
            _ = try await visit.ask(change)
            return Answer.redirect(to: LocalPath("/settings/client-hub")).saying("settingsSaved", visit)
        }
    }

    /// What will happen, before it does; its form sends the same values once more.
    @Sendable static func review(_ visit: Visit) async throws -> Answer {
        let draft = SettingsDraft(visit.query)
        return try await form(visit, draft) { settings, coverage in
            let effects = SettingsEffects(try draft.change(of: settings, visit), of: settings)
            guard effects.needReview else { return .redirect(to: LocalPath("/settings/client-hub")) }
            var view = effects.view(coverage, visit.texts)
            view["title"] = visit.texts("settingsReview", "title")
            view["fields"] = draft.fields.map { ["field": "\($0.name)", "value": $0.value] as View }
            return visit.page("settings-review", view)
        }
    }

    /// Does `work` with the settings as they are now. What is refused shows the form with what was typed; where somebody
    /// else changed them meanwhile, with what they are now.
    private static func form(
        _ visit: Visit, _ draft: SettingsDraft, _ work: (Auth.Settings, Coverage) async throws -> Answer
    ) async throws -> Answer {
        let settings = try await visit.call(Auth.GetSettings(session: visit.session))
        let coverage = try await Coverage.count(visit)
        do {
            return try await visit.form("settings", view(draft, settings, coverage, visit.texts)) {
                do {
                    return try await work(settings, coverage)
                } catch let refusal as Refusal where refusal.isFor(.changedMeanwhile) {
                    throw ChangedMeanwhile(refusal: refusal)
                }
            }
        } catch let changed as ChangedMeanwhile {
            let now = try await visit.call(Auth.GetSettings(session: visit.session))
            let problem = FormProblem(changed.refusal, fields: [:], visit.texts)
            let view = view(SettingsDraft(now), now, coverage, visit.texts)
            return visit.page("settings", view.merging(problem.view) { $1 }, problem.status)
        }
    }

    /// Passes by what shows a form with the typed values again.
    private struct ChangedMeanwhile: Error {
        let refusal: Refusal
    }

    private static func view(
        _ draft: SettingsDraft, _ settings: Auth.Settings, _ coverage: Coverage, _ texts: Texts
    )
        -> View
    {
        let announced = settings.twoFactorRequired ? SettingsDraft.ahead(settings.enforceFrom) : nil
        let state = announced != nil ? "announced" : settings.twoFactorRequired ? "on" : "off"
        var view: View = [
            "title": texts("settings", "title"), "state": texts("settings", "state.\(state)"),
            "stateClass": ["on": "active", "announced": "pending", "off": "off"][state] ?? "off",
            "version": draft.version, "twoFactorRequired": draft.twoFactorRequired,
            "enforceFrom": draft.enforceFrom, "today": SettingsDraft.day(of: .now),
            "prosTwoFactorRequired": draft.prosTwoFactorRequired,
            "trustedDeviceDays": draft.trustedDeviceDays,
            "idleMinutes": draft.idleMinutes,
        ]
        if let announced { view["begins"] = View.moment(announced) }
        // Whom the toggle would touch; once it is on, it has.
        if state != "on" {
            view["isAhead"] = true
            view["touched"] = SettingsEffects.touched(coverage, texts)
        }
        return view
    }
}
