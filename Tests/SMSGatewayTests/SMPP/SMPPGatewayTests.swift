import Cryptography
import ServiceKit
import Testing
import Wire

@testable import SMSGateway

@Suite("A gateway with a carrier by SMPP", .timeLimit(.minutes(5))) struct SMPPGatewayTests {
    @Test(
        "binds at its start, sends a code through it, and unbinds at its end", arguments: SMSC.Kind.allCases)
    @Loop func wholeWay(kind: SMSC.Kind) async throws {
        let smsc = try await SMSC(kind)
        let scratch = try Scratch()
        _ = try scratch.write(SealingKeys.generate().file, to: "key")
        _ = try scratch.write("secret\n", to: "password")
        let text = """
            {
                socket: "/s", database: "\(scratch.file("db"))", key: "\(scratch.file("key"))",
                providers: [{
                    name: "carrier", kind: "smpp", host: "127.0.0.1", port: \(smsc.port), systemID: "clienthub",
                    password: "\(scratch.file("password"))", source: "ClientHub",
                }],
            }
            """
        let configuration = try Settings.read(text: text) { settings throws(SettingError) in
            try SMSConfiguration(settings)
        }
        let clock = Clock()
        let gateway = try Gateway(configuration, log: log(to: scratch.file("log")), clock: clock)
        let metrics = Metrics()
        gateway.measure(metrics)
        gateway.started()
        try await eventually("the bind") { try smsc.events("bind").first }
        #expect(try smsc.submitted.isEmpty)

        let request = SMS.Submit(
            key: "k", to: "+14155551006", code: "123456", expires: clock.wall() + 300, firm: Bench.firm,
            purpose: .verify, brand: nil, domain: "app.example")
        let id = try await gateway.submit(request).message
        try await eventually("the code to be sent") {
            try gateway.status(SMS.Status(message: id)).state == .sent ? () : nil
        }
        let submit = try #require(try smsc.submitted.first)
        #expect((submit.source_addr, submit.source_addr_ton, submit.source_addr_npi) == ("ClientHub", 5, 0))
        // The last line, with the @ as the GSM alphabet has it.
        #expect(submit.short_message.hasSuffix("0a0a006170702e6578616d706c652023313233343536"))
        #expect(metrics.render().contains(#"sms_smpp_bound{provider="carrier"} 1"#))
        #expect(metrics.render().contains(#"sms_smpp_sessions_total{provider="carrier"} 1"#))
        await gateway.stop()
        try await eventually("the unbind") { try smsc.events("unbind").first }
        #expect(!found("123456", in: scratch.read("log")) && !found("4155551006", in: scratch.read("log")))
    }
}
