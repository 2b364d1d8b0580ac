import Wire

/// Account security: how the account is protected, where it is open, and what happened to it.
enum SecurityPage {
    static let routes: [Route] =
        [
            .get("/security", show),
            .post("/security/recovery-codes", newRecoveryCodes),
        ] + RemoveMethodPage.routes + OwnSessions.routes + OwnActivityPage.routes

    static let path = LocalPath("/security")
    /// How many events the page shows of all there are.
    private static let eventCount = 5

    @Sendable static func show(_ visit: Visit) async throws -> Answer {
        async let open = visit.call(Auth.ListSessions(session: visit.session))
        async let activity = OwnActivityPage.list(visit, limit: eventCount)
        var view: View = ["title": visit.texts("security", "title")]
        if let gate = visit.gate {
            view["state"] = OwnTwoFactor.view(gate, visit.texts)
            view["deferred"] = gate.deferred
            view["methods"] = OwnTwoFactor.factors.map { methodView($0, gate, visit.texts) }
            if !OwnTwoFactor.enrolled(gate).isEmpty { view["recovery"] = recoveryView(gate, visit.texts) }
        }
        view.merge(OwnSessions.view(try await open, visit)) { $1 }
        view["events"] = try await activity.events.map { EventText.view($0, visit.texts) }
        return visit.page("security", view)
    }

    private static func methodView(_ method: FactorMethod, _ gate: Auth.Gate, _ texts: Texts) -> View {
        let name = method.rawValue
        let isEnrolled = gate.methods.contains(method)
        var view: View = [
            "name": texts("security", "method.\(name)"), "isEnrolled": isEnrolled,
            "detail": texts("security", "about.\(name)"),
        ]
        if isEnrolled {
            if method == .sms, let phone = gate.phone {
                view["detail"] = texts("security", "codesGoTo", ["phone": phone])
            }
            view["path"] = RemoveMethodPage.path(method).description
            view["action"] = texts("security", "remove.\(name)")
        } else {
            view["path"] = LocalPath("/two-factor/set-up").adding("method", name).then(path).description
            view["action"] = texts("security", "add.\(name)")
        }
        return view
    }

    private static func recoveryView(_ gate: Auth.Gate, _ texts: Texts) -> View {
        let left = gate.methods.contains(.recovery)
        return [
            "badge": texts("security", left ? "recoveryLeft" : "recoveryNone"),
            "kind": left ? "active" : "bad",
            "text": texts("security", left ? "recoveryLeftText" : "recoveryNoneText"),
        ]
    }

    /// The codes are in the answer to this call alone, so they go on to the page that shows them.
    @Sendable static func newRecoveryCodes(_ visit: Visit) async throws -> Answer {
        do {
            let reply = try await visit.call(Auth.NewRecoveryCodes(session: visit.session))
            var notes = visit.browser.notes
            notes.recoveryCodes = reply.recoveryCodes
            return Answer.redirect(to: LocalPath("/two-factor/recovery-codes").then(path)).leaving(notes)
        } catch let refusal as Refusal where refusal.isFor(.notSetUp) {
            // The last factor went in another tab, and the codes with it.
            return Answer.redirect(to: path).saying("nothingSetUp", visit)
        }
    }
}
