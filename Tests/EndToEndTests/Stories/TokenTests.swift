import Testing

@testable import Wire

extension EndToEnd.Standing {
    /// At each rise of privilege the token that a thief may have seen before is worth nothing.
    @Suite("Session tokens")
    @Loop
    struct TokenTests {
        /// A client who is required to use 2FA, in a session that is open.
        private func open() async throws -> Person {
            let firm = try await Firm(on: services(), required: true)
            let ana = try await firm.client()
            try await ana.logIn()
            try await ana.setUpAuthenticator()
            return ana
        }

        private func expectDead(
            _ token: String, of person: Person, _ location: SourceLocation = #_sourceLocation
        )
            async throws
        {
            #expect(token != person.session, sourceLocation: location)
            #expect(try await person.decision("/help", by: token) == .logIn, sourceLocation: location)
            #expect(
                try await reason { try await person.call(Auth.ListSessions(session: token)) } == "NO_SESSION",
                sourceLocation: location)
            #expect(try await person.decision() == .allow, sourceLocation: location)
        }

        @Test("the token of before dies when set-up is confirmed")
        func confirm() async throws {
            let firm = try await Firm(on: services(), required: true)
            let ana = try await firm.client()
            try await ana.logIn()
            let old = ana.session
            try await ana.setUpAuthenticator()
            try await expectDead(old, of: ana)
        }

        @Test("the token of before dies when the code is verified")
        func verify() async throws {
            let ana = try await open()
            try await ana.logIn()
            let old = ana.session
            try await ana.verify(.authenticator)
            try await expectDead(old, of: ana)
        }

        @Test("the token of before dies at a step-up")
        func stepUp() async throws {
            let ana = try await open()
            let old = ana.session
            try await ana.stepUp(.authenticator)
            try await expectDead(old, of: ana)
        }

        @Test("all tokens of before die when the password is changed, and the trust in devices with them")
        func changePassword() async throws {
            let ana = try await open()
            let first = ana.session
            try await ana.logIn()
            try await ana.verify(.authenticator, trustDevice: true)
            let second = ana.session
            let (device, password) = (try #require(ana.device), ana.password)
            try await ana.changePassword(to: Firm.newPassword(ana.stack))
            try await expectDead(first, of: ana)
            try await expectDead(second, of: ana)
            #expect(
                try await reason {
                    try await ana.call(Auth.LogIn(firm: ana.firm, email: ana.email, password: password))
                } == "BAD_CREDENTIALS")
            #expect(try await ana.logIn(device: device).gate.state == .verify)
        }

        @Test("a token dies at log-out, and logging out twice is no error")
        func logOut() async throws {
            let ana = try await open()
            _ = try await ana.call(Auth.LogOut(session: ana.session))
            #expect(try await ana.decision() == .logIn)
            _ = try await ana.call(Auth.LogOut(session: ana.session))
        }

        @Test("a log-in tells nothing about whether an address exists")
        func unknownAddress() async throws {
            let ana = try await open()
            func refusal(_ email: String, _ firm: String) async throws -> Refusal? {
                do {
                    _ = try await ana.call(
                        Auth.LogIn(firm: firm, email: email, password: "wrong horse 1 battery"))
                    return nil
                } catch let refusal as Refusal {
                    return refusal
                }
            }
            let known = try await refusal(ana.email, ana.firm)
            #expect(known?.reason == "BAD_CREDENTIALS")
            #expect(try await refusal("nobody@example.com", ana.firm) == known)
            #expect(try await refusal(ana.email, "no-such-firm") == known)
        }
    }
}
