import CLinux
import Glibc
import Wire

/// A TCP connection to a carrier, on the loop: connects, hands over what comes, and writes what it is given.
@Loop
final class CarrierSocket: Pollable {
    /// What happens to a connection, told to its owner.
    @Loop
    protocol Owner: AnyObject {
        func connected()
        func received(_ bytes: [UInt8])
        /// Some of what was given is with the kernel now: ``CarrierSocket/sent`` has grown.
        func wrote()
        /// The connection is over, also where it never began.
        func closed(_ failure: CarrierFailure)
    }

    weak var owner: (any Owner)?
    /// Bytes that were given to be written, and those that have left, since the beginning.
    private(set) var given = 0
    private(set) var sent = 0
    /// When something last came, in nanoseconds of the monotonic clock.
    private(set) var lastRead = Poller.shared.now

    private var descriptor: CInt
    private var isConnected = false
    /// What waits to be written.
    private var output: [UInt8] = []
    private var flushes = false
    private var waitsToWrite = true
    /// Why it closes once everything is written.
    private var ending: CarrierFailure?

    /// Bytes of answers that the peer may leave unread.
    private static let unreadLimit = 1 << 20
    /// Bytes that are read at once.
    private static let readSize = 64 << 10

    /// Goes on with a connection that was begun.
    init(_ descriptor: consuming Descriptor) throws(SystemError) {
        let raw = descriptor.release()
        self.descriptor = raw
        do {
            try Poller.shared.add(raw, events: UInt32(CLINUX_IN | CLINUX_OUT), owner: self)
        } catch {
            Glibc.close(raw)
            self.descriptor = -1
            throw error
        }
    }

    var isOpen: Bool { descriptor >= 0 }

    // MARK: writing

    /// Writes `bytes` soon, together with all that is given in this turn of the loop.
    func write(_ bytes: [UInt8]) {
        guard isOpen, ending == nil else { return }
        output += bytes
        given += bytes.count
        guard output.count <= Self.unreadLimit else {
            return close(.broken("it does not read what is sent to it"))
        }
        guard !flushes else { return }
        flushes = true
        Poller.shared.atEndOfTurn { [self] in
            flushes = false
            flush()
        }
    }

    /// Closes once everything is written.
    func closeWhenWritten(_ failure: CarrierFailure) {
        guard isOpen else { return }
        ending = failure
        if output.isEmpty { close(failure) }
    }

    private func flush() {
        guard isOpen, isConnected, !output.isEmpty else { return }
        var count = 0
        while count < output.count {
            let written = unsafe output[count...].withUnsafeBytes {
                unsafe send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            if written > 0 {
                count += written
            } else if errno != EINTR {
                break
            }
        }
        let error = errno
        output.removeFirst(count)
        sent += count
        if count > 0 { owner?.wrote() }
        guard isOpen else { return }
        if output.isEmpty {
            if let ending { return close(ending) }
        } else if error != EAGAIN {
            return close(.broken("\(SystemError("send", code: error))"))
        }
        wait(toWrite: !output.isEmpty)
    }

    private func wait(toWrite: Bool) {
        guard toWrite != waitsToWrite else { return }
        waitsToWrite = toWrite
        Poller.shared.modify(descriptor, events: UInt32(CLINUX_IN | (toWrite ? CLINUX_OUT : 0)))
    }

    // MARK: reading

    func ready(_ events: UInt32) {
        guard isConnected || finishConnecting() else { return }
        read()
        flush()
    }

    /// Hands over what has come already, so that nothing is judged as missing that is only unread.
    func drain() {
        if isConnected { read() }
    }

    private func finishConnecting() -> Bool {
        var error: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 else { return false }
        guard error == 0 else {
            close(.unreachable("\(SystemError("connect", code: error))"))
            return false
        }
        isConnected = true
        wait(toWrite: false)
        owner?.connected()
        return isOpen
    }

    /// Reads a few times and not for ever: other descriptors have their turn too.
    private func read() {
        for _ in 0..<4 {
            guard isOpen else { return }
            var count = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Self.readSize) { buffer, filled in
                count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
                filled = max(0, count)
            }
            guard count > 0 else {
                if count == 0 { return close(.broken("it closed the connection")) }
                if errno != EAGAIN, errno != EINTR { close(.broken("\(SystemError("recv"))")) }
                return
            }
            lastRead = Poller.shared.now
            owner?.received(bytes)
        }
    }

    func close(_ failure: CarrierFailure) {
        guard isOpen else { return }
        Poller.shared.remove(descriptor)
        Glibc.close(descriptor)
        descriptor = -1
        owner?.closed(failure)
    }
}
