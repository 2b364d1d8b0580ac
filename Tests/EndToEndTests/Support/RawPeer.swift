import Glibc

@testable import Wire

/// A peer that writes and reads bytes as it likes, well-formed or not.
@Loop
final class RawPeer {
    private let descriptor: Descriptor
    private var unread: [UInt8] = []

    init(_ daemon: Daemon) throws { descriptor = try UnixSocket.connect(to: daemon.socket) }

    /// Sends bytes; false where the other side closed, or reads nothing for `seconds`.
    @discardableResult
    func send(_ bytes: [UInt8], within seconds: Int = 30) async -> Bool {
        var rest = bytes[...]
        var end = Deadline.after(milliseconds: seconds * 1_000)
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor.raw, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            if count > 0 {
                rest = rest.dropFirst(count)
                end = .after(milliseconds: seconds * 1_000)
            } else {
                guard errno == EAGAIN || errno == EINTR, !end.hasPassed else { return false }
                await Loop.pause(milliseconds: 2)
            }
        }
        return true
    }

    @discardableResult
    func send(json: String) async -> Bool { await send(frame(json)) }

    /// The next whole message; nil at the end of the stream, or where none comes for `seconds`.
    func receive(within seconds: Int = 30) async -> String? {
        let end = Deadline.after(milliseconds: seconds * 1_000)
        while true {
            if unread.count >= 4 {
                let length = unread.prefix(4).reduce(0) { $0 << 8 | Int($1) }
                if unread.count >= 4 + length {
                    let message = String(decoding: unread[4..<(4 + length)], as: UTF8.self)
                    unread.removeFirst(4 + length)
                    return message
                }
            }
            guard await readMore(until: end) else { return nil }
        }
    }

    /// Whether the other side closes, whatever else it sends, within `seconds`.
    func isClosed(within seconds: Int = 30) async -> Bool {
        let end = Deadline.after(milliseconds: seconds * 1_000)
        while await readMore(until: end) { unread = [] }
        return !end.hasPassed
    }

    private func readMore(until end: Deadline) async -> Bool {
        while true {
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            let count = recv(descriptor.raw, &chunk, chunk.count, 0)
            if count > 0 {
                unread += chunk.prefix(count)
                return true
            }
            guard count < 0, errno == EAGAIN || errno == EINTR, !end.hasPassed else { return false }
            await Loop.pause(milliseconds: 2)
        }
    }
}

/// A message with its length before it.
func frame(_ message: String) -> [UInt8] { frame(Array(message.utf8)) }

func frame(_ message: [UInt8]) -> [UInt8] {
    let length = UInt32(message.count)
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + message
}
