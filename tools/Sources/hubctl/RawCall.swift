import Glibc
import Wire

/// A call of any method with any body, in JSON: what `Wire.Client` does not make, since it knows each method's types.
///
/// It is as long as a client in any language is: connect, write a frame, read a frame.
struct RawCall {
    let method: String
    /// How long the answer may take, in milliseconds.
    let timeout: Int
    let body: JSON

    /// The request's message, without its length.
    var message: [UInt8] {
        let fields: [JSON.Member] = [
            .init(name: "id", value: .number("1")), .init(name: "method", value: .text(method)),
            .init(name: "timeout", value: .number("\(timeout)")), .init(name: "body", value: body),
        ]
        return Array(JSON.object(fields).compact.utf8)
    }

    /// Makes the call at the socket at `path`, and gives the answer's body.
    /// - Throws: ``Wire/Refusal``, the service's own, or `UNREACHABLE` and `DEADLINE_EXCEEDED`.
    func make(at path: String) throws -> JSON {
        let socket = try connected(to: path)
        defer { close(socket) }
        // The service itself ends the call in time; this is for one that does not.
        var limit = timeval(tv_sec: timeout / 1_000 + 1, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))

        let message = message
        let length = withUnsafeBytes(of: UInt32(message.count).bigEndian, Array.init)
        try write(length + message, to: socket, path)
        let count = try read(4, from: socket, path).reduce(0) { $0 << 8 | Int($1) }
        guard count <= Self.longestAnswer else {
            throw Refusal(.unreachable, "\(path) answered with a frame of \(count) bytes.")
        }
        let answer = try read(count, from: socket, path)
        return try Self.body(of: String(decoding: answer, as: UTF8.self))
    }

    /// The longest answer that a service gives, in bytes.
    private static let longestAnswer = 1 << 20

    /// What an answer says: its body, or the refusal thrown.
    static func body(of message: String) throws(Refusal) -> JSON {
        guard let answer = try? JSON(parsing: message), answer["status"]?.int != nil else {
            throw Refusal(.unreachable, "The socket answered with what is no answer.")
        }
        guard let number = answer["status"]?.int, number != 0 else { return answer["body"] ?? .object([]) }
        let error = answer["error"]
        let name = error?["reason"]?.string ?? "STATUS_\(number)"
        let status = UInt8(exactly: number).flatMap(Status.init(rawValue:)) ?? .internal
        throw Refusal(
            Reason(status, name, "The service gave status \(number)."), error?["message"]?.string,
            retryAfter: error?["retryAfter"]?.int, field: error?["field"]?.string,
            attemptsLeft: error?["attemptsLeft"]?.int, hint: error?["hint"]?.string)
    }

    private func connected(to path: String) throws(Refusal) -> CInt {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw Refusal(.unreachable, "\(path): too long for a socket's path")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let socket = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let status = withUnsafeBytes(of: &address) { bytes in
            connect(
                socket, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(bytes.count))
        }
        guard status == 0 else {
            let problem = String(cString: strerror(errno))
            close(socket)
            throw Refusal(.unreachable, "\(path): \(problem)")
        }
        return socket
    }

    private func write(_ bytes: [UInt8], to socket: CInt, _ path: String) throws(Refusal) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw broken(path) }
            sent += count
        }
    }

    private func read(_ count: Int, from socket: CInt, _ path: String) throws(Refusal) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var part = [UInt8](repeating: 0, count: min(count - bytes.count, 65_536))
            let got = recv(socket, &part, part.count, 0)
            if got < 0, errno == EINTR { continue }
            guard got > 0 else {
                throw got == 0 ? Refusal(.unreachable, "\(path) closed the connection.") : broken(path)
            }
            bytes += part[..<got]
        }
        return bytes
    }

    /// Why sending or receiving failed, from `errno`.
    private func broken(_ path: String) -> Refusal {
        errno == EAGAIN
            ? Refusal(.deadlineExceeded, "\(path) gave no answer in \(timeout) ms.")
            : Refusal(.unreachable, "\(path): \(String(cString: strerror(errno)))")
    }
}
