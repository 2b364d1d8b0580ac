import Wire

/// Requires 2FA of one client, whatever the firm's setting, or no longer does: asked once more, with what will happen.
enum RequirementPage {
    static let routes: [Route] = [
        .get("/clients/{client}/requirement", show),
        .post("/clients/{client}/requirement", change),
    ]

    @Sendable static func show(_ visit: Visit) async throws -> Answer {
        let client = try await visit.client()
        return visit.page("requirement", view(client, visit.texts))
    }

    @Sendable static func change(_ visit: Visit) async throws -> Answer {
        guard let required = visit.form["required"].flatMap(Bool.init) else {
            return ProblemPage.badForm(visit)
        }
        let client = try await visit.call(
            Auth.RequireTwoFactor(session: visit.session, client: visit.id("client"), required: required))
        return Answer.redirect(to: .client(client.id, "/activity"))
            .saying(required ? "requirementOn" : "requirementOff", visit)
    }

    private static func view(_ client: Auth.Client, _ texts: Texts) -> View {
        let requirer = client.twoFactor.requiredBy
        let name = ["name": client.name]
        var view = ClientPage.head(client, texts)
        view["action"] = LocalPath.client(client.id, "/requirement").description
        // What the page can change follows from what holds now.
        let change = requirer == .firm ? "firm" : requirer == .pro ? "off" : "on"
        view["title"] = texts("requirement", "title.\(change)", name)
        view["effects"] = effects(change, client).map { texts("requirement", "effect.\($0)", name) }
        if requirer != .firm {
            view["change"] =
                [
                    "required": "\(requirer != .pro)",
                    "submit": texts("requirement", "submit.\(change)", name),
                ] as View
        }
        return view
    }

    private static func effects(_ change: String, _ client: Auth.Client) -> [String] {
        switch change {
        case "on": [client.twoFactor.methods.isEmpty ? "on.setUp" : "on.verify", "on.stays", "log"]
        case "off": ["off.open", client.twoFactor.methods.isEmpty ? "off.none" : "off.kept", "log"]
        default: ["firm"]
        }
    }
}
