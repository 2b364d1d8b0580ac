import Glibc
import Testing
import Wire

@testable import SMSGateway

// One after the other: each has servers to wait for, and all tests share one loop.
@Suite("HTTP client", .serialized, .timeLimit(.minutes(5))) struct HTTPClientTests {
    @Loop func client(
        _ server: Counterpart, connect: Int = 20_000, answer: Int = 60_000, bytes: Int = 65_536
    ) -> HTTPClient {
        HTTPClient(
            authorities: server.authorities,
            limits: HTTPClient.Limits(connect: connect, answer: answer, bytes: bytes))
    }

    @Loop func request(_ server: Counterpart, _ body: String = "a=b") -> HTTPRequest {
        HTTPRequest(url: "\(server.url)/path", headers: [("X-Test", "yes")], body: Array(body.utf8))
    }

    func body(_ result: HTTPResult) -> String? {
        guard case .answered(let answer) = result, answer.status == 200 else { return nil }
        return String(decoding: answer.body, as: UTF8.self)
    }

    @Test("posts a body with its headers and gives the answer")
    @Loop func posts() async throws {
        let server = try await Counterpart("echo.py")
        let result = await client(server).post(request(server, "To=%2B1415&Body=é\n"))
        #expect(body(result) == "To=%2B1415&Body=é\n")
        let seen = try #require(try server.requests.first)
        #expect(seen.path == "/path")
        #expect(seen.headers?["x-test"] == "yes")
        #expect(seen.headers?["content-length"] == "\("To=%2B1415&Body=é\n".utf8.count)")
        #expect(seen.headers?["expect"] == nil)
    }

    @Test("sends a body of any length, none and a long one")
    @Loop func lengths() async throws {
        let server = try await Counterpart("echo.py")
        let client = client(server, bytes: 4 << 20)
        for count in [0, 1, 65_535, 65_536, 3 << 20] {
            let text = String(repeating: "x", count: count)
            #expect(body(await client.post(request(server, text))) == text, "\(count) bytes")
        }
    }

    @Test("uses a connection again")
    @Loop func keepsAlive() async throws {
        let server = try await Counterpart("echo.py")
        let client = client(server)
        for number in 1...5 {
            #expect(body(await client.post(request(server, "\(number)"))) == "\(number)")
        }
        #expect(try server.requests.map(\.count) == [1, 2, 3, 4, 5])
    }

    @Test("has hundreds of requests on their way at once")
    @Loop func many() async throws {
        let server = try await Counterpart("echo.py")
        let client = client(server)
        let posts = (0..<200).map { number in
            let request = request(server, "\(number)")
            return Task { await client.post(request) }
        }
        var bodies: Set<String> = []
        for post in posts { bodies.insert(body(await post.value) ?? "none") }
        #expect(bodies == Set((0..<200).map { "\($0)" }))
    }

    @Test("says that nothing was sent where nobody listens")
    @Loop func refused() async throws {
        let server = try await Counterpart("echo.py")
        try await server.end()
        guard case .notSent(let fault) = await client(server).post(request(server)) else {
            Issue.record("something was sent")
            return
        }
        #expect(fault.kind == .unreachable)
        #expect(fault.reason.contains("connect"), "\(fault.reason)")
    }

    @Test("says that nothing was sent where there is no such name")
    @Loop func noName() async throws {
        let request = HTTPRequest(url: "https://no-such-host.invalid/", headers: [], body: [1])
        guard case .notSent(let fault) = await HTTPClient().post(request) else {
            Issue.record("something was sent")
            return
        }
        #expect(fault.kind == .unreachable)
        #expect(fault.reason.lowercased().contains("resolv"), "\(fault.reason)")
    }

    @Test("says that nothing was sent where a connection is taken and nothing follows")
    @Loop func silence() async throws {
        // The backlog of a socket that accepts nothing takes the connection; the handshake gets no answer.
        let listener = try Listening()
        let client = HTTPClient(limits: HTTPClient.Limits(connect: 300))
        let request = HTTPRequest(url: "https://127.0.0.1:\(listener.port)/", headers: [], body: [1])
        guard case .notSent(let fault) = await client.post(request) else {
            Issue.record("something was sent")
            return
        }
        #expect(fault.kind == .unreachable)
    }

    @Test("trusts no certificate that it has no reason to trust, and says so")
    @Loop func untrusted() async throws {
        let server = try await Counterpart("echo.py")
        let stranger = try await Counterpart("echo.py", name: "IP:127.0.0.1")
        let other = try await Counterpart("echo.py", name: "DNS:sms.example")
        let cases = [
            (HTTPClient(), server), (HTTPClient(authorities: stranger.authorities), server),
            (HTTPClient(authorities: other.authorities), other),
        ]
        for (client, server) in cases {
            guard case .notSent(let fault) = await client.post(request(server)) else {
                Issue.record("something was sent")
                continue
            }
            #expect(fault.kind == .untrusted)
            #expect(fault.reason.contains("SSL"), "\(fault.reason)")
        }
        #expect(try server.requests.isEmpty && other.requests.isEmpty)
    }

    @Test(
        "says that a request cannot be made from a file of CAs or to a URL that is none",
        arguments: [
            ("/dev/null", "https://127.0.0.1:1/"), (nil, "http://127.0.0.1:1/"), (nil, "https:///"),
            (nil, "file:///etc/passwd"),
        ])
    @Loop func unusable(authorities: String?, url: String) async throws {
        let server = try await Counterpart("echo.py")
        let url = authorities == nil ? url : server.url
        let request = HTTPRequest(url: url, headers: [], body: [1])
        guard case .notSent(let fault) = await HTTPClient(authorities: authorities).post(request) else {
            Issue.record("something was sent")
            return
        }
        #expect(fault.kind == .unusable, "\(fault.reason)")
    }

    @Test(
        "does not know what became of a request that got no whole answer",
        arguments: ["hang", "reset", "close", "half", "long 70000"])
    @Loop func noAnswer(order: String) async throws {
        let server = try await Counterpart("echo.py")
        try server.order(order)
        let client = client(server, answer: order == "hang" ? 1_500 : 60_000)
        guard case .noAnswer(let reason) = await client.post(request(server)) else {
            Issue.record("it was answered, or not sent")
            return
        }
        #expect(reason.hasSuffix("."))
        #expect(try server.requests.count == 1)
        #expect(body(await client.post(request(server, "next"))) == "next")
    }

    @Test(
        "never sends a request twice, also where a connection that was used before closes without an answer",
        arguments: ["close", "reset"])
    @Loop func once(order: String) async throws {
        let server = try await Counterpart("echo.py")
        try server.order("", order)
        let client = client(server)
        #expect(body(await client.post(request(server, "1"))) == "1")
        guard case .noAnswer = await client.post(request(server, "2")) else {
            Issue.record("it was answered, or counts as not sent")
            return
        }
        #expect(try server.requests.map(\.body) == ["1", "2"])
        #expect(try server.requests.map(\.count) == [1, 2], "the connection was not used again")
    }

    @Test("gives an answer of any status, with its headers, and follows no redirect")
    @Loop func statuses() async throws {
        let server = try await Counterpart("echo.py")
        try server.order("status 429 17", "status 503", "redirect", "status 404")
        let client = client(server)
        var statuses: [Int] = []
        var waits: [Int?] = []
        for _ in 0..<4 {
            guard case .answered(let answer) = await client.post(request(server)) else { continue }
            statuses.append(answer.status)
            waits.append(answer.retryAfter)
        }
        #expect(statuses == [429, 503, 302, 404])
        #expect(waits == [17, nil, nil, nil])
        #expect(try server.requests.allSatisfy { $0.method == "POST" })
    }

    @Test("takes no proxy from the environment")
    @Loop func proxy() async throws {
        // In a process of its own, since its environment is that of all other tests.
        await #expect(processExitsWith: .exitCode(200)) {
            setenv("https_proxy", "http://127.0.0.1:1", 1)
            let server = try await Counterpart("echo.py")
            let client = await HTTPClient(authorities: server.authorities)
            let request = HTTPRequest(url: await server.url, headers: [], body: [1])
            guard case .answered(let answer) = await client.post(request) else { exit(1) }
            exit(CInt(answer.status))
        }
    }

    @Test("tells whoever waits when it ends")
    @Loop func ends() async throws {
        let server = try await Counterpart("echo.py")
        try server.order("hang")
        var client: HTTPClient? = client(server)
        let request = request(server)
        let post = Task { [thread = client?.thread] in
            await withCheckedContinuation { waiting in
                thread?.take(HTTPJob(request: request) { waiting.resume(returning: $0) })
            }
        }
        _ = try await eventually("the request to arrive") { try server.requests.first }
        client = nil
        guard case .noAnswer = await post.value else {
            Issue.record("it was answered, or not sent")
            return
        }
    }
}

/// A TCP socket on 127.0.0.1 that listens and accepts nothing.
final class Listening {
    let port: Int
    private let descriptor: CInt

    init() throws {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        self.descriptor = descriptor
        port = Int(UInt16(bigEndian: address.sin_port))
        try #require(bound)
    }

    deinit { close(descriptor) }
}
