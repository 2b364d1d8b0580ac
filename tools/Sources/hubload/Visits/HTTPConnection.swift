import Foundation
import Synchronization
import Wire

/// One connection of a browser to the front end, kept open: just enough of HTTP/1.1 to ask for a page and read it whole.
/// Calls block.
final class HTTPConnection {
    private let port: Int
    private var descriptor: Int32 = -1
    private var input: [UInt8] = []

    init(port: Int) { self.port = port }

    deinit { disconnect() }

    struct Answer: Sendable {
        var status: Int
        var location: String?
        /// By their names: what the answer sets.
        var cookies: [String: String]
        var body: String
    }

    func get(_ path: String, cookies: [String: String] = [:]) throws -> Answer {
        try exchange("GET \(path) HTTP/1.1\r\n" + head(cookies) + "\r\n")
    }

    func post(_ path: String, _ form: [(String, String)], cookies: [String: String]) throws -> Answer {
        let body = form.map { "\($0)=\(Self.escaped($1))" }.joined(separator: "&")
        return try exchange(
            "POST \(path) HTTP/1.1\r\n" + head(cookies) + "Origin: http://127.0.0.1:\(port)\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                + body)
    }

    private func head(_ cookies: [String: String]) -> String {
        let cookie = cookies.map { "\($0)=\($1)" }.joined(separator: "; ")
        return "Host: 127.0.0.1:\(port)\r\nUser-Agent: hubload\r\n"
            + (cookie.isEmpty ? "" : "Cookie: \(cookie)\r\n")
    }

    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
    }

    /// Sends a request and reads its answer; over a new connection where there is none, or the front end has closed
    /// the one that was idle.
    private func exchange(_ request: String) throws -> Answer {
        let isReused = descriptor >= 0
        do {
            return try exchangeOnce(request)
        } catch {
            disconnect()
            guard isReused, input.isEmpty else { throw error }
            return try exchangeOnce(request)
        }
    }

    private func exchangeOnce(_ request: String) throws -> Answer {
        if descriptor < 0 { descriptor = try Self.connected(to: port) }
        input = []
        var output = Array(request.utf8)[...]
        while !output.isEmpty {
            let count = output.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure("send") }
            output = output.dropFirst(count)
        }
        let head = try readHead()
        return try readBody(of: head)
    }

    private struct Head {
        var status = 0
        var fields: [(name: String, value: String)] = []
        subscript(name: String) -> String? { fields.first { $0.name == name }?.value }
    }

    private func readHead() throws -> Head {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = input.firstRange(of: end) {
                let text = String(decoding: input[..<range.lowerBound], as: UTF8.self)
                input.removeSubrange(..<range.upperBound)
                return try Self.head(text)
            }
            try receive()
        }
    }

    private static func head(_ text: String) throws -> Head {
        var lines = text.components(separatedBy: "\r\n")
        let first = lines.removeFirst().split(separator: " ")
        guard first.count >= 2, let status = Int(first[1]) else { throw Unexpected("no HTTP answer") }
        var head = Head(status: status)
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            head.fields.append(
                (parts[0].lowercased(), parts[1].trimmingCharacters(in: .whitespaces)))
        }
        return head
    }

    private func readBody(of head: Head) throws -> Answer {
        var body: [UInt8] = []
        if head["transfer-encoding"]?.lowercased() == "chunked" {
            while case let size = try readChunkSize(), size > 0 {
                body += try take(size)
                _ = try take(2)
            }
            _ = try take(2)
        } else if let length = head["content-length"].flatMap({ Int($0) }) {
            body = try take(length)
        }
        if head["connection"]?.lowercased() == "close" { disconnect() }
        var cookies: [String: String] = [:]
        for field in head.fields where field.name == "set-cookie" {
            let pair = field.value.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { cookies[String(pair[0])] = String(pair[1]) }
        }
        return Answer(
            status: head.status, location: head["location"], cookies: cookies,
            body: String(decoding: body, as: UTF8.self))
    }

    private func readChunkSize() throws -> Int {
        while true {
            if let end = input.firstRange(of: [13, 10]) {
                let text = String(decoding: input[..<end.lowerBound].prefix { $0 != 59 }, as: UTF8.self)
                input.removeSubrange(..<end.upperBound)
                guard let size = Int(text.trimmingCharacters(in: .whitespaces), radix: 16) else {
                    throw Unexpected("a chunk without a size")
                }
                return size
            }
            try receive()
        }
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while input.count < count { try receive() }
        defer { input.removeFirst(count) }
        return Array(input.prefix(count))
    }

    private func receive() throws {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0, errno == EINTR { return }
        guard count > 0 else {
            throw count == 0 ? Unexpected("the connection was closed") : Self.failure("recv")
        }
        input += buffer[..<count]
    }

    private func disconnect() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    private static func failure(_ call: String) -> Unexpected {
        Unexpected("\(call): \(String(cString: strerror(errno)))")
    }

    private static func connected(to port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure("socket") }
        // A front end that stands still must not hold a thread for ever.
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = loopback(port)
        guard withAddress(&address, { connect(descriptor, $0, $1) }) == 0 else {
            defer { close(descriptor) }
            throw failure("connect")
        }
        return descriptor
    }

    /// A socket at a port of this host that was free.
    static func bound() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = loopback(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard descriptor >= 0, withAddress(&address, { bind(descriptor, $0, $1) }) == 0,
            withAddress(
                &address,
                { pointer, _ in
                    getsockname(descriptor, UnsafeMutablePointer(mutating: pointer), &size)
                }) == 0
        else { throw Problem.failed("no free port: \(failure("bind"))") }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func withAddress(
        _ address: inout sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

/// Something that a service said, and should not have.
struct Unexpected: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Connections to the front end, each lent to one visit at a time; visits wait for one in the order in which they came.
@Loop
final class HTTPConnections {
    private var idle: [Slot]
    private var waiting: [CheckedContinuation<Slot, Never>] = []
    /// Exchanges block, each a thread of this queue.
    private let threads = DispatchQueue(label: "front end", attributes: .concurrent)

    private final class Slot: Sendable {
        let connection: Mutex<HTTPConnection>
        init(port: Int) { connection = Mutex(HTTPConnection(port: port)) }
    }

    init(port: Int, count: Int) { idle = (0..<count).map { _ in Slot(port: port) } }

    /// Does `body` on a connection, away from the loop.
    func use<Result: Sendable>(
        _ body: @escaping @Sendable (HTTPConnection) throws -> Result
    ) async throws -> Result {
        let slot = await take()
        defer { giveBack(slot) }
        return try await withCheckedThrowingContinuation { continuation in
            threads.async {
                continuation.resume(with: Swift.Result { try slot.connection.withLock { try body($0) } })
            }
        }
    }

    private func take() async -> Slot {
        if let slot = idle.popLast() { return slot }
        return await withCheckedContinuation { waiting.append($0) }
    }

    private func giveBack(_ slot: Slot) {
        if waiting.isEmpty { idle.append(slot) } else { waiting.removeFirst().resume(returning: slot) }
    }
}
