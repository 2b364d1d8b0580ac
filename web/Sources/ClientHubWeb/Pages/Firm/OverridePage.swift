import Wire

/// The support override: disables 2FA for one person who is stuck. It says what will happen, asks why, and asks how the PRO
/// made sure who it is that asks for help.
enum OverridePage {
    static let routes: [Route] = [
        .get("/clients/{client}/override") { visit in try await show(visit, .client(visit)) },
        .post("/clients/{client}/override") { visit in try await override(visit, .client(visit)) },
        .get("/settings/team/{pro}/override") { visit in try await show(visit, .pro(visit)) },
        .post("/settings/team/{pro}/override") { visit in try await override(visit, .pro(visit)) },
    ]

    /// Who is stuck.
    private struct Subject {
        let id: ID
        let name: String
        let methods: [FactorMethod]
        let isPro: Bool
        /// The page to go back to.
        let back: LocalPath

        static func client(_ visit: Visit) async throws -> Subject {
            let client = try await visit.client()
            return Subject(
                id: client.id, name: client.name, methods: client.twoFactor.methods, isPro: false,
                back: .client(client.id))
        }

        static func pro(_ visit: Visit) async throws -> Subject {
            let pro = try await visit.pro()
            return Subject(
                id: pro.id, name: pro.name, methods: pro.methods, isPro: true,
                back: LocalPath("/settings/team"))
        }
    }

    private static func show(_ visit: Visit, _ subject: Subject) -> Answer {
        visit.page("override", view(visit, subject))
    }

    private static func override(_ visit: Visit, _ subject: Subject) async throws -> Answer {
        try await visit.form(
            "override", view(visit, subject),
            fields: [.reasonMissing: "reason", .identificationMissing: "identifiedBy"]
        ) {
            guard let reason = visit.form["reason"] else { throw Refusal(.reasonMissing) }
            guard let identifiedBy = Identification.typed(visit.form) else {
                throw Refusal(.identificationMissing)
            }
            _ = try await visit.ask(
                Auth.OverrideTwoFactor(
                    session: visit.session, client: subject.id, reason: reason, identifiedBy: identifiedBy))
            return Answer.redirect(to: subject.back).saying(
                subject.isPro ? "overriddenPro" : "overridden", visit)
        }
    }

    private static func view(_ visit: Visit, _ subject: Subject) -> View {
        let texts = visit.texts
        let chosen = visit.form[Identification.field]
        let name = ["name": subject.name]
        var view: View = [
            "title": texts("override", "title", name), "person": subject.name, "isPro": subject.isPro,
            "action": visit.path, "back": subject.back.description,
            "submit": texts("override", "submit", name),
            "reason": visit.form["reason"] ?? "",
            "identifiedByOther": visit.form[Identification.otherField] ?? "",
            "effects": effects(subject, texts),
            "choices": Identification.allCases.map { way in
                [
                    "value": way.rawValue, "label": texts("identification", way.rawValue),
                    "isChosen": chosen == way.rawValue,
                ] as View
            },
            "isOther": chosen == Identification.other,
        ]
        if let methods = ClientWords.methods(subject.methods, texts) { view["methods"] = methods }
        return view
    }

    /// What will happen, in the order in which the person meets it.
    private static func effects(_ subject: Subject, _ texts: Texts) -> [String] {
        var names = ["factors", "letIn", "prompted", "setting", "log"]
        if subject.methods.isEmpty { names[0] = "noFactors" }
        if subject.isPro { names[3] = "settingPro" }
        return names.map { texts("override", "effect.\($0)", ["name": subject.name]) }
    }
}

/// How a PRO made sure who a person is. The audit log is kept in one language, whoever writes it.
enum Identification: String, CaseIterable {
    case calledBack, inPerson, videoCall

    static let field = "identifiedBy"
    /// The choice of another way, which is told in words.
    static let other = "other"
    static let otherField = "identifiedByOther"

    /// As the audit log has it.
    var logged: String {
        switch self {
        case .calledBack: "called back on the number on file"
        case .inPerson: "in person"
        case .videoCall: "video call with photo ID"
        }
    }

    static func named(_ logged: String) -> Identification? { allCases.first { $0.logged == logged } }

    /// What a form says, for the audit log; nil where it says nothing.
    static func typed(_ form: Form) -> String? {
        guard let choice = form[field] else { return nil }
        return choice == other ? form[otherField] : Identification(rawValue: choice)?.logged
    }
}

extension Reason {
    /// This front end's own: AuthService takes an override without it.
    static let identificationMissing = Reason(
        .invalidArgument, "IDENTIFICATION_MISSING", "An override needs to say how the person was identified.")
}
