import CLinux
import Glibc
import Synchronization

/// Runs the jobs of ``Loop`` on the loop's thread, and wakes it when a job comes from another one.
final class LoopExecutor: SerialExecutor, TaskExecutor {
    /// What the threads share.
    private struct Shared {
        var jobs: [UnownedJob] = []
        /// The poller, waiting for its turn once all jobs have run.
        var poller: UnsafeContinuation<Void, Never>?
        /// Whether the loop's thread sleeps in epoll and must be woken.
        var asleep = false
    }

    private let shared = Mutex(Shared())
    /// Jobs that were taken out of ``Shared/jobs`` and still wait behind the one that runs. The loop's thread alone uses it.
    private let waiting = Atomic<Int>(0)
    /// The loop's thread, once it runs.
    private let thread = Atomic<UInt>(0)
    /// Becomes readable when the loop must wake up.
    let wakeUp: Descriptor

    init() {
        let descriptor = clinux_eventfd()
        precondition(descriptor >= 0, "\(SystemError("eventfd"))")
        wakeUp = Descriptor(adopting: descriptor)
    }

    func start() {
        startThread(named: "loop") { self.run() }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let mustWake = shared.withLock { shared in
            shared.jobs.append(job)
            defer { shared.asleep = false }
            return shared.asleep
        }
        if mustWake { wake() }
    }

    func isIsolatingCurrentContext() -> Bool? { isLoopThread }

    func checkIsolated() {
        precondition(isLoopThread, "not on the loop's thread")
    }

    private var isLoopThread: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    /// Suspends the poller until all jobs that wait now have run.
    @Loop func afterJobs() async {
        await withUnsafeContinuation { poller in
            shared.withLock { $0.poller = poller }
        }
    }

    /// Whether nothing waits to be run, so that the loop may sleep; from here on a new job wakes it.
    func fallAsleep() -> Bool {
        shared.withLock { shared in
            // The poller's turn may be one job of several: the others must not wait for what wakes it.
            shared.asleep = shared.jobs.isEmpty && waiting.load(ordering: .relaxed) == 0
            return shared.asleep
        }
    }

    /// The poller is awake again: new jobs need not wake it.
    func wakeFully() {
        shared.withLock { $0.asleep = false }
    }

    private func wake() {
        var one: UInt64 = 1
        _ = write(wakeUp.raw, &one, 8)
    }

    /// The loop thread's whole life: the jobs that wait, then a turn of the poller, and again.
    private func run() -> Never {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        Loop.start { await Poller.shared.run() }
        var jobs: [UnownedJob] = []
        while true {
            let (poller, nothing) = shared.withLock { shared in
                swap(&jobs, &shared.jobs)
                let poller = shared.poller.take()
                shared.asleep = poller == nil && jobs.isEmpty
                return (poller, shared.asleep)
            }
            if nothing { waitForWakeUp() }
            for (index, job) in jobs.enumerated() {
                waiting.store(jobs.count - index - 1, ordering: .relaxed)
                job.runSynchronously(on: asUnownedSerialExecutor())
            }
            jobs.removeAll(keepingCapacity: true)
            poller?.resume()
        }
    }

    /// Blocks until ``wake()``: only before the poller's first turn, which does the waiting from then on.
    private func waitForWakeUp() {
        var entry = pollfd(fd: wakeUp.raw, events: Int16(POLLIN), revents: 0)
        _ = poll(&entry, 1, -1)
    }
}
