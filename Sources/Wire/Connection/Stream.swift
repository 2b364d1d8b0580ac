import CLinux
import Glibc

/// One connected socket on the loop: reads frames, and writes what was appended to ``output`` at the end of the turn.
///
/// Both ends use it: a server's connections and a client's.
@Loop
final class Stream: Pollable {
    /// What happens to a stream, told to its owner.
    @Loop
    protocol Owner: AnyObject {
        /// A whole message came; returns whether to go on with the next one.
        func received(_ message: UnsafeRawBufferPointer) -> Bool
        /// The peer announced a frame that is none, or longer than the limit. Nothing more is read.
        func malformedFrame(_ failure: FrameReader.Failure)
        /// The stream is closed; for nil by the peer, between two frames.
        func closed(_ why: String?)
    }

    /// Frames to be written; whoever appends calls ``flushSoon()``.
    let output = MessageWriter(capacity: 1_024)
    weak var owner: (any Owner)?
    /// When the peer last sent something, and when it began the frame that is not complete yet (monotonic nanoseconds).
    private(set) var lastRead: Int64
    private(set) var frameBegun: Int64?
    /// Since when the peer has read nothing of what waits for it.
    private(set) var stalledSince: Int64?

    private var descriptor: CInt
    private let frameLimit: Int
    private let unreadLimit: Int
    private var reader = FrameReader()
    private var written = 0
    /// Whether the owner wants no more for now, and whether the peer must first read what waits for it.
    private var isHeldByOwner = false
    private var isHeldByBacklog = false
    private var isReading: Bool { !isHeldByOwner && !isHeldByBacklog }
    private var isWriting = false
    private var flushes = false
    /// Whether a read is being handled, at whose end all that it appended is written.
    private var isHandlingRead = false
    private var closesWhenWritten = false

    init(_ descriptor: consuming Descriptor, frameLimit: Int, unreadLimit: Int) throws(SystemError) {
        let raw = descriptor.release()
        self.descriptor = raw
        self.frameLimit = frameLimit
        self.unreadLimit = unreadLimit
        lastRead = Poller.shared.now
        do {
            try Poller.shared.add(raw, events: UInt32(CLINUX_IN), owner: self)
        } catch {
            Glibc.close(raw)
            self.descriptor = -1
            throw error
        }
    }

    var isOpen: Bool { descriptor >= 0 }
    /// Bytes that the peer has not taken yet.
    var unread: Int { output.count - written }

    func ready(_ events: UInt32) {
        if events & UInt32(CLINUX_OUT) != 0 { write() }
        if events & UInt32(CLINUX_IN | CLINUX_HANGUP | CLINUX_ERROR) != 0, isOpen {
            isHandlingRead = true
            read()
            isHandlingRead = false
        }
        // At once and not at the end of the turn, so that this peer can go on while others are being read from.
        if isOpen, unread > 0, !isWriting { write() }
    }

    /// Stops or goes on reading: while it is stopped, the kernel holds the sender back.
    func read(_ goOn: Bool) {
        guard isHeldByOwner == goOn else { return }
        isHeldByOwner = !goOn
        readingChanged()
    }

    private func readingChanged() {
        guard isOpen else { return }
        listen()
        guard isReading else { return }
        // Frames that were read before are still to be handled.
        Poller.shared.atEndOfTurn { [weak self] in
            self?.takeFrames(UnsafeRawBufferPointer(start: nil, count: 0))
        }
    }

    /// Writes soon, once for all that is appended until then: at the end of the read that is being handled, or else of this
    /// turn of the loop.
    func flushSoon() {
        guard !flushes, !isHandlingRead else { return }
        flushes = true
        Poller.shared.atEndOfTurn { [self] in
            flushes = false
            if isOpen { write() }
        }
    }

    /// Closes once everything is written; nothing more is read.
    func closeWhenWritten() {
        closesWhenWritten = true
        read(false)
        if unread == 0 { close(nil) } else { flushSoon() }
    }

    func close(_ why: String?) {
        guard isOpen else { return }
        Poller.shared.remove(descriptor)
        Glibc.close(descriptor)
        descriptor = -1
        owner?.closed(why)
    }

    private func read() {
        let count = recv(descriptor, Self.readBuffer.baseAddress, Self.readBuffer.count, 0)
        if count > 0 {
            lastRead = Poller.shared.now
            takeFrames(UnsafeRawBufferPointer(rebasing: Self.readBuffer[..<count]))
        } else if count == 0 {
            close(reader.isInsideFrame ? "the peer closed in the middle of a frame" : nil)
        } else if errno != EAGAIN, errno != EINTR {
            close("\(SystemError("recv"))")
        }
    }

    private func takeFrames(_ new: UnsafeRawBufferPointer) {
        guard isOpen, isReading || !new.isEmpty else { return }
        do {
            try reader.take(new, limit: frameLimit) { message in
                guard let owner, owner.received(message) else { return false }
                if unread > Self.backlogLimit, !isHeldByBacklog {
                    isHeldByBacklog = true
                    readingChanged()
                }
                return isReading && isOpen
            }
            frameBegun = reader.isInsideFrame && isReading ? frameBegun ?? Poller.shared.now : nil
        } catch {
            owner?.malformedFrame(error)
        }
    }

    private func write() {
        while unread > 0 {
            let count = output.withBytes(from: written) {
                send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            if count > 0 {
                written += count
                stalledSince = nil
            } else if count < 0, errno == EINTR {
                continue
            } else if count < 0, errno == EAGAIN {
                return waitUntilWritable()
            } else {
                return close("\(SystemError("send"))")
            }
        }
        output.removeAll()
        output.shrink(to: 64 << 10)
        written = 0
        if isWriting {
            isWriting = false
            listen()
        }
        if closesWhenWritten { return close(nil) }
        if isHeldByBacklog {
            isHeldByBacklog = false
            readingChanged()
        }
    }

    private func waitUntilWritable() {
        if written > 64 << 10 {
            output.removeFirst(written)
            written = 0
        }
        guard unread <= unreadLimit else { return close("the peer does not read its answers") }
        stalledSince = stalledSince ?? Poller.shared.now
        guard !isWriting else { return }
        isWriting = true
        listen()
    }

    /// Bytes that wait to be written, at which no more requests are taken until they are.
    private static let backlogLimit = 256 << 10

    /// Where the loop's thread reads to: one buffer for all streams, since each read is handled before the next.
    private static let readBuffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: 128 << 10, alignment: 16)

    private func listen() {
        let input = isReading ? UInt32(CLINUX_IN) : 0
        Poller.shared.modify(descriptor, events: input | (isWriting ? UInt32(CLINUX_OUT) : 0))
    }
}
