import Foundation
import Synchronization

/// What has to be tidied up where somebody interrupts a run: services that it started, and their scratch directory.
enum Interruption {
    private struct Left {
        var processes: Set<Int32> = []
        var folders: Set<String> = []
        var isOver = false
    }

    private static let left = Mutex(Left())

    /// From now on, and as long as the result lives, Ctrl-C and its kin end the services too, and then this process.
    static func watch() -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM, SIGHUP].map { number in
            // A handler, for the services would inherit that a signal is ignored, and not that it is handled.
            signal(number) { _ in }
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            let tidyUp: @Sendable () -> Void = { end(by: number) }
            source.setEventHandler(handler: DispatchWorkItem(block: tidyUp))
            source.resume()
            return source
        }
    }

    /// Starts a process, unless all is to end: an interruption finds it either not begun or known.
    static func start(_ process: Process) throws {
        try left.withLock { left in
            guard !left.isOver else { throw Problem.failed("interrupted") }
            try process.run()
            left.processes.insert(process.processIdentifier)
        }
    }

    static func ended(_ process: Int32) { left.withLock { _ = $0.processes.remove(process) } }
    static func made(_ folder: String) { left.withLock { _ = $0.folders.insert(folder) } }

    /// Removes a folder, unless the interruption does.
    static func remove(_ folder: String) {
        left.withLock { left in
            guard !left.isOver, left.folders.remove(folder) != nil else { return }
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    /// Waits for ever where the run was interrupted: what fails then fails for that, and how the process ends is decided.
    static func waitIfOver() {
        while left.withLock({ $0.isOver }) { sleep(1) }
    }

    private static func end(by number: Int32) {
        let (processes, folders) = left.withLock { left in
            left.isOver = true
            return (left.processes, left.folders)
        }
        for process in processes { kill(process, SIGTERM) }
        // A service first answers what is in flight, for ten seconds at most.
        let end = Clock.now + 15 * Clock.second
        while processes.contains(where: { kill($0, 0) == 0 }), Clock.now < end { usleep(20_000) }
        for folder in folders { try? FileManager.default.removeItem(atPath: folder) }
        _exit(128 + number)
    }
}
