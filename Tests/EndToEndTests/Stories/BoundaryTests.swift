import Testing

@testable import Wire

extension EndToEnd.Standing {
    /// Nobody sees or touches what is another's.
    @Suite("Boundaries")
    @Loop
    struct BoundaryTests {
        @Test("a PRO of one firm can neither see nor touch another firm's clients and PROs")
        func firms() async throws {
            let (ours, theirs) = (try await Firm(on: services()), try await Firm(on: services()))
            let pro = ours.owner
            let (ana, colleague) = (try await theirs.client(), try await theirs.pro())
            try await ana.logIn()
            let before = try await theirs.look(at: ana)
            func word<C: Call>(_ call: C) async throws -> String {
                try await reason { try await pro.call(call) }
            }

            let token = pro.session
            #expect(try await word(Auth.GetClient(session: token, client: ana.id)) == "NO_SUCH_CLIENT")
            #expect(
                try await word(Auth.OverrideTwoFactor(session: token, client: ana.id, reason: "curious"))
                    == "NO_SUCH_CLIENT")
            #expect(
                try await word(Auth.RequireTwoFactor(session: token, client: ana.id, required: true))
                    == "NO_SUCH_CLIENT")
            #expect(try await word(Auth.UnlockClient(session: token, client: ana.id)) == "NO_SUCH_CLIENT")
            #expect(try await word(Auth.ListActivity(session: token, client: ana.id)) == "NO_SUCH_CLIENT")
            #expect(try await word(Auth.RemovePro(session: token, pro: colleague.id)) == "NO_SUCH_PRO")
            let reset = try await word(
                Auth.InviteClient(session: token, name: "Ana", email: ana.email, reset: true))
            #expect(reset == "NO_SUCH_CLIENT")

            let clients = try await pro.call(Auth.ListClients(session: token, search: "a", limit: 200))
                .clients
            #expect(!clients.contains { $0.id == ana.id })
            let pros = try await pro.call(Auth.ListPros(session: token)).pros
            #expect(pros.map(\.id) == [pro.id])
            let events = try await pro.call(Auth.ListActivity(session: token, limit: 200)).events
            #expect(!events.isEmpty)
            #expect(!events.contains { $0.client == ana.id || $0.actor.id == ana.id })

            #expect(try await theirs.look(at: ana) == before)
            #expect(try await ana.decision() == .allow)
            #expect(try await colleague.decision("/clients") == .allow)
        }

        @Test("an address and a password are good in their own firm alone, and so is an invitation")
        func logIn() async throws {
            let (ours, theirs) = (try await Firm(on: services()), try await Firm(on: services()))
            let ana = try await theirs.client()
            #expect(
                try await reason {
                    try await ana.call(Auth.LogIn(firm: ours.slug, email: ana.email, password: ana.password))
                } == "BAD_CREDENTIALS")
            let owner = theirs.owner
            let invited = try await owner.call(
                Auth.InviteClient(session: owner.session, name: "Ben", email: "ben@example.com"))
            let password = Firm.newPassword(ours.stack)
            func accept(_ slug: String) async throws -> String {
                try await reason {
                    try await owner.call(
                        Auth.AcceptInvitation(firm: slug, invitation: invited.invitation, password: password))
                }
            }
            #expect(try await accept(ours.slug) == "NO_SUCH_INVITATION")
            #expect(try await accept(theirs.slug) == "OK")
            #expect(try await accept(theirs.slug) == "NO_SUCH_INVITATION")
        }

        @Test("a client can neither see nor touch another client, nor do what is a PRO's")
        func clients() async throws {
            let firm = try await Firm(on: services())
            let (ana, eve) = (try await firm.client("Ana"), try await firm.client("Eve"))
            try await ana.logIn()
            try await eve.logIn()
            func word<C: Call>(_ call: C) async throws -> String {
                try await reason { try await eve.call(call) }
            }

            let token = eve.session
            let mine = try await ana.call(Auth.ListSessions(session: ana.session)).sessions
            #expect(
                try await word(Auth.EndSession(session: token, id: #require(mine.first).id))
                    == "NO_SUCH_SESSION")
            let events = try await eve.call(Auth.ListActivity(session: token, limit: 200)).events
            #expect(!events.isEmpty)
            #expect(events.allSatisfy { $0.client == eve.id })
            #expect(try await word(Auth.ListActivity(session: token, client: ana.id)) == "NO_SUCH_CLIENT")

            #expect(try await word(Auth.GetSettings(session: token)) == "NOT_A_PRO")
            #expect(
                try await word(Auth.UpdateSettings(session: token, version: 1, twoFactorRequired: false))
                    == "NOT_A_PRO")
            #expect(try await word(Auth.ListClients(session: token)) == "NOT_A_PRO")
            #expect(try await word(Auth.GetClient(session: token, client: eve.id)) == "NOT_A_PRO")
            #expect(
                try await word(Auth.OverrideTwoFactor(session: token, client: eve.id, reason: "me"))
                    == "NOT_A_PRO")
            #expect(
                try await word(Auth.RequireTwoFactor(session: token, client: eve.id, required: false))
                    == "NOT_A_PRO")
            #expect(try await word(Auth.UnlockClient(session: token, client: eve.id)) == "NOT_A_PRO")
            #expect(
                try await word(Auth.InviteClient(session: token, name: "X", email: "x@example.com"))
                    == "NOT_A_PRO")
            #expect(
                try await word(Auth.InvitePro(session: token, name: "X", email: "x@example.com"))
                    == "NOT_THE_OWNER")
            #expect(try await word(Auth.ListPros(session: token)) == "NOT_A_PRO")
            #expect(try await word(Auth.RemovePro(session: token, pro: firm.owner.id)) == "NOT_THE_OWNER")
            #expect(try await ana.decision() == .allow)
        }

        @Test("a PRO does nothing that is the owner's")
        func pros() async throws {
            let firm = try await Firm(on: services())
            let pro = try await firm.pro()
            func word<C: Call>(_ call: C) async throws -> String {
                try await reason { try await pro.call(call) }
            }
            let token = pro.session
            #expect(
                try await word(Auth.InvitePro(session: token, name: "X", email: "x@example.com"))
                    == "NOT_THE_OWNER")
            #expect(try await word(Auth.RemovePro(session: token, pro: pro.id)) == "NOT_THE_OWNER")
            let other = try await firm.pro("Paul")
            #expect(
                try await word(Auth.OverrideTwoFactor(session: token, client: other.id, reason: "curious"))
                    != "OK")
            #expect(try await other.decision("/clients") == .allow)
        }
    }
}
