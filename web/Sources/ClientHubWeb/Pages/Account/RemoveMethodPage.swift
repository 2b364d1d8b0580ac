import Hummingbird
import Wire

/// Remove a method: what it means, and then the removal.
enum RemoveMethodPage {
    static let routes: [Route] = [
        .get("/security/methods/{method}/remove", show),
        .post("/security/methods/{method}/remove", remove),
    ]

    static func path(_ method: FactorMethod) -> LocalPath {
        method == .sms
            ? LocalPath("/security/methods/sms/remove") : LocalPath("/security/methods/authenticator/remove")
    }

    @Sendable static func show(_ visit: Visit) async throws -> Answer {
        guard let method = method(visit) else { return ProblemPage.notFound(visit) }
        guard OwnTwoFactor.enrolled(visit.gate).contains(method) else {
            return .redirect(to: SecurityPage.path)
        }
        return visit.page("remove-method", view(visit, method))
    }

    @Sendable static func remove(_ visit: Visit) async throws -> Answer {
        guard let method = method(visit) else { return ProblemPage.notFound(visit) }
        return try await visit.form("remove-method", view(visit, method)) {
            do {
                _ = try await visit.call(Auth.RemoveMethod(session: visit.session, method: method))
            } catch let refusal as Refusal where refusal.isFor(.notSetUp) {
                // A form that was sent twice finds its work done.
            }
            return Answer.redirect(to: SecurityPage.path).saying("methodRemoved", visit)
        }
    }

    private static func method(_ visit: Visit) -> FactorMethod? {
        visit.parameters.get("method").flatMap { name in OwnTwoFactor.factors.first { $0.rawValue == name } }
    }

    /// What will happen, as far as it can be told; whether it may happen is for AuthService to say.
    private static func view(_ visit: Visit, _ method: FactorMethod) -> View {
        let texts = visit.texts
        let others = OwnTwoFactor.enrolled(visit.gate).filter { $0 != method }
        var view: View = [
            "title": texts("removeMethod", "title.\(method.rawValue)"), "path": path(method).description,
            "action": texts("removeMethod", "submit.\(method.rawValue)"),
            "backPath": SecurityPage.path.description,
        ]
        if let other = others.first {
            view["other"] = texts("removeMethod", "other.\(other.rawValue)")
            return view
        }
        view["isLast"] = true
        switch visit.gate?.requiredBy {
        case .firm, .pro:
            let missing = method == .sms ? FactorMethod.authenticator : .sms
            let place = LocalPath("/two-factor/set-up").adding("method", missing.rawValue).then(
                SecurityPage.path)
            view["required"] =
                [
                    "path": place.description, "action": texts("security", "add.\(missing.rawValue)"),
                ] as View
        case .person, nil: break
        }
        return view
    }
}
