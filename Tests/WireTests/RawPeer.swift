import Glibc
import Testing

@testable import Wire

/// A peer that writes and reads bytes as it likes, well-formed or not: a plain blocking socket.
final class RawPeer {
    private let descriptor: Descriptor

    init(path: String) throws {
        descriptor = try UnixSocket.connect(to: path)
        let flags = fcntl(descriptor.raw, F_GETFL)
        _ = fcntl(descriptor.raw, F_SETFL, flags & ~O_NONBLOCK)
        // Generous: a test that waits in vain ends, and says so.
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor.raw, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor.raw, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Sends bytes; false once the other side has closed.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor.raw, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    func send(json: String) -> Bool { send(frame(Array(json.utf8))) }

    /// The next whole message, nil at the end of the stream.
    func receive() -> [UInt8]? {
        guard let head = read(4) else { return nil }
        return read(head.reduce(0) { $0 << 8 | Int($1) })
    }

    func receiveText() -> String? { receive().map { String(decoding: $0, as: UTF8.self) } }

    /// Whether the other side has closed, and nothing is left to be read.
    func isAtEnd() -> Bool { read(1) == nil }

    private func read(_ count: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var chunk = [UInt8](repeating: 0, count: count - bytes.count)
            let got = recv(descriptor.raw, &chunk, chunk.count, 0)
            guard got > 0 else { return nil }
            bytes += chunk.prefix(got)
        }
        return bytes
    }
}

/// `message` with its length before it.
func frame(_ message: [UInt8]) -> [UInt8] {
    let length = UInt32(message.count)
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + message
}

/// A directory of its own for a test, removed at its end.
final class Scratch: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/wire-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp") }
        path = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
    }

    deinit {
        for name in ["socket"] { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    var socket: String { "\(path)/socket" }
}
