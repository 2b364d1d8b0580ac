import CLinux
import Glibc
import Wire

/// A TCP connection to a carrier, on the loop: connects, hands over what comes, and writes what it is given; under TLS
/// where that is wanted.
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
    /// Makes TLS of the connection once it is there; nil for none.
    private let secure: (@Loop (CInt) throws(CarrierFailure) -> TLS)?
    private var tls: TLS?
    /// Whether TLS waits for room to write, for whatever it does.
    private var tlsWaitsToWrite = false
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
    init(
        _ descriptor: consuming Descriptor, secure: (@Loop (CInt) throws(CarrierFailure) -> TLS)? = nil
    ) throws(SystemError) {
        let raw = descriptor.release()
        self.descriptor = raw
        self.secure = secure
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
        guard isOpen, isConnected else { return }
        var count = 0
        var failure: CarrierFailure?
        tlsWaitsToWrite = false
        sending: while count < output.count {
            switch unsafe output[count...].withUnsafeBytes({ unsafe transmit($0) }) {
            case .count(let written): count += written
            case .waits(let toWrite):
                tlsWaitsToWrite = toWrite
                break sending
            case .closed: break sending
            case .failed(let problem):
                failure = problem
                break sending
            }
        }
        output.removeFirst(count)
        sent += count
        if count > 0 { owner?.wrote() }
        guard isOpen else { return }
        if let failure { return close(failure) }
        if output.isEmpty, let ending { return close(ending) }
        wait(toWrite: tlsWaitsToWrite)
    }

    private func transmit(_ bytes: UnsafeRawBufferPointer) -> TLS.Step {
        if let tls { return unsafe tls.write(bytes) }
        let count = unsafe send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
        if count > 0 { return .count(count) }
        return errno == EAGAIN || errno == EINTR
            ? .waits(toWrite: true) : .failed(.broken("\(SystemError("send"))"))
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
        if tls != nil { return secured() }
        var error: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 else { return false }
        guard error == 0 else {
            close(.unreachable("\(SystemError("connect", code: error))"))
            return false
        }
        wait(toWrite: false)
        return secured()
    }

    /// Whether the connection can be used: at once without TLS, else after its handshake.
    private func secured() -> Bool {
        if let secure {
            do throws(CarrierFailure) {
                if tls == nil { tls = try secure(descriptor) }
                guard let tls else { return false }
                switch tls.handshake() {
                case .failed(let failure): throw failure
                case .waits(let toWrite): wait(toWrite: toWrite)
                case .count, .closed: break
                }
                guard tls.isReady else { return false }
            } catch {
                close(error)
                return false
            }
        }
        isConnected = true
        owner?.connected()
        return isOpen
    }

    /// Reads a few times and not for ever: other descriptors have their turn too.
    private func read() {
        for _ in 0..<4 {
            guard isOpen else { return }
            var step = TLS.Step.closed
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Self.readSize) { buffer, filled in
                step = unsafe receive(buffer)
                if case .count(let count) = step { filled = count }
            }
            switch step {
            case .count:
                lastRead = Poller.shared.now
                owner?.received(bytes)
            case .waits: return
            case .closed: return close(.broken("it closed the connection"))
            case .failed(let failure): return close(failure)
            }
        }
    }

    private func receive(_ buffer: UnsafeMutableBufferPointer<UInt8>) -> TLS.Step {
        if let tls { return unsafe tls.read(buffer) }
        let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count > 0 { return .count(count) }
        if count == 0 { return .closed }
        return errno == EAGAIN || errno == EINTR
            ? .waits(toWrite: false) : .failed(.broken("\(SystemError("recv"))"))
    }

    func close(_ failure: CarrierFailure) {
        guard isOpen else { return }
        tls = nil
        Poller.shared.remove(descriptor)
        Glibc.close(descriptor)
        descriptor = -1
        owner?.closed(failure)
    }
}
