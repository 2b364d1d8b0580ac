import Glibc
import Testing

@testable import Wire

/// Bytes that are no message, and the reason that they are refused for.
struct Hostile: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    var reason = "MALFORMED"

    static let all = [
        Hostile(testDescription: "a length of 0", bytes: [0, 0, 0, 0]),
        Hostile(testDescription: "a length of 4 GiB", bytes: [255, 255, 255, 255], reason: "TOO_LARGE"),
        Hostile(
            testDescription: "a length of 64 KiB and one", bytes: [0, 1, 0, 1, 0x7B], reason: "TOO_LARGE"),
        Hostile(testDescription: "no message at all", bytes: frame("GET / HTTP/1.1\r\n\r\n")),
        Hostile(testDescription: "zeros", bytes: frame([UInt8](repeating: 0, count: 1_000))),
        Hostile(
            testDescription: "invalid UTF-8", bytes: frame([0x7B, 0x22, 0xFF, 0xFE, 0x22, 0x3A, 0x31, 0x7D])),
        Hostile(testDescription: "JSON cut short", bytes: frame(#"{"id":1,"method":"wire.Hea"#)),
        Hostile(testDescription: "a key twice", bytes: frame(#"{"id":1,"id":2,"method":"wire.Health"}"#)),
        Hostile(testDescription: "an id of 0", bytes: frame(#"{"id":0,"method":"wire.Health"}"#)),
        Hostile(
            testDescription: "an id beyond UInt32", bytes: frame(#"{"id":4294967296,"method":"wire.Health"}"#)
        ),
        Hostile(
            testDescription: "arrays 30,000 deep",
            bytes: frame(#"{"id":1,"body":"# + String(repeating: "[", count: 30_000))),
        Hostile(
            testDescription: "objects 10,000 deep",
            bytes: frame(String(repeating: #"{"a":"#, count: 10_000))),
        Hostile(
            testDescription: "CBOR arrays 60,000 deep",
            bytes: frame([0xA1, 0x61, 0x61] + [UInt8](repeating: 0x81, count: 60_000))),
        Hostile(
            testDescription: "CBOR of 2^63 bytes",
            bytes: frame([0xA1, 0x61, 0x61, 0x5B, 0x80, 0, 0, 0, 0, 0, 0, 0])),
        Hostile(
            testDescription: "CBOR of 2^64 - 1 pairs",
            bytes: frame([0xBB, 255, 255, 255, 255, 255, 255, 255, 255])),
        Hostile(testDescription: "CBOR without an end", bytes: frame([0xBF, 0x61, 0x61, 0x01])),
    ]
}

extension EndToEnd.Standing {
    /// Whatever one peer does, the service goes on serving others.
    @Suite("Hostile peers")
    @Loop
    struct HostilePeerTests {
        private func expectServing(_ daemon: Daemon, _ location: SourceLocation = #_sourceLocation)
            async throws
        {
            let health = try await Client(path: daemon.socket).call(Common.Health())
            #expect(health.status == .serving, sourceLocation: location)
        }

        @Test(
            "what is no message is answered once with a refusal, and the connection closes",
            arguments: Hostile.all)
        func malformed(_ hostile: Hostile) async throws {
            for daemon in try services().daemons {
                let peer = try RawPeer(daemon)
                await peer.send(hostile.bytes)
                let answer = await peer.receive()
                #expect(answer?.contains(hostile.reason) == true, "\(daemon.name): \(answer ?? "nothing")")
                #expect(await peer.isClosed(), "\(daemon.name)")
                try await expectServing(daemon)
            }
        }

        @Test("a bad body costs its own call, and an unknown method too; the connection goes on")
        func badBody() async throws {
            for daemon in try services().daemons {
                let peer = try RawPeer(daemon)
                await peer.send(
                    json:
                        #"{"id":1,"method":"\#(Self.method(daemon))","body":{"session":[],"subject":5,"key":1}}"#
                )
                let bad = await peer.receive() ?? ""
                #expect(bad.contains(#""status":3"#) && bad.contains(#""field""#), "\(bad)")
                await peer.send(json: #"{"id":2,"method":"no.Such","body":{}}"#)
                #expect(await peer.receive()?.contains(#""status":12"#) == true)
                await peer.send(json: #"{"id":3,"method":"wire.Health","body":{"new":[{"field":null}]}}"#)
                #expect(await peer.receive()?.contains(#""status":0"#) == true)
            }
        }

        private static func method(_ daemon: Daemon) -> String {
            switch daemon.name {
            case "AuthService": "auth.LogOut"
            case "OTPService": "otp.Methods"
            default: "sms.Submit"
            }
        }

        @Test("100 calls at once on one connection are all answered, each once")
        func hundred() async throws {
            for daemon in try services().daemons {
                let peer = try RawPeer(daemon)
                let calls = (1...100).flatMap { frame(#"{"id":\#($0),"method":"wire.Health","body":{}}"#) }
                await peer.send(calls)
                var ids: Set<String> = []
                for _ in 1...100 {
                    let answer = try #require(await peer.receive())
                    #expect(answer.contains(#""status":0"#))
                    ids.insert(String(answer.prefix { $0 != "," }))
                }
                #expect(ids.count == 100)
            }
        }

        @Test(
            "100 calls at once that wait for the disk, the password pool and other services are all answered")
        func hundredThatWait() async throws {
            let firm = try await Firm(on: services())
            let ana = try await firm.client()
            try await ana.logIn()
            let stack = firm.stack
            let results = await atOnce(100) { number in
                switch number % 4 {
                case 0: _ = try await ana.call(Auth.Authorize(session: ana.session, path: "/documents"))
                case 1: _ = try await ana.call(Auth.ListSessions(session: ana.session))
                case 2: _ = try await stack.otp.client.call(OTP.Methods(subject: ana.id), within: 30_000)
                default:
                    _ = try await firm.owner.call(
                        Auth.InviteClient(
                            session: firm.owner.session, name: "N", email: "n\(number)@example.com"))
                }
            }
            for result in results { #expect(throws: Never.self) { try result.get() } }
        }

        @Test("a flood of log-ins is shed or served, and never slows Authorize")
        func logInFlood() async throws {
            let firm = try await Firm(on: services())
            let ana = try await firm.client()
            try await ana.logIn()
            let flood = Task { @Loop in
                await atOnce(60) { number in
                    try await reason {
                        // Passwords have the processors' idle time alone.
                        try await firm.stack.auth.client.call(
                            Auth.LogIn(
                                firm: ana.firm, email: "stranger-\(number)@example.com",
                                password: "wrong horse \(number)", address: "198.51.100.\(number)"),
                            within: 60_000)
                    }
                }
            }
            await Loop.pause(milliseconds: 20)
            let began = monotonicNow()
            for _ in 0..<50 { #expect(try await ana.decision() == .allow) }
            // 60 passwords take over a second; 50 decisions take milliseconds, on any machine.
            #expect(monotonicNow() - began < 1_500_000_000)
            for result in await flood.value {
                let word = try result.get()
                #expect(["BAD_CREDENTIALS", "OVERLOADED", "TOO_MANY_ATTEMPTS"].contains(word))
            }
            try await ana.logIn()
        }

        @Test("300 peers that say nothing keep nobody out")
        func silent() async throws {
            for daemon in try services().daemons {
                let peers = try (0..<300).map { _ in try RawPeer(daemon) }
                try await expectServing(daemon)
                #expect(peers.count == 300)
            }
        }

        @Test("peers that leave in the midst of a frame, or without reading their answer, harm nobody")
        func leaving() async throws {
            for daemon in try services().daemons {
                for bytes in [
                    [0], [0, 0, 1], frame(#"{"id":1,"method":"wire.Describe"}"#),
                    Array(frame(#"{"id":1,"method":"wire.Health"}"#).dropLast(5)),
                ] {
                    for _ in 0..<10 {
                        let peer = try RawPeer(daemon)
                        await peer.send(bytes)
                    }
                }
                try await expectServing(daemon)
            }
        }

        @Test(
            "a stranger's user is refused before it says a word; one that may call is no admin",
            .enabled(if: geteuid() == 0, "only root can be another user"))
        func stranger() async throws {
            let (stack, nobody) = (try services(), OtherUser(number: 65534))
            for daemon in [stack.otp, stack.sms] {
                let answer = try await nobody.ask(daemon, "wire.Health")
                #expect(answer == "closed" || answer.contains("NOT_A_CALLER"), "\(answer)")
                #expect(daemon.log.contains("connection refused user=65534"))
            }
            #expect(try await nobody.ask(stack.auth, "wire.Health").contains(#""status":0"#))
            let firm =
                #"{"slug":"nobodys","name":"N","owner":{"name":"N","email":"n@example.com","password":"teal owl 7 lamp"}}"#
            #expect(try await nobody.ask(stack.auth, "auth.CreateFirm \(firm)").contains("NOT_AN_ADMIN"))
            #expect(try await nobody.ask(stack.auth, "wire.Backup").contains("NOT_AN_ADMIN"))
            for daemon in stack.daemons { try await expectServing(daemon) }
        }
    }
}

extension EndToEnd {
    /// The same with shorter limits than a test could wait for.
    @Suite("Slow peers")
    @Loop
    struct SlowPeerTests {
        @Test(
            "a frame that does not get done and a connection that idles are closed; a caller beside them is served"
        )
        func slow() async throws {
            let limits = "wire: { frameSeconds: 1, idleSeconds: 2 }"
            try await Stack.run(auth: limits, otp: limits, sms: limits) { stack in
                for daemon in stack.daemons {
                    let (slow, idle) = (try RawPeer(daemon), try RawPeer(daemon))
                    await idle.send(json: #"{"id":1,"method":"wire.Health","body":{}}"#)
                    #expect(await idle.receive()?.contains(#""status":0"#) == true)
                    // Byte by byte, as slowly as it takes for the service to lose patience.
                    let message = frame(#"{"id":1,"method":"wire.Health","body":{}}"#)
                    let drip = Task { @Loop in
                        for byte in message.prefix(40) {
                            guard await slow.send([byte]) else { return }
                            await Loop.pause(milliseconds: 100)
                        }
                    }
                    let fast = Client(path: daemon.socket)
                    for _ in 0..<20 { #expect(try await fast.call(Common.Health()).status == .serving) }
                    #expect(await slow.receive()?.contains("MALFORMED") == true, "\(daemon.name)")
                    #expect(await slow.isClosed())
                    #expect(await idle.isClosed())
                    drip.cancel()
                    await drip.value
                }
            }
        }

        @Test("a peer that asks and never reads is closed")
        func deaf() async throws {
            let limits = "wire: { unreadSeconds: 1 }"
            try await Stack.run(auth: limits, otp: limits, sms: limits) { stack in
                for daemon in stack.daemons {
                    let peer = try RawPeer(daemon)
                    let questions = (1...500).flatMap {
                        frame(#"{"id":\#($0),"method":"wire.Describe","body":{}}"#)
                    }
                    var isOpen = true
                    for _ in 0..<20 where isOpen { isOpen = await peer.send(questions, within: 20) }
                    #expect(!isOpen, "\(daemon.name) goes on answering into the void")
                    #expect(try await Client(path: daemon.socket).call(Common.Health()).status == .serving)
                }
            }
        }
    }
}
