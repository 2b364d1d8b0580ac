import Glibc
import Testing

@testable import Wire

/// Bytes that are no message, and what they are answered with.
struct Hostile: CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let id: Int
    let reason: String

    init(_ name: String, _ bytes: [UInt8], id: Int = 0, reason: String = "MALFORMED") {
        testDescription = name
        self.bytes = bytes
        self.id = id
        self.reason = reason
    }

    init(_ name: String, json: String, id: Int = 0) { self.init(name, frame(Array(json.utf8)), id: id) }
}

/// Serialized, since a raw peer blocks the thread that it reads on, and the tests of the client need one too.
@Suite("Server", .serialized, .timeLimit(.minutes(2)))
struct ServerTests {
    @Test("answers in the encoding of the question")
    func encodings() async throws {
        let echo = try await EchoServer()
        let peer = try RawPeer(path: echo.path)
        peer.send(json: #"{"id":7,"method":"echo.Now","body":{"text":"héllo","unknown":[1]}}"#)
        #expect(peer.receiveText() == #"{"id":7,"status":0,"body":{"text":"héllo"}}"#)
        // {"id": 8, "method": "echo.Now", "body": {"text": "a"}} in CBOR.
        let cbor: [UInt8] =
            [0xA3, 0x62] + Array("id".utf8) + [0x08, 0x66] + Array("method".utf8) + [0x68]
            + Array("echo.Now".utf8)
            + [0x64] + Array("body".utf8) + [0xA1, 0x64] + Array("text".utf8) + [0x61, 0x61]
        peer.send(frame(cbor))
        let answer = try #require(peer.receive())
        #expect(WireEncoding(firstByte: answer[0]) == .cbor)
        let client = Client(path: echo.path)
        #expect(
            try await client.call(Echo.Now(text: "c", number: -4)) == Echo.Now.Reply(text: "c", number: -4))
    }

