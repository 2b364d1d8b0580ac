import Wire

/// What PROs' pages say of a client's 2FA.
enum ClientWords {
    /// A state in a word; its colour only repeats it.
    static func badge(_ state: Auth.Client.State, _ texts: Texts) -> View {
        ["class": state.rawValue, "text": texts("clientState", state.rawValue)]
    }

    /// A client's state in a sentence.
    static func sentence(_ client: Auth.Client, _ texts: Texts) -> String {
        let twoFactor = client.twoFactor
        let name =
            switch twoFactor.state {
            case .off where !twoFactor.methods.isEmpty: "dormant"
            case .pending where isDeferred(client): "deferred"
            default: twoFactor.state.rawValue
            }
        return texts("clientState", "\(name).sentence")
    }

    /// Whether the client was overridden and has not logged in since.
    private static func isDeferred(_ client: Auth.Client) -> Bool {
        guard let overridden = client.twoFactor.overriddenAt else { return false }
        return client.lastLogIn.map { $0 <= overridden } ?? true
    }

    /// Factors by name; nil where there is none.
    static func methods(_ methods: [FactorMethod], _ texts: Texts) -> String? {
        methods.isEmpty ? nil : methods.map { texts("factorName", $0.rawValue) }.joined(separator: ", ")
    }
}

extension LocalPath {
    /// A page about a client: `page` begins with a slash.
    static func client(_ id: ID, _ page: String = "") -> LocalPath {
        LocalPath("/clients/\(id)\(page)") ?? .home
    }
}

extension Visit {
    /// Makes a call with what the visitor typed. A field that AuthService finds malformed has a text of its own, where there
    /// is one: `problem.MALFORMED.FIELD`.
    func ask<C: Call>(_ call: C) async throws -> C.Reply {
        do {
            return try await self.call(call)
        } catch let refusal as Refusal where refusal.isFor(.malformed) {
            throw explained(refusal)
        }
    }

    /// A field that is malformed in a way that this front end sees itself: it cannot even be put in a call.
    func malformed(_ field: String) -> Refusal { explained(Refusal(.malformed, field: field)) }

    private func explained(_ refusal: Refusal) -> Refusal {
        guard let field = refusal.field, texts.has("problem", "\(refusal.reason).\(field)") else {
            return refusal
        }
        var refusal = refusal
        refusal.reason += ".\(field)"
        return refusal
    }
}
