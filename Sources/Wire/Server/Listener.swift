import CLinux
import Glibc

/// A listening socket: decides by the peer's credentials, before the first byte is read, who may stay.
@Loop
final class Listener: Pollable {
    private let socket: Descriptor
    private let server: Server
    private let guests: Guests
    /// The file to remove at the end; nil where systemd owns the socket.
    private let path: String?
    private var isStopped = false

    /// Whom a socket lets in.
    struct Guests {
        /// Users who may make calls; nil: everybody.
        let callers: Set<UInt32>?
        /// Users who may make those calls alone that are for everybody (``Peers/everybody``).
        let monitors: Set<UInt32>

        func isCaller(_ user: UInt32) -> Bool { callers?.contains(user) ?? true }
    }

    init(_ socket: consuming Descriptor, server: Server, guests: Guests, path: String?) throws(SystemError) {
        let raw = socket.raw
        self.socket = socket
        self.server = server
        self.guests = guests
        self.path = path
        try Poller.shared.add(raw, events: UInt32(CLINUX_IN), owner: self)
    }

    func ready(_ events: UInt32) {
        // So many at a turn at most, so that connections that exist get their turn too.
        for _ in 0..<64 {
            let raw = clinux_accept(socket.raw)
            guard raw >= 0 else {
                if errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM { rest() }
                return
            }
            welcome(Descriptor(adopting: raw))
        }
    }

    private func welcome(_ descriptor: consuming Descriptor) {
        var (process, user, group) = (pid_t(), uid_t(), gid_t())
        guard clinux_peer(descriptor.raw, &process, &user, &group) == 0 else { return }
        let isCaller = guests.isCaller(user)
        if !isCaller, !guests.monitors.contains(user) {
            server.report(.stranger(user: user))
            turnAway(descriptor, Refusal(.notACaller, "User \(user) may not connect to this socket."))
        } else if !server.hasRoom {
            turnAway(descriptor, Refusal(.overloaded, "There are too many connections.", retryAfter: 1))
        } else {
            do {
                try server.adopt(descriptor, user: user, isCaller: isCaller)
            } catch {
                server.report(.cannotAccept(problem: "\(error)"))
            }
        }
    }

    /// Says why, as far as the peer's buffer takes it, and closes.
    private func turnAway(_ descriptor: consuming Descriptor, _ refusal: Refusal) {
        let writer = MessageWriter(capacity: 256)
        writer.refusal(0, in: .json, refusal)
        writer.withBytes { _ = send(descriptor.raw, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
    }

    /// Waits until descriptors are free again: accepting at once would fail in the same way.
    private func rest() {
        server.report(.cannotAccept(problem: "\(SystemError("accept4"))"))
        Poller.shared.modify(socket.raw, events: 0)
        Loop.after(milliseconds: 100) { [weak self] in
            guard let self, !isStopped else { return }
            Poller.shared.modify(socket.raw, events: UInt32(CLINUX_IN))
        }
    }

    func stop() {
        isStopped = true
        Poller.shared.remove(socket.raw)
        if let path { unlink(path) }
    }
}
