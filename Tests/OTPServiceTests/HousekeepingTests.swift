import Testing
import Wire

@testable import OTPService

@Loop
@Suite("Housekeeping", .timeLimit(.minutes(1)))
struct HousekeepingTests {
    @Test("deletes codes and set-ups that ended a while ago, and nothing that counts")
    func clean() async throws {
        let bench = try Bench()
        let app = try await bench.setUpAuthenticator()
        try await bench.setUpPhone()
        try await bench.send()
        _ = try await bench.begin(.authenticator)
        bench.pass(300 + 3_599)
        try await bench.service.housekeeping.clean()
        #expect(try await refusal { try await bench.verify(.sms, bench.gateway.code) }.isFor(.codeExpired))
        bench.pass(2)
        try await bench.service.housekeeping.clean()
        #expect(try await refusal { try await bench.verify(.sms, bench.gateway.code) }.isFor(.notBegun))
        #expect(try await refusal { try await bench.confirm(.authenticator, "123456") }.isFor(.codeExpired))
        bench.pass(86_400)
        try await bench.service.housekeeping.clean()
        #expect(try await refusal { try await bench.confirm(.authenticator, "123456") }.isFor(.notBegun))
        #expect(try await bench.methods().methods == [.authenticator, .sms, .recovery])
        try await bench.verify(.authenticator, app.code(at: bench.now))
    }

    @Test("and the rest of the background work start and stop")
    func startAndStop() async throws {
        let bench = try Bench()
        bench.service.started()
        _ = try await bench.setUpAuthenticator()
        await bench.stop()
        #expect(try await refusal { try await bench.begin(.authenticator) }.status == .unavailable)
    }

    @Test("tells that SMSGateway is out of reach, once that was noticed")
    func health() async throws {
        let bench = try Bench(gateway: Client(path: "/nonexistent/sms.sock"))
        let check = Common.Check(name: "sms", ok: true)
        #expect(try await bench.call(Common.Health()).checks.contains(check))
        _ = try await refusal { try await bench.begin(.sms, phone: "+14155552671") }
        let health = try await bench.call(Common.Health())
        #expect(health.status == .degraded)
        #expect(
            health.checks.contains(
                Common.Check(name: "sms", ok: false, detail: "SMSGateway is out of reach.")))
    }

    @Test("shows in the metrics")
    func metrics() async throws {
        let bench = try Bench()
        let app = try await bench.setUpAuthenticator()
        bench.pass(30)
        try await bench.verify(.authenticator, app.code(at: bench.now))
        _ = try? await bench.verify(.authenticator, app.code(at: bench.now))
        let text = try await bench.call(Common.Metrics()).text
        for line in [
            #"otp_checks_total{method="authenticator",result="right"} 2"#,
            #"otp_checks_total{method="authenticator",result="refused"} 1"#,
            #"otp_checks_total{method="sms",result="right"} 0"#,
            "otp_older_keys_values 0.0", "otp_notices_dropped_total 0",
        ] { #expect(text.contains(line + "\n"), "\(line)") }
    }
}
