import Glibc
import Pages
import ServiceKit
import Testing
import Wire

@testable import SMSGateway

@Suite("SMPP over TLS", .timeLimit(.minutes(5))) struct SMPPOverTLSTests {
    /// A door to an SMSC, with its port.
    @Loop struct Door {
        let child: Child
        let port: Int
        let authority: String

        init(to smsc: SMSC, for name: String = "IP:127.0.0.1") async throws {
            let scratch = smsc.scratch
            child = try Child(
                [
                    "python3", "\(Repository.root)/Tests/SMPPServers/tls-door", scratch.path, "\(smsc.port)",
                    name,
                ],
                output: scratch.file("door"))
            let child = child
            port = try await eventually("the door to open") {
                let output = String(decoding: scratch.read("door"), as: UTF8.self)
                try #require(child.poll() == nil, "the door does not open: \(output)")
                let text = String(decoding: scratch.read("tls-port"), as: UTF8.self)
                return text.hasSuffix("\n") ? Int(text.dropLast()) : nil
            }
            authority = scratch.file("ca.pem")
        }
    }

    /// What every process of ours does at its start.
    init() { signal(SIGPIPE, SIG_IGN) }

    @Test("sends, hears, and comes back after a break", arguments: SMSC.Kind.allCases)
    @Loop func works(kind: SMSC.Kind) async throws {
        let smsc = try await SMSC(kind)
        let door = try await Door(to: smsc)
        let carrier = try Carrier(port: door.port, settings: #""tls": true, "caFile": "\#(door.authority)""#)
        #expect(await carrier.send("1000").providerID != nil)
        try await carrier.until { carrier.news.receipts.map(\.event) == [.receiptDelivered] }
        // More than one record, and more than the socket takes at once.
        let sends = (0..<200).map { _ in carrier.begin("1006") }
        for send in sends { #expect(await send.value.providerID != nil) }
        #expect(await carrier.send("1012").isUncertain)
        try await carrier.until { carrier.provider.counts.sessions == 2 && carrier.provider.isBound }
        #expect(await carrier.send("1006").providerID != nil)
        await carrier.provider.stop()
        try await carrier.until { try !smsc.events("unbind").isEmpty }
    }

    @Test(
        "is an error that says so where the certificate does not verify, and nothing is sent",
        arguments: [
            ("IP:127.0.0.1", false, "unable to get local issuer certificate"),
            ("IP:127.0.0.2", true, "IP address mismatch"), ("DNS:localhost", true, "IP address mismatch"),
        ])
    @Loop func untrusted(name: String, hasAuthority: Bool, problem: String) async throws {
        let smsc = try await SMSC(.perl)
        let door = try await Door(to: smsc, for: name)
        let file = hasAuthority ? #", "caFile": "\#(door.authority)""# : ""
        let carrier = try Carrier(port: door.port, settings: #""tls": true\#(file)"#)
        let reason = "The carrier's certificate does not verify: \(problem)."
        #expect(await carrier.send("1006") == .configuration(reason: reason))
        #expect(carrier.provider.trouble == reason)
        #expect(try smsc.events("bind").isEmpty)
    }

    @Test("is for the name that the settings give", arguments: [("localhost", true), ("127.0.0.1", false)])
    @Loop func name(host: String, isRight: Bool) async throws {
        let smsc = try await SMSC(.perl)
        let door = try await Door(to: smsc, for: "DNS:localhost")
        let carrier = try Carrier(
            port: door.port, settings: #""host": "\#(host)", "tls": true, "caFile": "\#(door.authority)""#)
        #expect((await carrier.send("1006").providerID != nil) == isRight)
    }

    @Test("is not begun with a peer that does not speak it", arguments: ["SMSC", "silence", "HTTP"])
    @Loop func plain(kind: String) async throws {
        let raw = try RawSMSC()
        let smsc = kind == "SMSC" ? try await SMSC(.perl) : nil
        if kind == "HTTP" {
            raw.greeting = Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
        }
        let carrier = try Carrier(port: smsc?.port ?? raw.port, settings: #""tls": true"#) { $0.bind = 1_000 }
        guard case .retry(after: nil, _) = await carrier.send("1006") else {
            Issue.record("it is not known to be unsent")
            return
        }
    }

    @Test("refuses a file of certificates that has none, or is not there")
    @Loop func noAuthority() async throws {
        let scratch = try Scratch()
        _ = try scratch.write("secret", to: "password")
        let empty = try scratch.write("nothing", to: "ca.pem")
        let carrier = try Carrier(port: 1, settings: #""tls": true, "caFile": "\#(empty)""#)
        guard case .configuration(let reason) = await carrier.send("1006") else {
            Issue.record("it was used")
            return
        }
        #expect(reason.contains(empty))
        for more in [#""tls": true, "caFile": "/none.pem""#, #""caFile": "\#(empty)""#] {
            let error = #expect(throws: SettingError.self) {
                try SMPPSettings.read(scratch.file("password"), more)
            }
            #expect(error?.key == "caFile")
        }
    }
}
