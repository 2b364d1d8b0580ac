import Glibc
import Testing

@testable import Wire

extension EndToEnd {
    /// How a process starts, is told of changes, and ends.
    @Suite("A process's life")
    @Loop
    struct LifeTests {
        @Test("SIGTERM answers what is in flight, says goaway, and ends with 0")
        func drain() async throws {
            try await Stack.run { stack in
                let firm = try await Firm(on: stack)
                let ana = try await firm.client()
                let peer = try RawPeer(stack.auth)
                // Passwords take the pool a while; Health, asked for after them, is answered at once: then they are in flight.
                let body = #"{"firm":"\#(ana.firm)","email":"\#(ana.email)","password":"\#(ana.password)"}"#
                let logIns = (1...8).flatMap {
                    frame(#"{"id":\#($0),"method":"auth.LogIn","timeout":30000,"body":\#(body)}"#)
                }
                await peer.send(logIns + frame(#"{"id":99,"method":"wire.Health","body":{}}"#))
                var messages: [String] = []
                while !messages.contains(where: { $0.contains(#""id":99"#) }) {
                    messages.append(try #require(await peer.receive()))
                }
                stack.auth.signal(SIGTERM)
                while let message = await peer.receive() { messages.append(message) }
                for id in 1...8 {
                    let answer = messages.first { $0.hasPrefix(#"{"id":\#(id),"#) } ?? "no answer"
                    #expect(answer.contains(#""status":0"#), "\(id): \(answer.prefix(200))")
                }
                #expect(messages.contains { $0.contains("goaway") })
                try await stack.auth.stop()

                // Each session that was answered is there in the next life.
                try await stack.auth.start()
                for message in messages.filter({ $0.contains(#""session":""#) }) {
                    let token = try #require(message.split(separator: "\"").first { $0.count == 43 })
                    #expect(try await ana.decision(by: ana.take(String(token))) == .allow)
                }
            }
        }

        @Test("with socket activation no connection is refused while a service restarts")
        func activation() async throws {
            let scratch = try Scratch()
            try Configurations(scratch: scratch).write()
            let listener = try UnixSocket.listen(at: scratch.at("sms.sock"))
            let daemon = Daemon("SMSGateway", "sms", in: scratch, listener: listener.raw)
            try await daemon.start()

            @Loop final class Tally {
                var answered = 0
                var failures: [String] = []
                var isOver = false
            }
            let tally = Tally()
            let callers = Task { @Loop in
                await atOnce(4) { _ in
                    while !tally.isOver {
                        // A new connection each time; none may be refused, and none may be left without an answer.
                        do {
                            _ = try await Client(path: daemon.socket).call(Common.Health(), within: 30_000)
                            tally.answered += 1
                        } catch {
                            tally.failures.append("\(error)")
                        }
                    }
                }
            }
            for _ in 0..<3 {
                let before = tally.answered
                try await eventually("calls to be answered") { tally.answered > before + 20 }
                try await daemon.stop()
                try await daemon.start()
            }
            tally.isOver = true
            _ = await callers.value
            #expect(tally.failures.isEmpty)
            #expect(daemon.log.contains("socket=systemd"))
            // The socket is systemd's: a service that stops leaves it where it is.
            try await daemon.stop()
            #expect(access(daemon.socket, F_OK) == 0)
        }

        @Test(
            "SIGHUP changes what is logged, without a restart; a bad configuration is said, and changes nothing"
        )
        func reload() async throws {
            try await Stack.run(
                auth: "log: { level: 'critical' }", otp: "log: { level: 'critical' }",
                sms: "log: { level: 'critical' }"
            ) { stack in
                let files = Configurations(scratch: stack.scratch)
                let client = stack.auth.client
                let since = try await client.call(Common.Health()).since
                for daemon in stack.daemons {
                    try await misbehave(daemon)
                    #expect(daemon.log.isEmpty, "\(daemon.name)")
                }

                let level = "log: { level: 'info' }"
                try stack.scratch.write("auth.json", files.auth(level))
                try stack.scratch.write("otp.json", files.otp(level))
                try stack.scratch.write("sms.json", files.sms(level))
                for daemon in stack.daemons {
                    daemon.signal(SIGHUP)
                    try await eventually("\(daemon.name) to reload") {
                        daemon.log.contains("configuration reloaded")
                    }
                    try await misbehave(daemon)
                    try await eventually("\(daemon.name) to log") { daemon.log.contains("connection closed") }

                    let name = daemon.configuration.split(separator: "/").last.map(String.init) ?? ""
                    try stack.scratch.write(name, "{ socket: 5 }")
                    daemon.signal(SIGHUP)
                    try await eventually("\(daemon.name) to complain") {
                        daemon.log.contains("configuration not reloaded")
                    }
                    #expect(daemon.log.contains("\(name): socket: "), "\(daemon.name)")
                    #expect(try await daemon.client.call(Common.Health()).status == .serving)
                }
                #expect(try await client.call(Common.Health()).since == since)
            }
        }

        private func misbehave(_ daemon: Daemon) async throws {
            let peer = try RawPeer(daemon)
            await peer.send([0, 0, 0, 0])
            #expect(await peer.isClosed())
        }

        @Test("a service starts while what it needs is down, says so, and finds it when it comes")
        func order() async throws {
            let stack = try Stack()
            try await stack.auth.start()
            let firm = try? await Firm(on: stack)
            #expect(firm == nil, "a factor was set up without OTPService")
            #expect(try await stack.auth.client.call(Common.Health()).status == .degraded)
            try await stack.sms.start()
            try await stack.otp.start()
            try await eventually("AuthService to find OTPService") {
                try await reason { _ = try await Firm(on: stack) } == "OK"
            }
            for daemon in stack.daemons { try await daemon.stop() }
            stack.expectSecrecy()
        }

        @Test("a second process at the same socket or database ends, and leaves the first alone")
        func twice() async throws {
            try await Stack.run { stack in
                for daemon in stack.daemons {
                    let outcome = try await run(
                        Daemon.executable(daemon.name), "--config", daemon.configuration)
                    #expect(outcome.end != .exit(0), "\(daemon.name)")
                    #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
                    #expect(try await daemon.client.call(Common.Health()).status == .serving)
                    #expect(try await Client(path: daemon.socket).call(Common.Health()).status == .serving)
                }
            }
        }
    }
}
