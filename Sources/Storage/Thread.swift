import CLinux
import Glibc
import Synchronization

/// A thread of the operating system, for work that blocks.
final class Thread: Sendable {
    private let handle: Mutex<pthread_t?>

    /// Starts a thread that runs `body` once. Of its name top and gdb show 15 characters.
    init(named name: StaticString, _ body: @escaping @Sendable () -> Void) throws(StoreError) {
        var handle = pthread_t()
        let errand = Unmanaged.passRetained(Errand(name, body))
        let code = pthread_create(&handle, nil, { runErrand($0) }, errand.toOpaque())
        guard code == 0 else {
            errand.release()
            throw StoreError(.other, "cannot start the thread \(name): \(String(cString: strerror(code)))")
        }
        self.handle = Mutex(handle)
    }

    deinit {
        // Nobody will wait for it: the system frees it when it ends.
        if let handle = handle.withLock({ $0.take() }) { pthread_detach(handle) }
    }

    /// Waits until it has ended; everybody who asks waits.
    func join() {
        handle.withLock { handle in
            guard let running = handle else { return }
            let code = pthread_join(running, nil)
            precondition(code == 0, "a thread cannot wait for itself")
            handle = nil
        }
    }
}

private final class Errand: Sendable {
    let name: StaticString
    let body: @Sendable () -> Void

    init(_ name: StaticString, _ body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}

private func runErrand(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    let errand = Unmanaged<Errand>.fromOpaque(context).takeRetainedValue()
    errand.name.withUTF8Buffer { name in
        name.withMemoryRebound(to: CChar.self) { if let start = $0.baseAddress { clinux_name_thread(start) } }
    }
    errand.body()
    return nil
}
