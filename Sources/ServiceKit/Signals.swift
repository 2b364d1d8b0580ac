import CLinux
import Glibc
import Wire

/// Signals, read on the loop like any other input.
@Loop
final class Signals: Pollable {
    private let descriptor: Descriptor
    private let handle: @Loop (CInt) -> Void

    /// Blocks `signals` in the calling thread and all that it starts from then on; a descriptor to read them from.
    nonisolated static func block(_ signals: [CInt]) throws(SystemError) -> Descriptor {
        let raw = clinux_signalfd(signals, CInt(signals.count))
        guard raw >= 0 else { throw SystemError("signalfd") }
        return Descriptor(adopting: raw)
    }

    init(_ descriptor: consuming Descriptor, handle: @escaping @Loop (CInt) -> Void) throws(SystemError) {
        let raw = descriptor.raw
        self.descriptor = descriptor
        self.handle = handle
        try Poller.shared.add(raw, events: UInt32(CLINUX_IN), owner: self)
    }

    func ready(_ events: UInt32) {
        while case let signal = clinux_signalfd_read(descriptor.raw), signal != 0 { handle(signal) }
    }
}
