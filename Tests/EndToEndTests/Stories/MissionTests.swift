import Testing

@testable import Wire

extension EndToEnd.Standing {
    /// One test for each sentence of what the project is for.
    @Suite("The mission")
    @Loop
    struct MissionTests {
        @Test(
            """
            Settings > Client Hub Settings: one global toggle; a PRO turns 2FA on or off for all clients of the firm
            """)
        func toggle() async throws {
            let firm = try await Firm(on: services())
            let pro = try await firm.pro()
            let (ana, ben) = (try await firm.client("Ana"), try await firm.client("Ben"))
            #expect(try await ana.logIn().gate.state == .open)
            #expect(try await ben.logIn().gate.state == .open)
            #expect(try await ana.decision() == .allow)

            // It bites on the very next request, of sessions that are open already too.
            try await firm.toggle(true, by: pro)
            #expect(try await ana.decision() == .setUp)
            #expect(try await ben.decision() == .setUp)
            #expect(try await ana.authorize().gate?.requiredBy == .firm)

            try await firm.toggle(false, by: pro)
            #expect(try await ana.decision() == .allow)
            #expect(try await ben.decision() == .allow)
        }

        @Test("Only the firm's own clients are concerned, and the PROs' own 2FA is a setting apart")
        func toggleOfOneFirm() async throws {
            let (firm, other) = (
                try await Firm(on: services(), required: true), try await Firm(on: services())
            )
            let client = try await other.client()
            #expect(try await client.logIn().gate.required == false)
            #expect(try await firm.settings().prosTwoFactorRequired)
            #expect(try await other.owner.authorize("/settings").gate?.requiredBy == .firm)
        }

        @Test(
            "When it is on, a client who logs in is prompted to set up 2FA, and every page stays locked until that works",
            arguments: [FactorMethod.authenticator, .sms])
        func prompted(_ method: FactorMethod) async throws {
            let firm = try await Firm(on: services(), required: true)
            let ana = try await firm.client()
            let gate = try await ana.logIn().gate
            #expect(gate.state == .setUp)
            #expect(gate.required)
            #expect(gate.methods.isEmpty)
            #expect(try await ana.decision("/") == .setUp)
            #expect(try await ana.decision("/documents") == .setUp)
            #expect(try await ana.decision("/two-factor") == .allow)
            #expect(try await firm.look(at: ana).twoFactor.state == .pending)

            // A half-done set-up counts for nothing, and is no obstacle to another.
            let other: FactorMethod = method == .sms ? .authenticator : .sms
            let phone = firm.stack.phone()
            let begun = try await ana.call(
                Auth.BeginSetUp(session: ana.session, method: other, phone: other == .sms ? phone : nil))
            #expect(begun.method == other)
            if let secret = begun.secret { firm.stack.secrets.note(totp: secret) }
            #expect(try await reason { try await ana.confirm(other, "00000") } == "WRONG_CODE")
            #expect(try await reason { try await ana.confirm(method, "000000") } == "NOT_BEGUN")
            #expect(try await ana.logIn().gate.state == .setUp)
            #expect(try await ana.decision() == .setUp)

            let done = method == .sms ? try await ana.setUpSMS() : try await ana.setUpAuthenticator()
            #expect(done.gate.state == .open)
            #expect(done.gate.methods.contains(method))
            #expect(done.recoveryCodes?.count == 10)
            #expect(try await ana.decision("/documents") == .allow)
            #expect(try await firm.look(at: ana).twoFactor.state == .active)
        }

        @Test(
            "From then on each log-in asks for the code, and every page stays locked until it is right",
            arguments: [FactorMethod.authenticator, .sms, .recovery])
        func asked(_ method: FactorMethod) async throws {
            let firm = try await Firm(on: services(), required: true)
            let ana = try await firm.client()
            try await ana.logIn()
            if method == .sms { try await ana.setUpSMS() } else { try await ana.setUpAuthenticator() }

            #expect(try await ana.logIn().gate.state == .verify)
            #expect(try await ana.decision() == .verify)
            let code = try await ana.code(method)
            #expect(try await reason { try await ana.verify(method, "00000") } == "WRONG_CODE")
            #expect(try await ana.decision() == .verify)
            #expect(try await ana.verify(method, code).gate.state == .open)
            #expect(try await ana.decision() == .allow)
        }

