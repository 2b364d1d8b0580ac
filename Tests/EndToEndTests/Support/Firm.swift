import Testing

@testable import Wire

/// A firm of a test's own, with its owner logged in and through the second factor.
@Loop
struct Firm {
    let stack: Stack
    let slug: String
    let owner: Person

    /// A new firm; `required` is whether its global toggle is on.
    init(on stack: Stack, required: Bool = false) async throws {
        let slug = "firm-\(stack.number())"
        self.stack = stack
        self.slug = slug
        let (email, password) = ("olga@\(slug).example", Self.password(stack))
        stack.secrets.note(password)
        let made = try await stack.auth.client.call(
            Auth.CreateFirm(
                slug: slug, name: "Tax & Sons \(slug)",
                owner: Auth.Owner(name: "Olga", email: email, password: password)), within: 30_000)
        owner = Person(stack, firm: slug, id: made.owner, email: email, password: password)
        try await owner.logIn()
        try await owner.setUpAuthenticator()
        if required { try await toggle(true) }
    }

    /// Unlike any other, and made of no names.
    private static func password(_ stack: Stack) -> String { "violet kettle \(stack.number()) umbrella" }

    static func newPassword(_ stack: Stack) -> String { password(stack) }

    /// A client with a password, who has not logged in yet.
    func client(_ name: String = "Ana") async throws -> Person {
        let (email, password) = ("\(name.lowercased())-\(stack.number())@example.com", Self.password(stack))
        stack.secrets.note(password)
        let made = try await stack.auth.client.call(
            Auth.CreateClient(firm: slug, name: name, email: email, password: password), within: 30_000)
        return Person(stack, firm: slug, id: made.client, email: email, password: password)
    }

    /// A PRO who accepted the owner's invitation, logged in and through the second factor.
    func pro(_ name: String = "Piet") async throws -> Person {
        let (email, password) = (
            "\(name.lowercased())-\(stack.number())@\(slug).example", Self.password(stack)
        )
        stack.secrets.note(password)
        let invited = try await owner.call(Auth.InvitePro(session: owner.session, name: name, email: email))
        stack.secrets.note(invited.invitation)
        let pro = Person(stack, firm: slug, id: invited.pro, email: email, password: password)
        let reply = try await pro.call(
            Auth.AcceptInvitation(firm: slug, invitation: invited.invitation, password: password))
        pro.take(reply.session)
        try await pro.setUpAuthenticator()
        return pro
    }

    /// Turns the global toggle, as Settings > Client Hub Settings does.
    func toggle(_ on: Bool, by pro: Person? = nil) async throws {
        let pro = pro ?? owner
        let settings = try await self.settings()
        let changed = try await pro.call(
            Auth.UpdateSettings(session: pro.session, version: settings.version, twoFactorRequired: on))
        #expect(changed.twoFactorRequired == on)
    }

    func settings() async throws -> Auth.Settings {
        try await owner.call(Auth.GetSettings(session: owner.session))
    }

    /// What a PRO sees of a client.
    func look(at client: Person) async throws -> Auth.Client {
        try await owner.call(Auth.GetClient(session: owner.session, client: client.id))
    }

    /// The support override, as Clients Detail Page > More > Security does it.
    @discardableResult
    func override(_ client: Person) async throws -> Auth.Client {
        try await owner.call(
            Auth.OverrideTwoFactor(
                session: owner.session, client: client.id, reason: "lost the phone",
                identifiedBy: "called back"))
    }
}
