import Wire

/// Prove the second factor.
enum VerifyPage {
    static let routes: [Route] = [
        .get("/two-factor/verify", show),
        .post("/two-factor/verify", verify),
        .post("/two-factor/verify/send", sendAgain),
    ]

    /// What a person is asked for first: the app where there is one, and a recovery code never.
    static func firstMethod(_ gate: Auth.Gate?) -> FactorMethod {
        gate?.methods.contains(.authenticator) == true ? .authenticator : .sms
    }

    @Sendable static func show(_ visit: Visit) async throws -> Answer {
        guard visit.gate?.state == .verify else {
            return .redirect(to: LocalPath("/two-factor").then(visit.next))
        }
        return visit.page("verify", view(visit))
    }

    @Sendable static func verify(_ visit: Visit) async throws -> Answer {
        // A form that was sent twice, or from a second tab, finds its work done.
        guard visit.gate?.state == .verify else {
            return .redirect(to: LocalPath("/two-factor").then(visit.next))
        }
        let fields: [Reason: String] = [
            .wrongCode: "code", .codeUsed: "code", .codeExpired: "code", .notBegun: "code",
        ]
        return try await visit.form("verify", view(visit), fields: fields) {
            let reply = try await visit.call(
                Auth.Verify(
                    session: visit.session, method: method(visit), code: visit.form["code"] ?? "",
                    trustDevice: visit.form.has("trust")))
            var notes = visit.browser.notes
            notes.sent = nil
            let answer = Answer.redirect(to: LocalPath("/two-factor").then(visit.next)).leaving(notes)
                .setting(.session, reply.session)
            return reply.device.map { answer.setting(.device, $0) } ?? answer
        }
    }

    @Sendable static func sendAgain(_ visit: Visit) async throws -> Answer {
        try await visit.form("verify", view(visit)) {
            var notes = visit.browser.notes
            notes.sent = try await send(visit, session: visit.session)
            let place = LocalPath("/two-factor/verify").adding("method", "sms").then(visit.next)
            return Answer.redirect(to: place).leaving(notes).saying("codeSent", notes)
        }
    }

    /// Has a code sent to the enrolled phone.
    static func send(_ visit: Visit, session: String) async throws -> Notes.Sent {
        let reply = try await visit.call(Auth.SendCode(session: session, language: visit.language.ofMessages))
        return Notes.Sent(phone: reply.phone, resendAt: .now + reply.resendAfter, expires: reply.expires)
    }

    private static func method(_ visit: Visit) -> FactorMethod {
        let asked = (visit.form["method"] ?? visit.query["method"]).flatMap(FactorMethod.init(rawValue:))
        if let asked, visit.gate?.methods.contains(asked) == true { return asked }
        return firstMethod(visit.gate)
    }

    private static func view(_ visit: Visit) -> View {
        let texts = visit.texts
        let method = method(visit)
        let others = (visit.gate?.methods ?? []).filter { $0 != method }
        var view: View = [
            "title": texts("verify", "title"), "next": visit.next.description, "method": method.rawValue,
            "isSMS": method == .sms, "isRecovery": method == .recovery,
            "codeLabel": texts("verify", "codeLabel.\(method.rawValue)"),
            "codeHint": texts("verify", "codeHint.\(method.rawValue)"),
            "others": others.map { other in
                let place = LocalPath("/two-factor/verify").adding("method", other.rawValue).then(visit.next)
                return ["path": place.description, "name": texts("verify", "use.\(other.rawValue)")] as View
            },
        ]
        guard method == .sms else { return view }
        if let sent = visit.browser.notes.sent, .now < sent.expires {
            view["sent"] = texts("verify", "sentTo", ["phone": sent.phone])
            view["resendIn"] = max(0, sent.resendAt.seconds(since: .now))
        } else {
            view["unsent"] = texts("verify", "unsent", ["phone": visit.gate?.phone ?? ""])
        }
        return view
    }
}
