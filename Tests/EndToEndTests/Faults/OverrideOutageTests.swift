import Testing

@testable import Wire

extension EndToEnd {
    /// A client who is stuck is helped whatever else is broken.
    @Suite("The override in an outage")
    @Loop
    struct OverrideOutageTests {
        @Test(
            "while OTPService is down it works at once, and is finished when that comes back, across kills of both"
        )
        func otpDown() async throws {
            try await Stack.run { stack in
                let firm = try await Firm(on: stack, required: true)
                let (ana, ben) = (try await firm.client("Ana"), try await firm.client("Ben"))
                for client in [ana, ben] {
                    try await client.logIn()
                    try await client.setUpAuthenticator()
                }
                #expect(try await methods(of: ana).contains(.authenticator))

                try await stack.otp.kill()
                let began = Timestamp.now
                let seen = try await firm.override(ana)
                #expect(seen.twoFactor.methods.isEmpty)
                #expect(Timestamp.now < began + 5, "the override waited for OTPService")
                #expect(try await ana.authorize().gate?.deferred == true)

                // Nor is it forgotten with the memory of AuthService, once that has tried in vain.
                try await eventually("AuthService to find nobody to tell") {
                    stack.auth.log.contains("could not be told")
                }
                try await stack.auth.kill()
                try await stack.auth.start()
                #expect(try await ana.decision() == .allow)
                #expect(try await ana.logIn().gate.state == .setUp)
                #expect(try await ben.decision() == .allow)

                try await stack.otp.start()
                try await eventually("OTPService to be told") { try await methods(of: ana).isEmpty }
                #expect(try await methods(of: ben).contains(.authenticator))
                #expect(
                    try await reason {
                        try await stack.otp.client.call(
                            OTP.Verify(
                                subject: ana.id, method: .authenticator,
                                code: #require(ana.authenticator).code()))
                    } == "NOT_SET_UP")

                // The end of the story: set up anew, and kept across one more kill of both.
                try await ana.setUpAuthenticator()
                try await stack.otp.kill()
                try await stack.auth.kill()
                try await stack.otp.start()
                try await stack.auth.start()
                try await ana.logIn()
                #expect(try await ana.verify(.recovery).gate.state == .open)
                #expect(try await methods(of: ana).contains(.authenticator))
                let audit = try await stack.auth.client.call(Auth.VerifyAudit(firm: firm.slug))
                #expect(audit.intact, "\(audit.problem ?? "")")
            }
        }

        @Test(
            "while SMSGateway is down it works at once, and who set up by SMS can take an authenticator instead"
        )
        func smsDown() async throws {
            try await Stack.run { stack in
                let firm = try await Firm(on: stack, required: true)
                let ana = try await firm.client()
                try await ana.logIn()
                try await ana.setUpSMS()
                try await stack.sms.kill()

                try await ana.logIn()
                let word = try await reason { try await ana.call(Auth.SendCode(session: ana.session)) }
                #expect(["UNREACHABLE", "UNAVAILABLE"].contains(word))
                #expect(try await ana.decision() == .verify)
                try await firm.override(ana)
                #expect(try await ana.logIn().gate.state == .setUp)
                try await eventually("OTPService to be told") { try await methods(of: ana).isEmpty }
                #expect(try await ana.setUpAuthenticator().gate.state == .open)
                try await stack.sms.start()
            }
        }

        @Test("pages stay open and locked as they were while OTPService and SMSGateway are down")
        func gateAlone() async throws {
            try await Stack.run { stack in
                let firm = try await Firm(on: stack, required: true)
                let (open, locked) = (try await firm.client("Ana"), try await firm.client("Ben"))
                for client in [open, locked] {
                    try await client.logIn()
                    try await client.setUpAuthenticator()
                }
                try await stack.otp.kill()
                try await stack.sms.kill()
                #expect(try await locked.logIn().gate.state == .verify)
                let code = try await locked.code(.authenticator)
                let word = try await reason { try await locked.verify(.authenticator, code) }
                #expect(["UNREACHABLE", "UNAVAILABLE"].contains(word))
                #expect(try await locked.decision() == .verify)
                #expect(try await open.decision() == .allow)
                #expect(try await stack.auth.client.call(Common.Health()).status == .degraded)

                try await stack.sms.start()
                try await stack.otp.start()
                try await eventually("AuthService to find OTPService again") {
                    try await reason { try await locked.verify(.authenticator, code) } == "OK"
                }
                #expect(try await locked.decision() == .allow)
            }
        }

        /// What OTPService knows of a person.
        private func methods(of person: Person) async throws -> [FactorMethod] {
            try await person.stack.otp.client.call(OTP.Methods(subject: person.id)).methods
        }
    }
}
