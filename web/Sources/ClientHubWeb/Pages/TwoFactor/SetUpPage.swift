import HTTPTypes
import Wire

/// Set up two-factor authentication: choose a method, prove it with its first code.
enum SetUpPage {
    static let routes: [Route] = [
        .get("/two-factor/set-up", choose),
        .post("/two-factor/set-up", begin),
        .get("/two-factor/set-up/confirm", showConfirm),
        .post("/two-factor/set-up/confirm", confirm),
        .post("/two-factor/set-up/resend", resend),
    ]

    @Sendable static func choose(_ visit: Visit) async throws -> Answer {
        // A code that is owed comes first, and whoever has all there is needs no more.
        if visit.gate?.state == .verify {
            return .redirect(to: LocalPath("/two-factor/verify").then(visit.next))
        }
        return visit.page("set-up", choiceView(visit))
    }

    @Sendable static func begin(_ visit: Visit) async throws -> Answer {
        try await visit.form(
            "set-up", choiceView(visit), fields: [.badPhone: "phone", .tooManyCodes: "phone"]
        ) {
            let method = FactorMethod(rawValue: visit.form["method"] ?? "") ?? .authenticator
            let setUp = try await begin(visit, method, phone: visit.form["phone"])
            var notes = visit.browser.notes
            notes.setUp = setUp
            return Answer.redirect(to: LocalPath("/two-factor/set-up/confirm").then(visit.next)).leaving(
                notes)
        }
    }

    /// Sends the code to the same phone again.
    @Sendable static func resend(_ visit: Visit) async throws -> Answer {
        guard let old = visit.browser.notes.setUp, old.method == .sms else { return restart(visit) }
        return try await visit.form("set-up-confirm", confirmView(visit, old)) {
            var notes = visit.browser.notes
            notes.setUp = try await begin(visit, .sms, phone: old.phone)
            return Answer.redirect(to: LocalPath("/two-factor/set-up/confirm").then(visit.next)).leaving(
                notes
            )
            .saying("codeSentAgain", notes)
        }
    }

    private static func begin(_ visit: Visit, _ method: FactorMethod, phone: String?) async throws
        -> Notes.SetUp
    {
        let reply = try await visit.call(
            Auth.BeginSetUp(
                session: visit.session, method: method, phone: method == .sms ? phone ?? "" : nil,
                language: visit.language.ofMessages)
        )
        return Notes.SetUp(
            method: method, uri: reply.uri, secret: reply.secret, phone: phone, maskedPhone: reply.phone,
            resendAt: reply.resendAfter.map { .now + $0 }, expires: reply.expires)
    }

    @Sendable static func showConfirm(_ visit: Visit) async throws -> Answer {
        guard let setUp = visit.browser.notes.setUp else { return restart(visit) }
        return visit.page("set-up-confirm", confirmView(visit, setUp))
    }

    @Sendable static func confirm(_ visit: Visit) async throws -> Answer {
        guard let setUp = visit.browser.notes.setUp else { return restartOrGoOn(visit) }
        // A form that a step-up sent again comes without its code, which no page carries along.
        guard let code = visit.form["code"] else {
            return .redirect(to: LocalPath("/two-factor/set-up/confirm").then(visit.next))
        }
        return try await visit.form(
            "set-up-confirm", confirmView(visit, setUp), fields: [.wrongCode: "code", .codeExpired: "code"]
        ) {
            let reply = try await visit.call(
                Auth.ConfirmSetUp(session: visit.session, method: setUp.method, code: code))
            var notes = Notes()
            notes.recoveryCodes = reply.recoveryCodes
            let place =
                reply.recoveryCodes == nil
                ? visit.next : LocalPath("/two-factor/recovery-codes").then(visit.next)
            return Answer.redirect(to: place).setting(.session, reply.session).leaving(notes)
                .saying("setUp", notes)
        }
    }

    /// A form that was sent twice, or from a second tab, finds its set-up done.
    private static func restartOrGoOn(_ visit: Visit) -> Answer {
        guard let gate = visit.gate, gate.state == .open, !gate.methods.isEmpty else { return restart(visit) }
        return visit.browser.notes.recoveryCodes == nil
            ? .redirect(to: visit.next)
            : .redirect(to: LocalPath("/two-factor/recovery-codes").then(visit.next))
    }

    private static func restart(_ visit: Visit) -> Answer {
        .redirect(to: LocalPath("/two-factor/set-up").then(visit.next))
    }

    // MARK: views

    private static func choiceView(_ visit: Visit) -> View {
        let gate = visit.gate
        let has = Set(gate?.methods ?? [])
        // What was chosen, else what the address asks for, else what is recommended and not there yet.
        let asked = (visit.form["method"] ?? visit.query["method"]).flatMap(FactorMethod.init(rawValue:))
        let chosen = asked ?? (has.contains(.authenticator) ? .sms : .authenticator)
        var view: View = [
            "title": visit.texts("setUp", "title"), "next": visit.next.description,
            "required": gate?.state == .setUp, "offer": gate?.offer == true,
            "phoneNumber": visit.form["phone"] ?? "",
            "hasAuthenticator": has.contains(.authenticator), "hasSMS": has.contains(.sms),
            "hasBoth": has.isSuperset(of: [.authenticator, .sms]),
            "isSMS": chosen == .sms, "isAuthenticator": chosen == .authenticator,
        ]
        if let requirer = gate?.requiredBy { view["why"] = visit.texts("setUp", "why.\(requirer.rawValue)") }
        return view
    }

    private static func confirmView(_ visit: Visit, _ setUp: Notes.SetUp) -> View {
        let texts = visit.texts
        let isSMS = setUp.method == .sms
        var view: View = [
            "title": texts("setUp", isSMS ? "titleSMS" : "titleApp"), "next": visit.next.description,
            "isSMS": isSMS,
            "codeLabel": texts("setUp", isSMS ? "codeLabelSMS" : "codeLabelApp"),
            "codeHint": texts("setUp", isSMS ? "codeHintSMS" : "codeHintApp"),
        ]
        if let uri = setUp.uri, let code = QRCode(uri) {
            view["qr"] = ["size": code.size, "path": code.path] as View
        }
        if let secret = setUp.secret { view["secret"] = groupsOfFour(secret) }
        if let uri = setUp.uri { view["uri"] = uri }
        if let phone = setUp.maskedPhone { view["sentTo"] = texts("setUp", "sentTo", ["phone": phone]) }
        if let resendAt = setUp.resendAt { view["resendIn"] = max(0, resendAt.seconds(since: .now)) }
        return view
    }

    /// A secret as people type it.
    private static func groupsOfFour(_ secret: String) -> String {
        stride(from: 0, to: secret.count, by: 4)
            .map { String(secret.dropFirst($0).prefix(4)) }.joined(separator: " ")
    }
}
