import Testing
import Wire

@testable import ClientHubWeb

/// A firm as its PROs' pages meet it: one client, one PRO beside the owner, settings and a log, behind a scripted AuthService.
@Loop final class ScriptedFirm {
    let auth: ScriptedAuth
    var client = Auth.Client.carla
    var pros: [Auth.Pro]
    var settings = Auth.Settings(
        twoFactorRequired: false, enforceFrom: nil, prosTwoFactorRequired: true, trustedDeviceDays: 30,
        idleMinutes: 15,
        version: 7)
    var counts = Auth.CountClients.Reply(clients: 64, active: 40, pending: 14, off: 10, enrolled: 45)
    var events: [Auth.Event] = []
    /// Of the list that is asked for next.
    var next: String?
    /// What the next call that changes something, or that lists, is refused for.
    var refusal: Refusal?

    /// It lives as long as the tests: a browser may ask on when a test has let go of it.
    init(_ role: Auth.Role = .pro) {
        auth = ScriptedAuth(.open([.authenticator], requiredBy: .firm), role: role)
        auth.actor.name = "Olivia"
        pros = [
            Auth.Pro(
                id: auth.actor.id, role: .owner, name: "Olivia", email: "o@demo.example", methods: [.sms],
                invited: false),
            .piet,
        ]
        read()
        change()
    }

    private func read() {
        auth.answer(Auth.CountClients.self) { [self] _ in counts }
        auth.answer(Auth.GetSettings.self) { [self] _ in settings }
        auth.answer(Auth.ListPros.self) { [self] _ in Auth.ListPros.Reply(pros: pros) }
        auth.answer(Auth.GetClient.self) { [self] call in try theClient(call.client) }
        auth.answer(Auth.ListClients.self) { [self] _ in
            try refuse()
            return Auth.ListClients.Reply(clients: [client], next: next)
        }
        auth.answer(Auth.ListActivity.self) { [self] _ in
            try refuse()
            return Auth.ListActivity.Reply(events: events, next: next)
        }
    }

    private func change() {
        auth.answer(Auth.OverrideTwoFactor.self) { [self] _ in try changedClient() }
        auth.answer(Auth.RequireTwoFactor.self) { [self] _ in try changedClient() }
        auth.answer(Auth.UnlockClient.self) { [self] _ in try changedClient() }
        auth.answer(Auth.InviteClient.self) { [self] _ in
            try refuse()
            return Auth.InviteClient.Reply(client: client.id, invitation: "to ken&", expires: .now + 86_400)
        }
        auth.answer(Auth.InvitePro.self) { [self] _ in
            try refuse()
            return Auth.InvitePro.Reply(pro: ID(now: .now), invitation: "to ken&", expires: .now + 86_400)
        }
        auth.answer(Auth.RemovePro.self) { [self] _ in
            try refuse()
            return Nothing()
        }
        auth.answer(Auth.UpdateSettings.self) { [self] call in
            try refuse()
            settings.version += 1
            return settings
        }
    }

    private func theClient(_ id: ID) throws -> Auth.Client {
        guard id == client.id else { throw Refusal(.noSuchClient) }
        return client
    }

    private func changedClient() throws -> Auth.Client {
        try refuse()
        return client
    }

    private func refuse() throws {
        guard let refusal else { return }
        self.refusal = nil
        throw refusal
    }

    func set(_ change: @Sendable @Loop (ScriptedFirm) -> Void) { change(self) }

    func browser() async throws -> TestBrowser { try await TestBrowser(auth) }

    /// A page about the client.
    func path(_ page: String = "") -> String { "/clients/\(client.id)\(page)" }
}

extension ScriptedAuth {
    /// The calls of a kind that were made, each with all that it says.
    func written<C: Call>(_ kind: C.Type) -> [String] { made(kind).map { "\($0)" } }
}

extension Auth.Client {
    /// A client whose firm requires nothing, and who has nothing.
    static let carla = Auth.Client(
        id: ID(now: .now), name: "Carla <script>alert(1)</script>", email: "carla@demo.example",
        twoFactor: Auth.TwoFactor(required: false, requiredBy: nil, state: .off, methods: []), sessions: 1)

    /// The same client with another 2FA.
    func with(_ state: Auth.Client.State, _ methods: [FactorMethod] = [], requiredBy: Auth.Requirer? = nil)
        -> Auth.Client
    {
        var client = self
        client.twoFactor = Auth.TwoFactor(
            required: requiredBy != nil, requiredBy: requiredBy, state: state, methods: methods)
        return client
    }
}

extension Auth.Pro {
    static let piet = Auth.Pro(
        id: ID(now: .now), role: .pro, name: "Piet & Co", email: "piet@demo.example",
        methods: [.authenticator],
        invited: false)
}

/// The texts of a language, as the pages have them.
func proTexts(_ language: PageLanguage) throws -> Texts {
    try #require(try Resources.shared.get().texts[language])
}