        @Test("A trusted device is not asked for the code, until its trust is ended")
        func trusted() async throws {
            let firm = try await Firm(on: services(), required: true)
            let ana = try await firm.client()
            try await ana.logIn()
            try await ana.setUpAuthenticator()
            try await ana.logIn()
            try await ana.verify(.authenticator, trustDevice: true)
            let device = try #require(ana.device)
            #expect(try await ana.logIn(device: device).gate.state == .open)
            #expect(try await ana.logIn().gate.state == .verify)

            try await ana.logIn(device: device)
            let listed = try await ana.call(Auth.ListSessions(session: ana.session)).devices
            _ = try await ana.call(Auth.EndSession(session: ana.session, id: #require(listed.first).id))
            #expect(try await ana.logIn(device: device).gate.state == .verify)
        }

        @Test(
            """
            Clients Detail Page > More > Security: a PRO disables 2FA for one client who is stuck, the global setting \
            untouched; that client is prompted to set up 2FA again at the next login
            """)
        func supportOverride() async throws {
            let firm = try await Firm(on: services(), required: true)
            let (ana, ben) = (try await firm.client("Ana"), try await firm.client("Ben"))
            for client in [ana, ben] {
                try await client.logIn()
                try await client.setUpAuthenticator()
            }
            let before = try await firm.settings()

            // Ana lost her phone: at the log-in she cannot get on, while a session of hers elsewhere is open.
            let elsewhere = ana.session
            try await ana.logIn()
            let stuck = ana.session
            #expect(try await ana.decision() == .verify)
            let lost = try #require(ana.authenticator)

            let seen = try await firm.override(ana)
            #expect(seen.twoFactor.methods.isEmpty)
            #expect(seen.twoFactor.overriddenBy == "Olga")
            #expect(seen.twoFactor.required)
            #expect(try await firm.settings() == before)

            // Who showed only the password is out; who was through goes on, with set-up put off.
            #expect(try await ana.decision(by: stuck) == .logIn)
            let open = try await ana.authorize(by: elsewhere)
            #expect(open.decision == .allow)
            #expect(open.gate?.deferred == true)
            #expect(try await ben.decision() == .allow)
            #expect(try await firm.look(at: ben).twoFactor.methods.contains(.authenticator))

            // At the next login, the prompt; the lost phone is of no use any more.
            #expect(try await ana.logIn().gate.state == .setUp)
            #expect(try await ana.decision() == .setUp)
            let code = try await lost.code()
            #expect(try await reason { try await ana.verify(.authenticator, code) } == "NOT_SET_UP")
            try await ana.setUpSMS()
            #expect(try await ana.decision() == .allow)

            let events = try await firm.owner.call(
                Auth.ListActivity(session: firm.owner.session, client: ana.id)
            ).events
            let event = try #require(events.first { $0.detail["reason"] == "lost the phone" })
            #expect(event.actor.name == "Olga")
            #expect(event.client == ana.id)
        }

        @Test(
            "Clients Activity Page > More > Security: where the global toggle is off, a PRO enables 2FA for one client"
        )
        func requirement() async throws {
            let firm = try await Firm(on: services())
            let pro = try await firm.pro()
            let (ana, ben) = (try await firm.client("Ana"), try await firm.client("Ben"))
            try await ana.logIn()
            try await ben.logIn()
            let seen = try await pro.call(
                Auth.RequireTwoFactor(session: pro.session, client: ana.id, required: true))
            #expect(seen.twoFactor.requiredBy == .pro)
            #expect(try await firm.settings().twoFactorRequired == false)
            #expect(try await ana.decision() == .setUp)
            #expect(try await ben.decision() == .allow)
            try await ana.setUpAuthenticator()
            #expect(try await ana.decision() == .allow)
            #expect(try await ana.logIn().gate.state == .verify)

            _ = try await pro.call(
                Auth.RequireTwoFactor(session: pro.session, client: ana.id, required: false))
            #expect(try await ana.decision() == .allow)
        }

        @Test("A help page says why, how and whom to ask: it is within reach while everything else is locked")
        func help() async throws {
            let firm = try await Firm(on: services(), required: true)
            let ana = try await firm.client()
            try await ana.logIn()
            for path in ["/help", "/help/video", "/log-out"] {
                #expect(try await ana.decision(path) == .allow, "\(path)")
            }
            try await ana.setUpAuthenticator()
            try await ana.logIn()
            #expect(try await ana.authorize("/help").gate?.state == .verify)
            for path in ["/help", "/help/video", "/log-out"] {
                #expect(try await ana.decision(path) == .allow, "\(path)")
            }
        }

        @Test("Turning the toggle off and on again asks for the code, not for a new set-up")
        func dormant() async throws {
            let firm = try await Firm(on: services(), required: true)
            let ana = try await firm.client()
            try await ana.logIn()
            try await ana.setUpAuthenticator()
            try await firm.toggle(false)
            #expect(try await ana.logIn().gate.state == .open)
            try await firm.toggle(true)
            #expect(try await ana.decision() == .verify)
            #expect(try await ana.verify(.authenticator).gate.state == .open)
        }

        @Test("A date to announce until locks nobody before it comes, and from then on everybody")
        func announced() async throws {
            let firm = try await Firm(on: services())
            let ana = try await firm.client()
            try await ana.logIn()
            let date = Timestamp.now + 2
            let owner = firm.owner
            let version = try await firm.settings().version
            _ = try await owner.call(
                Auth.UpdateSettings(
                    session: owner.session, version: version, twoFactorRequired: true,
                    enforceFrom: .some(date)))
            let decision = try await ana.decision()
            #expect(decision == .allow || Timestamp.now >= date)
            try await eventually("the date to lock") { try await ana.decision() == .setUp }
            #expect(Timestamp.now >= date)
        }
    }
}
