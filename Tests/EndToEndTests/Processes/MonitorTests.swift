import Glibc
import Testing

@testable import Wire

extension EndToEnd {
    /// The front end's user asks all three services how they are, and may do no more than that where it is no caller.
    @Suite("Monitors")
    @Loop
    struct MonitorTests {
        @Test(
            "a monitor gets health, metrics and the interface of each service, and can make no other call there",
            .enabled(if: geteuid() == 0, "only root can be another user"))
        func monitor() async throws {
            let settings = "monitors: [65533]"
            try await Stack.run(auth: settings, otp: settings, sms: settings) { stack in
                let monitor = OtherUser(number: 65533)
                let own = ["wire.Health", "wire.Describe", "wire.Metrics"]
                for daemon in stack.daemons {
                    for (call, answer) in zip(own, try await monitor.ask(daemon, own)) {
                        #expect(answer.contains(#""status":0"#), "\(daemon.name) \(call): \(answer)")
                    }
                    let others = try await daemon.client.call(Common.Describe()).methods.map(\.name)
                        .filter { !own.contains($0) }
                    let answers = try await monitor.ask(daemon, others)
                    #expect(answers.count == others.count && others.contains("wire.Backup"))
                    for (call, answer) in zip(others, answers) {
                        #expect(answer.contains(#""reason":"NOT_A_CALLER""#), "\(call): \(answer)")
                    }
                    #expect(!daemon.log.contains("connection refused"))
                }
                #expect(stack.scratch.names(in: "backups").isEmpty)
            }
        }

        @Test(
            "whoever may pass on receipts may ask SMSGateway how it is, and makes none of its other calls",
            .enabled(if: geteuid() == 0, "only root can be another user"))
        func receipts() async throws {
            try await Stack.run(sms: "receipts: [65533]") { stack in
                let frontEnd = OtherUser(number: 65533)
                let own = ["wire.Health", "wire.Describe", "wire.Metrics"]
                for (call, answer) in zip(own, try await frontEnd.ask(stack.sms, own)) {
                    #expect(answer.contains(#""status":0"#), "\(call): \(answer)")
                }
                let receipt = #"sms.Receipt {"provider": "paper", "headers": {}, "body": "", "url": ""}"#
                let refused = try await frontEnd.ask(stack.sms, receipt)
                #expect(refused.contains(#""reason":"BAD_SIGNATURE""#), "\(refused)")
                let others = try await stack.sms.client.call(Common.Describe()).methods.map(\.name)
                    .filter { !own.contains($0) && $0 != "sms.Receipt" }
                let answers = try await frontEnd.ask(stack.sms, others)
                #expect(answers.count == others.count && others.contains("sms.Submit"))
                for (call, answer) in zip(others, answers) {
                    let reasons = [#""reason":"NOT_A_CALLER""#, #""reason":"NOT_AN_ADMIN""#]
                    #expect(reasons.contains { answer.contains($0) }, "\(call): \(answer)")
                }
                // In the other services it is nobody.
                let stranger = try await frontEnd.ask(stack.otp, "wire.Health")
                #expect(stranger == "closed" || stranger.contains("NOT_A_CALLER"), "\(stranger)")
            }
        }

        @Test("a monitor that there is no user for ends with 78, and is named")
        func unknown() async throws {
            let scratch = try Scratch()
            try Configurations(scratch: scratch).write(otp: "monitors: ['no-such-user']")
            let outcome = try await run(
                Daemon.executable("OTPService"), "--config", scratch.at("otp.json"), "--check")
            #expect(outcome.end == .exit(78))
            #expect(outcome.errors.contains(#"monitors[0]: there is no user "no-such-user" on this host"#))
        }
    }
}
