import Storage
import Testing
import Wire

@testable import AuthService

// What the tests of the administration share.

/// A second firm, with an owner, a PRO and a client of its own.
@Loop struct OtherFirm {
    let id: ID
    let client: ID
    let pro: ID
    /// Sessions of its owner and its PRO, open and with a fresh proof.
    let owner: String
    let proSession: String
    nonisolated static let password = "seven yellow bicycles"
}

extension World {
    /// A session of somebody of Acme with a fresh proof, open where the firm does not require 2FA of PROs.
    func enter(_ person: Person) async throws -> String { try await logIn(person).session }

    /// A session of somebody of Acme who sets 2FA up where it is required.
    func enterSettingUp(_ person: Person) async throws -> String { try await setUp(try await enter(person)) }

    func makeOtherFirm() async throws -> OtherFirm {
        let made = try await call(
            Auth.CreateFirm(
                slug: "other", name: "Other Tax",
                owner: Auth.Owner(name: "Otto", email: "otto@other.example", password: OtherFirm.password)))
        let client = try await call(
            Auth.CreateClient(
                firm: "other", name: "Carl", email: "carl@example.com", password: OtherFirm.password)
        ).client
        let owner = try await setUp(try await enterOther("otto@other.example"))
        let invited = try await call(
            Auth.InvitePro(session: owner, name: "Pia", email: "pia@other.example"))
        let accepted = try await call(
            Auth.AcceptInvitation(
                firm: "other", invitation: invited.invitation, password: OtherFirm.password))
        return OtherFirm(
            id: made.firm, client: client, pro: invited.pro, owner: owner,
            proSession: try await setUp(accepted.session))
    }

    func enterOther(_ email: String) async throws -> String {
        try await call(
            Auth.LogIn(firm: "other", email: email, password: OtherFirm.password, address: World.address)
        ).session
    }

    /// Adds clients to Acme who have no password, and whom `change` makes what the test needs.
    @discardableResult
    func add(
        clients names: [String], _ change: @escaping @Sendable (Int, inout Person) -> Void = { _, _ in }
    ) async throws -> [Person] {
        let (firm, now) = (firm.id, clock.now)
        return try await service.store.write { database in
            try names.enumerated().map { index, name in
                let person = Person(
                    id: ID(now: now), firm: firm, role: .client, name: name,
                    email: "\(name.lowercased().filter(\.isLetter))\(index)@example.com", created: now)
                try database.insert(person, password: nil)
                return try database.change(person.id) { change(index, &$0) }
            }
        }
    }

    func settings() throws -> Auth.Settings {
        try #require(try service.store.read { try $0.firm(firm.id) }).settings
    }

    /// The last event of Acme's log.
    func lastEvent() throws -> Auth.Event {
        try #require(
            try service.store.read { try $0.events(of: firm.id, about: nil, before: nil, limit: 1) }.first
        ).event
    }
}

/// Whether a call was refused for `reason`, naming `field`.
func expect(
    _ refusal: Refusal?, _ reason: Reason, field: String? = nil, _ location: SourceLocation = #_sourceLocation
) {
    #expect(
        refusal?.isFor(reason) == true && (field == nil || refusal?.field == field),
        "\(refusal.map { "\($0)" } ?? "no refusal") instead of \(reason.name) \(field ?? "")",
        sourceLocation: location)
}
