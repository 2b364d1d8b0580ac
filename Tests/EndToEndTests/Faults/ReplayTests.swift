import Testing

@testable import Wire

extension EndToEnd {
    /// A code works once, whatever happens to the process that took it.
    @Suite("Used codes")
    @Loop
    struct ReplayTests {
        @Test("a code used once stays used across a kill of OTPService, right after the answer")
        func kill() async throws {
            try await Stack.run { stack in
                let firm = try await Firm(on: stack, required: true)
                let (ana, ben) = (try await firm.client("Ana"), try await firm.client("Ben"))
                try await ana.logIn()
                try await ana.setUpAuthenticator()
                try await ben.logIn()
                try await ben.setUpSMS()

                for (person, method) in [
                    (ana, FactorMethod.authenticator), (ben, .sms), (ana, .recovery), (ben, .recovery),
                ] {
                    try await person.logIn()
                    let code = try await person.code(method)
                    try await person.verify(method, code)
                    try await stack.otp.kill()
                    try await stack.otp.start()

                    try await person.logIn()
                    let word = try await again(person, method, code)
                    #expect(["CODE_USED", "WRONG_CODE"].contains(word), "\(method)")
                    #expect(try await person.decision() == .verify)
                    // It is the code that is refused, and not the person.
                    #expect(try await person.verify(method).gate.state == .open, "\(method)")
                }
            }
        }

        /// What a used code is answered with, once AuthService has found the new OTPService.
        private func again(_ person: Person, _ method: FactorMethod, _ code: String) async throws -> String {
            try await eventually("OTPService to be found again") { () -> String? in
                let word = try await reason { try await person.verify(method, code) }
                return ["UNREACHABLE", "UNAVAILABLE", "DRAINING"].contains(word) ? nil : word
            }
        }

        @Test("the code that proved a set-up does not open the next log-in")
        func setUpCode() async throws {
            try await Stack.run { stack in
                let firm = try await Firm(on: stack, required: true)
                let ana = try await firm.client()
                try await ana.logIn()
                let begun = try await ana.call(Auth.BeginSetUp(session: ana.session, method: .authenticator))
                let authenticator = Authenticator(try #require(begun.secret), stack.secrets)
                let code = try await authenticator.code()
                _ = try await ana.confirm(.authenticator, code)
                try await stack.otp.kill()
                try await stack.otp.start()
                try await ana.logIn()
                #expect(["CODE_USED", "WRONG_CODE"].contains(try await again(ana, .authenticator, code)))
                #expect(try await ana.decision() == .verify)
            }
        }

        @Test(
            "of many at once with one code one is let in, also when OTPService is killed between them",
            arguments: [FactorMethod.authenticator, .sms, .recovery])
        func race(_ method: FactorMethod) async throws {
            try await Stack.run { stack in
                let firm = try await Firm(on: stack, required: true)
                let ana = try await firm.client()
                try await ana.logIn()
                if method == .sms { try await ana.setUpSMS() } else { try await ana.setUpAuthenticator() }
                try await ana.logIn()
                let code = try await ana.code(method)
                let subject = ana.id

                // Each with a connection of its own, and the kill at the first answer.
                let answers = Answers()
                let calls = Task { @Loop in
                    await atOnce(24) { _ in
                        let client = Client(path: stack.otp.socket)
                        _ = try await client.call(OTP.Verify(subject: subject, method: method, code: code))
                        answers.count += 1
                    }
                }
                try await eventually("the first to be let in") { answers.count > 0 }
                try await stack.otp.kill()
                _ = await calls.value
                try await stack.otp.start()
                for _ in 0..<3 {
                    let word = try await reason {
                        try await stack.otp.client.call(
                            OTP.Verify(subject: subject, method: method, code: code))
                    }
                    #expect(word == "CODE_USED" || word == "WRONG_CODE")
                }
                #expect(answers.count == 1)
            }
        }

        @Loop private final class Answers { var count = 0 }
    }
}
