import Testing

@testable import Wire

extension EndToEnd.Standing {
    /// Locked means locked, however a path is written.
    @Suite("The lock")
    @Loop
    struct LockTests {
        /// What a locked session may open, and nothing else.
        nonisolated static let reachable = [
            "/two-factor", "/two-factor/set-up", "/help", "/help/video", "/help/why/2fa", "/log-out",
            "/log-out/now",
        ]

        /// Paths in normal form that begin like those, and are not.
        nonisolated static let others = [
            "/", "/documents", "/two-factorx", "/two-factor-x", "/two-facto", "/helpx", "/HELP",
            "/Help/video",
            "/log-outx", "/log", "/documents/help", "/documents/two-factor",
        ]

        /// Paths that two programs may read differently.
        nonisolated static let unclear = [
            "/help/../documents", "//documents", "//help", "/%2e%2e/documents", "/help%2f..%2fdocuments",
            "/help\\..", "/help\\..\\documents", "/help/..", "/help/.", "/help/./documents",
            "/help/%2e%2e/documents",
            "/help/%2E%2E/documents", "/help//documents", "/help/", "/help%2F", "/%68elp",
            "/help/%252e%252e/documents",
            "/help/..;/documents", "/help/..%5cdocuments", "/help%00", "/help\u{0}/documents", "/help/%",
            "/help/%2",
            "/help/%zz", "help", "", " /help", "/help ", "/help?next=/documents", "/help#documents",
            "/two-factor/../documents", "/two-factor%2f..%2f..%2fdocuments", "/log-out/../documents",
            "http://hub.example.com/help", "/help/\u{2025}/documents", "/help/%c0%ae%c0%ae/documents\u{7f}",
        ]

        @Test("a session that has to set up reaches set-up, help and log-out alone")
        func setUp() async throws {
            let firm = try await Firm(on: services(), required: true)
            let ana = try await firm.client()
            try await ana.logIn()
            try await check(ana, locked: .setUp)
        }

        @Test("a session that has to verify reaches verification, help and log-out alone")
        func verify() async throws {
            let firm = try await Firm(on: services(), required: true)
            let ana = try await firm.client()
            try await ana.logIn()
            try await ana.setUpAuthenticator()
            try await ana.logIn()
            try await check(ana, locked: .verify)
        }

        private func check(_ person: Person, locked: Auth.Decision) async throws {
            for path in Self.reachable { #expect(try await person.decision(path) == .allow, "\(path)") }
            for path in Self.others + Self.unclear + ["/clients", "/settings"] {
                #expect(try await person.decision(path) == locked, "\(path)")
            }
        }

        @Test("no session, an ended one or an invented one is told to log in, at every path")
        func noSession() async throws {
            let firm = try await Firm(on: services())
            let ana = try await firm.client()
            try await ana.logIn()
            let ended = ana.session
            _ = try await ana.call(Auth.LogOut(session: ended))
            let invented = String(repeating: "A", count: 43)
            for token in ["", ended, invented, String(ended.dropLast()), ended + "A", "\u{0}", "' OR 1=1 --"]
            {
                for path in Self.reachable + Self.others {
                    let reply = try await ana.authorize(path, by: token)
                    #expect(reply.decision == .logIn, "\(path)")
                    #expect(reply.actor == nil && reply.gate == nil)
                }
            }
        }

        @Test("an open client opens its pages, and no PRO's page, however that is written")
        func client() async throws {
            let firm = try await Firm(on: services())
            let ana = try await firm.client()
            try await ana.logIn()
            for path in Self.reachable + Self.others {
                #expect(try await ana.decision(path) == .allow, "\(path)")
            }
            for path in ["/clients", "/clients/1", "/settings", "/settings/client-hub"] {
                #expect(try await ana.decision(path) == .forbid, "\(path)")
                #expect(try await firm.owner.decision(path) == .allow, "\(path)")
            }
            let disguised = [
                "//clients", "/./clients", "/help/../clients", "/%63lients", "/documents/../settings",
                "/clients%2f1",
                "/Clients", "/SETTINGS/client-hub", "/settings/", "/;/settings", "\\settings", "settings",
            ]
            for path in disguised { #expect(try await ana.decision(path) != .allow, "\(path)") }
        }

        @Test("a session that has to verify can neither set up a factor of its own nor change anything")
        func callsInVerify() async throws {
            let firm = try await Firm(on: services(), required: true)
            let ana = try await firm.client()
            try await ana.logIn()
            try await ana.setUpAuthenticator()
            try await ana.logIn()
            let phone = firm.stack.phone()
            #expect(
                try await reason {
                    try await ana.call(Auth.BeginSetUp(session: ana.session, method: .sms, phone: phone))
                } == "LOCKED")
            #expect(try await reason { try await ana.confirm(.authenticator, "000000") } == "LOCKED")
            try await expectLocked(ana)
            #expect(try await ana.decision() == .verify)
        }

        @Test("a session that has to set up can change nothing else")
        func callsInSetUp() async throws {
            let firm = try await Firm(on: services(), required: true)
            let ana = try await firm.client()
            try await ana.logIn()
            try await expectLocked(ana)
            let word = try await reason { try await ana.call(Auth.DeferSetUp(session: ana.session)) }
            #expect(["LOCKED", "SETUP_REQUIRED"].contains(word))
            #expect(try await ana.decision() == .setUp)
        }

        private func expectLocked(_ person: Person) async throws {
            let token = person.session
            func word<C: Call>(_ call: C) async throws -> String {
                try await reason { try await person.call(call) }
            }
            #expect(try await word(Auth.ListSessions(session: token)) == "LOCKED")
            #expect(try await word(Auth.EndSession(session: token, id: person.id)) == "LOCKED")
            #expect(try await word(Auth.ListActivity(session: token)) == "LOCKED")
            #expect(try await word(Auth.RemoveMethod(session: token, method: .authenticator)) == "LOCKED")
            #expect(try await word(Auth.NewRecoveryCodes(session: token)) == "LOCKED")
            #expect(try await word(Auth.StepUp(session: token, password: person.password)) == "LOCKED")
            #expect(
                try await word(
                    Auth.ChangePassword(session: token, current: person.password, new: "teal lamp 99 owl"))
                    == "LOCKED")
        }

        @Test("a PRO who has not shown the second factor sees and changes nothing")
        func lockedPRO() async throws {
            let firm = try await Firm(on: services())
            let ana = try await firm.client()
            let owner = firm.owner
            try await owner.logIn()
            #expect(try await owner.decision("/clients") == .verify)
            func word<C: Call>(_ call: C) async throws -> String {
                try await reason { try await owner.call(call) }
            }
            let token = owner.session
            #expect(try await word(Auth.GetSettings(session: token)) == "LOCKED")
            #expect(
                try await word(Auth.UpdateSettings(session: token, version: 1, twoFactorRequired: true))
                    == "LOCKED")
            #expect(try await word(Auth.ListClients(session: token)) == "LOCKED")
            #expect(try await word(Auth.GetClient(session: token, client: ana.id)) == "LOCKED")
            #expect(
                try await word(Auth.OverrideTwoFactor(session: token, client: ana.id, reason: "none"))
                    == "LOCKED")
            #expect(
                try await word(Auth.RequireTwoFactor(session: token, client: ana.id, required: true))
                    == "LOCKED")
            #expect(try await owner.verify(.recovery).recoveryLeft == 9)
            #expect(try await word(Auth.GetSettings(session: owner.session)) == "OK")
            #expect(try await firm.settings().twoFactorRequired == false)
        }
    }
}
