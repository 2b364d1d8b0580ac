import CLinux
import Glibc

/// Wakes one thread that waits. A ring while nobody waits is kept for the next wait; several count as one.
package final class Doorbell: Sendable {
    private let descriptor: CInt

    package init() throws(StoreError) {
        descriptor = clinux_eventfd()
        guard descriptor >= 0 else { throw StoreError(system: "eventfd", "the writer's queue") }
    }

    deinit { close(descriptor) }

    package func ring() {
        var one: UInt64 = 1
        // It can only fail when the counter is full, and then it rings already.
        _ = write(descriptor, &one, 8)
    }

    /// Waits for a ring, for so many milliseconds at most, or for ever.
    ///
    /// - Returns: false when the time was over.
    package func wait(milliseconds: Int? = nil) -> Bool {
        var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while true {
            let count = poll(&ready, 1, CInt(clamping: milliseconds ?? -1))
            if count > 0 { break }
            if count == 0 { return false }
            // Interrupted: waiting anew makes the wait longer, which harms nobody here.
            precondition(errno == EINTR, "poll: \(String(cString: strerror(errno)))")
        }
        var rings: UInt64 = 0
        _ = read(descriptor, &rings, 8)
        return true
    }
}