    @Test(
        "refuses a call that cannot be made, and goes on with the connection",
        arguments: [
            (#"{"id":1,"method":"echo.No","body":{}}"#, 12, "UNKNOWN_METHOD", "method"),
            (#"{"id":1,"body":{}}"#, 3, "MALFORMED", "method"),
            (#"{"id":1,"method":5}"#, 3, "MALFORMED", "method"),
            (#"{"id":1,"method":"echo.Now"}"#, 3, "MALFORMED", "text"),
            (#"{"id":1,"method":"echo.Now","body":{"text":1}}"#, 3, "MALFORMED", "text"),
            (#"{"id":1,"method":"echo.Now","body":{"text":"a","number":1.5}}"#, 3, "MALFORMED", "number"),
            (#"{"id":1,"method":"echo.Now","body":[]}"#, 3, "MALFORMED", "body"),
            (#"{"id":1,"method":"echo.Now","timeout":-1,"body":{"text":"a"}}"#, 3, "MALFORMED", "timeout"),
            (#"{"id":1,"method":"echo.Now","timeout":0,"body":{"text":"a"}}"#, 4, "DEADLINE_EXCEEDED", nil),
            (#"{"id":1,"method":"echo.Now","body":{"text":"wrong"}}"#, 16, "WRONG_CODE", nil),
            (#"{"id":1,"method":"echo.Now","body":{"text":"fault"}}"#, 13, "INTERNAL", nil),
        ])
    func refusesOneCall(_ request: String, _ status: Int, _ reason: String, _ field: String?) async throws {
        let echo = try await EchoServer()
        let peer = try RawPeer(path: echo.path)
        peer.send(json: request)
        let answer = try #require(peer.receiveText())
        #expect(answer.contains(#""id":1,"status":\#(status),"error":{"reason":"\#(reason)""#))
        if let field { #expect(answer.contains(#""field":"\#(field)""#)) }
        #expect(!answer.contains("errno") && !answer.contains("Input/output"))
        peer.send(json: #"{"id":2,"method":"echo.Now","body":{"text":"still here"}}"#)
        #expect(peer.receiveText() == #"{"id":2,"status":0,"body":{"text":"still here"}}"#)
    }

    @Test(
        "answers once what is no message, and closes",
        arguments: [
            Hostile("a length of 0", [0, 0, 0, 0]),
            Hostile("a length just over the limit", [0, 1, 0, 1], reason: "TOO_LARGE"),
            Hostile("the largest length", [0xFF, 0xFF, 0xFF, 0xFF], reason: "TOO_LARGE"),
            Hostile("no map", json: "[]"), Hostile("no message", json: "hello"),
            Hostile("a key twice", json: #"{"id":5,"method":"echo.Now","id":6}"#, id: 5),
            Hostile("no id", json: #"{"method":"echo.Now"}"#),
            Hostile("an id of 0", json: #"{"id":0,"method":"echo.Now"}"#),
            Hostile("CBOR that ends early", frame([0xBF, 0x62, 0x69])),
            Hostile("depth", json: String(repeating: #"{"a":"#, count: 500)),
        ])
    func closes(_ hostile: Hostile) async throws {
        let (id, reason) = (hostile.id, hostile.reason)
        let echo = try await EchoServer()
        let peer = try RawPeer(path: echo.path)
        peer.send(hostile.bytes)
        let answer = try #require(peer.receive())
        if WireEncoding(firstByte: answer[0]) == .json {
            let text = String(decoding: answer, as: UTF8.self)
            #expect(text.contains(#"{"id":\#(id),"status":3,"error":{"reason":"\#(reason)""#))
        }
        #expect(peer.isAtEnd())
        #expect(try await Client(path: echo.path).call(Echo.Now(text: "next")).text == "next")
    }

    @Test("answers many calls on one connection as each finishes, in any order")
    func multiplexes() async throws {
        let echo = try await EchoServer()
        let peer = try RawPeer(path: echo.path)
        for id in 1...50 { peer.send(json: #"{"id":\#(id),"method":"echo.Later","body":{"text":"\#(id)"}}"#) }
        for id in 51...100 { peer.send(json: #"{"id":\#(id),"method":"echo.Now","body":{"text":"\#(id)"}}"#) }
        for id in 51...100 {
            #expect(peer.receiveText()?.hasPrefix(#"{"id":\#(id),"status":0"#) == true)
        }
        await echo.latch.open()
        var ids: Set<String> = []
        for _ in 1...50 {
            let answer = try #require(peer.receiveText())
            ids.insert(String(answer.prefix { $0 != "," }))
        }
        #expect(ids == Set((1...50).map { #"{"id":\#($0)"# }))
    }

    @Test("takes a message in pieces, and several at once")
    func pieces() async throws {
        let echo = try await EchoServer()
        let peer = try RawPeer(path: echo.path)
        let one = frame(Array(#"{"id":1,"method":"echo.Now","body":{"text":"a"}}"#.utf8))
        for byte in one { peer.send([byte]) }
        #expect(peer.receiveText()?.contains(#""text":"a""#) == true)
        peer.send(one + one + one.prefix(10))
        #expect(peer.receiveText() != nil)
        #expect(peer.receiveText() != nil)
        peer.send(Array(one.dropFirst(10)))
        #expect(peer.receiveText() != nil)
    }

    @Test("refuses an id that is in flight, and answers the first call all the same")
    func duplicateID() async throws {
        let echo = try await EchoServer()
        let peer = try RawPeer(path: echo.path)
        let call = #"{"id":1,"method":"echo.Later","body":{"text":"a"}}"#
        peer.send(json: call)
        peer.send(json: call)
        #expect(peer.receiveText()?.contains("DUPLICATE_ID") == true)
        await echo.latch.open()
        #expect(peer.receiveText()?.contains(#""status":0"#) == true)
    }

    @Test("gives no answer to a call that was cancelled, and cancels its task")
    func cancel() async throws {
        let echo = try await EchoServer()
        let peer = try RawPeer(path: echo.path)
        peer.send(json: #"{"id":1,"method":"echo.Later","body":{"text":"a"}}"#)
        #expect(await eventually { echo.latch.arrived == 1 })
        peer.send(json: #"{"id":1,"cancel":true}"#)
        peer.send(json: #"{"id":2,"method":"echo.Now","body":{"text":"b"}}"#)
        #expect(peer.receiveText()?.hasPrefix(#"{"id":2"#) == true)
        await echo.latch.open()
        #expect(await eventually { echo.cancelled == 1 })
        peer.send(json: #"{"id":3,"method":"echo.Now","body":{"text":"c"}}"#)
        #expect(peer.receiveText()?.hasPrefix(#"{"id":3"#) == true)
    }

    @Test("stops reading from a connection with as many calls in flight as it may have")
    func pushesBack() async throws {
        var limits = ServerLimits()
        limits.callsPerConnection = 4
        let echo = try await EchoServer(limits)
        let peer = try RawPeer(path: echo.path)
        for id in 1...10 { peer.send(json: #"{"id":\#(id),"method":"echo.Later","body":{"text":"a"}}"#) }
        #expect(await eventually { echo.latch.arrived == 4 })
        #expect(try await Client(path: echo.path).call(Echo.Now(text: "others")).text == "others")
        #expect(await echo.latch.arrived == 4)
        await echo.latch.open()
        for _ in 1...10 { #expect(peer.receive() != nil) }
        #expect(await echo.latch.arrived == 10)
    }

    @Test("refuses calls over its bound at once, with the time to come back")
    func overload() async throws {
        var limits = ServerLimits()
        limits.calls = 2
        let echo = try await EchoServer(limits)
        let peer = try RawPeer(path: echo.path)
        for id in 1...3 { peer.send(json: #"{"id":\#(id),"method":"echo.Later","body":{"text":"a"}}"#) }
        let answer = try #require(peer.receiveText())
        #expect(answer.hasPrefix(#"{"id":3,"status":8"#) && answer.contains(#""retryAfter":1"#))
        await echo.latch.open()
        for _ in 1...2 { #expect(peer.receive() != nil) }
    }

    @Test("turns connections over its bound away")
    func connections() async throws {
        var limits = ServerLimits()
        limits.connections = 2
        let echo = try await EchoServer(limits)
        let first = try RawPeer(path: echo.path)
        let second = try RawPeer(path: echo.path)
        for id in 1...2 {
            first.send(json: #"{"id":\#(id),"method":"echo.Now","body":{"text":"a"}}"#)
            second.send(json: #"{"id":\#(id),"method":"echo.Now","body":{"text":"a"}}"#)
            #expect(first.receive() != nil)
            #expect(second.receive() != nil)
        }
        let third = try RawPeer(path: echo.path)
        #expect(third.receiveText()?.contains(#""status":8,"error":{"reason":"OVERLOADED""#) == true)
        #expect(third.isAtEnd())
    }

    @Test("refuses a stranger before reading anything")
    func stranger() async throws {
        let echo = try await EchoServer(callers: [getuid() + 1])
        let peer = try RawPeer(path: echo.path)
        #expect(peer.receiveText()?.contains(#""status":7,"error":{"reason":"NOT_A_CALLER""#) == true)
        #expect(peer.isAtEnd())
        let reported = await echo.reports.contains {
            if case .stranger(getuid()) = $0 { true } else { false }
        }
        #expect(reported)
    }

    @Test("lets a monitor ask how the service is, and do nothing else, also where it would be an admin")
    func monitor() async throws {
        let echo = try await EchoServer(callers: [getuid() + 1], monitors: [getuid()])
        await echo.server.handle(Common.Backup.self, from: .users([getuid()], else: .notAnAdmin)) { _, _ in
            Common.Backup.Reply(path: "", bytes: 0)
        }
        // All on one connection: a refusal costs its own call alone.
        let client = Client(path: echo.path)
        func expectRefused<C: Call>(_ call: C) async {
            let refusal = await #expect(throws: Refusal.self) { try await client.call(call) }
            #expect(refusal?.isFor(.notACaller) == true, "\(C.method)")
        }
        #expect(try await client.call(Common.Health()).status == .serving)
        await expectRefused(Echo.Now(text: "a"))
        await expectRefused(Echo.Later(text: "a"))
        await expectRefused(Echo.Big(bytes: 1))
        await expectRefused(Common.Backup())
        #expect(try await client.call(Common.Describe()).methods.count == 7)
        #expect(try await client.call(Common.Metrics()).text.hasSuffix("# EOF\n"))
        #expect(await echo.latch.arrived == 0)
        #expect(await echo.reports.isEmpty)
    }

    @Test("lets a caller that is a monitor too make every call")
    func monitoringCaller() async throws {
        let echo = try await EchoServer(callers: [getuid()], monitors: [getuid()])
        #expect(try await Client(path: echo.path).call(Echo.Now(text: "a")).text == "a")
    }

    @Test("turns away who is neither a caller nor a monitor")
    func neither() async throws {
        let echo = try await EchoServer(callers: [getuid() + 1], monitors: [getuid() + 2])
        let peer = try RawPeer(path: echo.path)
        #expect(peer.receiveText()?.contains(#""status":7,"error":{"reason":"NOT_A_CALLER""#) == true)
        #expect(peer.isAtEnd())
    }

    @Test("lets only the named users make a call")
    func peers() async throws {
        let echo = try await EchoServer()
        await echo.server.handle(Common.Backup.self, from: .users([getuid() + 1], else: .notAnAdmin)) {
            _, _ in
            Common.Backup.Reply(path: "", bytes: 0)
        }
        let refusal = await #expect(throws: Refusal.self) {
            try await Client(path: echo.path).call(Common.Backup())
        }
        #expect(refusal?.isFor(.notAnAdmin) == true)
    }

    @Test("closes a peer that is slow to finish a frame, that is idle, that never reads")
    func impatience() async throws {
        var limits = ServerLimits()
        limits.frameSeconds = 1
        limits.idleSeconds = 1
        limits.unreadSeconds = 1
        let echo = try await EchoServer(limits)
        let slow = try RawPeer(path: echo.path)
        slow.send([0, 0, 0, 10, 0x7B])
        #expect(slow.receiveText()?.contains("MALFORMED") == true)
        #expect(slow.isAtEnd())
        let idle = try RawPeer(path: echo.path)
        #expect(idle.isAtEnd())
        let deaf = try RawPeer(path: echo.path)
        var isOpen = true
        for id in 1...1_000 where isOpen {
            isOpen = deaf.send(json: #"{"id":\#(id),"method":"echo.Big","body":{"bytes":60000}}"#)
        }
        #expect(!isOpen, "a peer that never reads was served 60 MB")
    }

    @Test("answers INTERNAL for an answer over the limit, and reports it")
    func answerTooLong() async throws {
        let echo = try await EchoServer()
        let refusal = await #expect(throws: Refusal.self) {
            try await Client(path: echo.path).call(Echo.Big(bytes: 2 << 20))
        }
        #expect(refusal?.isFor(.internalError) == true)
        #expect(try await Client(path: echo.path).call(Echo.Big(bytes: 1 << 19)).text.utf8.count == 1 << 19)
        #expect(await echo.reports.count == 1)
    }

    @Test("drains: takes no new connection, says goaway, answers what is in flight, closes")
    func drains() async throws {
        let echo = try await EchoServer()
        let peer = try RawPeer(path: echo.path)
        peer.send(json: #"{"id":1,"method":"echo.Later","body":{"text":"a"}}"#)
        #expect(await eventually { echo.latch.arrived == 1 })
        let drained = Task { @Loop in await echo.server.drain() }
        #expect(peer.receiveText() == #"{"goaway":true}"#)
        #expect(throws: SystemError.self) { try RawPeer(path: echo.path) }
        peer.send(json: #"{"id":2,"method":"echo.Now","body":{"text":"late"}}"#)
        #expect(peer.receiveText()?.contains(#""id":2,"status":14,"error":{"reason":"DRAINING""#) == true)
        await echo.latch.open()
        #expect(peer.receiveText()?.hasPrefix(#"{"id":1,"status":0"#) == true)
        #expect(peer.isAtEnd())
        await drained.value
    }

    @Test("gives up calls that do not finish while it drains")
    func drainLimit() async throws {
        var limits = ServerLimits()
        limits.drainSeconds = 1
        let echo = try await EchoServer(limits)
        let peer = try RawPeer(path: echo.path)
        peer.send(json: #"{"id":1,"method":"echo.Later","body":{"text":"a"}}"#)
        #expect(await eventually { echo.latch.arrived == 1 })
        await echo.server.drain()
        #expect(peer.receiveText() == #"{"goaway":true}"#)
        #expect(peer.receiveText()?.contains("DEADLINE_EXCEEDED") == true)
        #expect(peer.isAtEnd())
        await echo.latch.open()
    }

    @Test("tells its health, its methods and its metrics")
    func common() async throws {
        let echo = try await EchoServer()
        let client = Client(path: echo.path)
        #expect(try await client.call(Common.Health()).status == .serving)
        await echo.server.check("disk") { "is full" }
        let health = try await client.call(Common.Health())
        #expect(health.status == .degraded)
        #expect(health.checks == [Common.Check(name: "disk", ok: false, detail: "is full")])
        #expect(health.service == "echo" && health.version == "1.2.3")

        let methods = try await client.call(Common.Describe()).methods
        let now = try #require(methods.first { $0.name == "echo.Now" })
        #expect(now.reasons.map(\.reason) == ["WRONG_CODE"])
        #expect(now.request.fieldNames == ["number", "text"])

        _ = try await client.call(Echo.Now(text: "a"))
        let text = try await client.call(Common.Metrics()).text
        #expect(
            text.contains(#"wire_calls_total{method="echo.Now",status="OK"} 1"#) || text.contains("echo.Now"))
        #expect(text.hasSuffix("# EOF\n"))
    }

    @Test("replaces the socket of a dead process, and leaves one that answers")
    func socketFile() async throws {
        let echo = try await EchoServer()
        await #expect(throws: SystemError.self) {
            try await EchoServer().server.listen(at: echo.path, callers: nil)
        }
        let dead = try Scratch()
        _ = try UnixSocket.listen(at: dead.socket)
        _ = try UnixSocket.listen(at: dead.socket)
    }
}
