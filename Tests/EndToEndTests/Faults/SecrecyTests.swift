import Testing

@testable import Wire

extension EndToEnd {
    /// What is secret stays out of logs and databases. Each stack is searched at its end; this one is used in every way, at
    /// the most talkative level.
    @Suite("Secrecy")
    @Loop
    struct SecrecyTests {
        private static let talkative = "log: { level: 'debug' }"

        @Test(
            "no password, token, code, secret, recovery code or number shows in a log, a database or its WAL")
        func everything() async throws {
            try await Stack.run(auth: Self.talkative, otp: Self.talkative, sms: Self.talkative) { stack in
                let firm = try await Firm(on: stack, required: true)
                let ana = try await firm.client()
                try await useEverything(ana, firm)
                try await mistakes(ana, stack)
                // What is being written while it is looked for.
                stack.expectSecrecy()
                try await stack.otp.kill()
                try await stack.sms.kill()
                try await stack.auth.kill()
                stack.expectSecrecy()
                for daemon in stack.daemons { try await daemon.start() }

                // The search finds what is there, and there was much to be found.
                #expect(stack.secrets.count > 60)
                let everyone = Secrets()
                everyone.note(firm.owner.email)
                #expect(
                    everyone.shown(in: stack.scratch.read("auth.db") + stack.scratch.read("auth.db-wal"))
                        .count == 1)
                for daemon in stack.daemons { #expect(daemon.log.contains("started")) }
                let texts = try stack.texts()
                #expect(!texts.isEmpty)
                for text in texts {
                    #expect(!stack.secrets.shown(in: Array("\(text.to) \(text.text)".utf8)).isEmpty)
                }
            }
        }

        private func useEverything(_ ana: Person, _ firm: Firm) async throws {
            let secrets = ana.stack.secrets
            try await ana.logIn()
            try await ana.setUpAuthenticator()
            try await ana.setUpSMS()
            try await ana.logIn()
            try await ana.verify(.sms, trustDevice: true)
            try await ana.logIn(device: ana.device)
            try await ana.logIn()
            try await ana.verify(.recovery)
            ana.take(
                codes: try await ana.call(Auth.NewRecoveryCodes(session: ana.session)).recoveryCodes)
            try await ana.stepUp(.authenticator)
            try await ana.changePassword(to: Firm.newPassword(ana.stack))
            _ = try await ana.call(Auth.RemoveMethod(session: ana.session, method: .authenticator))

            let owner = firm.owner
            let invited = try await owner.call(
                Auth.InviteClient(session: owner.session, name: "Ben", email: "ben@example.com"))
            secrets.note(invited.invitation)
            let password = Firm.newPassword(ana.stack)
            secrets.note(password)
            let accepted = try await owner.call(
                Auth.AcceptInvitation(firm: firm.slug, invitation: invited.invitation, password: password))
            secrets.note(accepted.session)
            _ = try await firm.pro()
            try await firm.override(ana)
            try await ana.logIn()
            try await ana.setUpSMS()
        }

        /// What people and programs get wrong, with secrets in the wrong places.
        private func mistakes(_ ana: Person, _ stack: Stack) async throws {
            let (wrong, code) = ("almost the right passw0rd", "918273")
            stack.secrets.note(wrong)
            stack.secrets.note(code: code)
            #expect(
                try await reason {
                    try await ana.call(Auth.LogIn(firm: ana.firm, email: ana.email, password: wrong))
                } == "BAD_CREDENTIALS")
            #expect(
                try await reason {
                    try await ana.call(Auth.LogIn(firm: ana.firm, email: wrong, password: ana.email))
                } == "BAD_CREDENTIALS")
            try await ana.logIn()
            _ = try await reason { try await ana.verify(.sms, code) }
            _ = try await reason { try await ana.verify(.recovery, wrong) }
            let phone = stack.phone() + "9999"
            _ = try await reason {
                try await stack.otp.client.call(
                    OTP.Begin(subject: ID(), method: .sms, phone: phone, firm: ID()))
            }
            for daemon in stack.daemons {
                for message in [
                    #"{"id":1,"method":"\#(wrong)","body":{}}"#,
                    #"{"id":1,"method":"auth.LogIn","body":{"firm":1,"password":"\#(wrong)"}}"#,
                    #"{"id":1,"method":"otp.Verify","body":{"subject":"\#(phone)","code":"\#(code)"}}"#,
                    #"{"id":1,"method":"sms.Submit","body":{"to":"\#(phone)","code":\#(code)}}"#,
                    #"{"id":1,"method":"auth.LogIn","body":{"password":"\#(wrong)","#,
                    #"{"id":1,"id":1,"method":"\#(wrong)"}"#, "\(wrong) \(phone)",
                ] {
                    let peer = try RawPeer(daemon)
                    await peer.send(json: message)
                    #expect(await peer.receive() != nil, "\(daemon.name): \(message)")
                }
            }
        }

        @Test("the search for secrets finds each kind where it is")
        func search() {
            let secrets = Secrets()
            secrets.note("a password")
            secrets.note(phone: "+14155552671")
            secrets.note(code: "123456")
            secrets.note(totp: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
            secrets.note(recovery: "ABCD-EFGH-IJKL-MNOP")
            func shown(_ text: String) -> Int { secrets.shown(in: Array(text.utf8)).count }
            #expect(shown("error='a password'") == 1)
            #expect(shown("to=+14155552671") == 1)
            #expect(shown("to (415) 555-2671.") == 1)
            #expect(shown("code=123456") == 1)
            #expect(shown("name123456sms") == 1)
            #expect(shown("id=01990000-1234-7123-8123-456123456aaa") == 0)
            #expect(shown("...12345678901234567890...") == 2)
            #expect(shown("ABCDEFGHIJKLMNOP") == 1)
            #expect(shown("a passwor 12345 ABCD-EFGH to=**71") == 0)
        }
    }
}
