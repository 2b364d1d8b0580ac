import Wire

/// What a change of the settings does to people, told before it is made.
struct SettingsEffects: Equatable {
    enum Effect: String, Equatable {
        /// The toggle goes on, or its start moves.
        case clientsOn
        case clientsOff
        case prosOn
        case prosOff
    }

    let all: [Effect]
    /// When clients are locked; nil: at once.
    let begins: Timestamp?

    init(_ change: Auth.UpdateSettings, of settings: Auth.Settings) {
        let (clients, pros) = (change.twoFactorRequired, change.prosTwoFactorRequired)
        let start = change.enforceFrom ?? settings.enforceFrom
        var all: [Effect] = []
        switch (settings.twoFactorRequired, clients ?? settings.twoFactorRequired) {
        case (false, true): all.append(.clientsOn)
        case (true, true) where start != settings.enforceFrom: all.append(.clientsOn)
        case (true, false): all.append(.clientsOff)
        case (true, true), (false, false): break
        }
        if let pros, pros != settings.prosTwoFactorRequired { all.append(pros ? .prosOn : .prosOff) }
        self.all = all
        begins = SettingsDraft.ahead(start)
    }

    /// Whether anybody is locked or unlocked.
    var needReview: Bool { !all.isEmpty }

    /// For the template `settings-review`: a heading for each effect, and what it means.
    func view(_ coverage: Coverage, _ texts: Texts) -> View {
        ["effects": all.map { view($0, coverage, texts) }, "submit": texts("settingsReview", submit)]
    }

    /// The name of the button's text: what is done, where it is one thing.
    private var submit: String { "submit.\(all.count == 1 ? all[0].rawValue : "several")" }

    private func view(_ effect: Effect, _ coverage: Coverage, _ texts: Texts) -> View {
        var view: View = ["heading": texts("settingsReview", effect.rawValue)]
        switch effect {
        case .clientsOn:
            if let begins { view["begins"] = View.moment(begins) } else { view["atOnce"] = true }
            view["lines"] = Self.touched(coverage, texts) + [texts("settingsReview", "clientsOn.stuck")]
        case .clientsOff:
            view["lines"] = [
                texts("settingsReview", "clientsOff.open"), texts("settingsReview", "clientsOff.others"),
                texts("settingsReview", "clientsOff.kept"),
            ]
            view["warning"] = texts("settingsReview", "clientsOff.warning")
        case .prosOn: view["lines"] = [texts("settingsReview", "prosOn.lock")]
        case .prosOff:
            view["lines"] = [texts("settingsReview", "prosOff.open")]
            view["warning"] = texts("settingsReview", "prosOff.warning")
        }
        return view
    }

    /// Whom the toggle locks, by what each has to do.
    static func touched(_ coverage: Coverage, _ texts: Texts) -> [String] {
        guard coverage.clients > 0 else { return [texts("settingsReview", "nobody")] }
        return [
            texts.counted("settingsReview", "mustSetUp", coverage.withoutFactor),
            texts.counted("settingsReview", "areAsked", coverage.enrolled),
        ]
    }
}
