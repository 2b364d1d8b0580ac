import Synchronization

/// The writes that wait, first come first served, and the sleep of the one thread that takes them.
final class JobQueue: Sendable {
    enum Next {
        case jobs([any Job])
        /// Nothing came for as long as it waited.
        case quiet
        /// Nothing is left and nothing will come.
        case closed
    }

    private struct State {
        var jobs: [any Job] = []
        var isClosed = false
        var isAsleep = false

        /// Whether the thread sleeps and is to be woken, which only the first who asks has to do.
        mutating func wake() -> Bool {
            defer { isAsleep = false }
            return isAsleep
        }
    }

    private let limit: Int
    private let state = Mutex(State())
    private let bell: Doorbell

    /// Lets `limit` jobs wait.
    init(limit: Int) throws(StoreError) {
        self.limit = limit
        bell = try Doorbell()
    }

    var count: Int { state.withLock { $0.jobs.count } }

    /// Adds `job` at the end.
    ///
    /// - Throws: ``StoreError/Kind/overloaded`` or ``StoreError/Kind/closed``, and then the job is not run.
    func add(_ job: some Job) throws(StoreError) {
        let mustWake = try state.withLock { state throws(StoreError) in
            guard !state.isClosed else { throw StoreError(.closed, "the database is closed") }
            guard state.jobs.count < limit else {
                throw StoreError(.overloaded, "\(limit) writes wait for the database already")
            }
            state.jobs.append(job)
            return state.wake()
        }
        if mustWake { bell.ring() }
    }

    /// Lets no more jobs in; those that wait are still given out.
    func close() {
        let mustWake = state.withLock { state in
            state.isClosed = true
            return state.wake()
        }
        if mustWake { bell.ring() }
    }

    /// Waits for jobs, for so many milliseconds at most, and takes up to `most`, the oldest first.
    func next(_ most: Int, within milliseconds: Int?) -> Next {
        while true {
            if let next = take(most, orSleep: true) { return next }
            guard bell.wait(milliseconds: milliseconds) else { return take(most, orSleep: false) ?? .quiet }
        }
    }

    private func take(_ most: Int, orSleep: Bool) -> Next? {
        state.withLock { state in
            guard !state.jobs.isEmpty else {
                state.isAsleep = orSleep && !state.isClosed
                return state.isClosed ? .closed : nil
            }
            let taken = Array(state.jobs.prefix(most))
            state.jobs.removeFirst(taken.count)
            return .jobs(taken)
        }
    }
}
