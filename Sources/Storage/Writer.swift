import Synchronization

/// The one connection of a process that changes the database, on a thread of its own. Whatever waits goes into one
/// transaction (group commit): a disk that takes 7,000 commits a second takes 80,000 writes a second from 64 callers.
package final class Writer: Sendable {
    /// Limits; the defaults suit a service.
    package struct Settings: Sendable {
        /// How many writes may wait before more are refused.
        package var limit = 10_000
        /// How many writes go into one transaction at most.
        package var batch = 512
        /// After how long without a write the write-ahead log is emptied, so that what was deleted does not linger.
        package var idleMilliseconds = 2_000
        /// After how long it is emptied where there is no such pause.
        package var busyMilliseconds = 30_000
        package init() {}
    }

    package let path: String
    private let queue: JobQueue
    private let record = Record()
    private let thread: Thread

    /// Opens the database, makes it where it is not there (for this user alone, 0600), claims it for this process
    /// and brings its tables to the state of `schema`. `now`, in milliseconds since 1970, is kept with the migrations
    /// that are done.
    ///
    /// - Throws: where the file is in use, damaged, another program's, or newer than this program.
    package init(
        _ path: String, schema: Schema, now: Int64, settings: Settings = Settings()
    ) throws(StoreError) {
        let lock = try FileLock(database: path)
        let database = try Database(writing: path, schema: schema, now: now)
        let queue = try JobQueue(limit: settings.limit)
        let record = record
        // The connection leaves this thread for good.
        let parcel = Mutex<Committer?>(
            Committer(database: database, queue: queue, settings: settings, record: record))
        thread = try Thread(named: "db-writer") {
            parcel.withLock { $0.take() }?.run()
            // Only now is the connection closed and the file another's to open.
            withExtendedLifetime(lock) {}
        }
        self.path = path
        self.queue = queue
    }

    deinit { queue.close() }

    /// Runs `work` in a transaction and returns what it returns, once that is on disk.
    ///
    /// Writes are done in the order of the calls. One that throws has only its own changes undone. Once it waits it
    /// is not cancelled. `work` must neither block nor keep the database, nor begin or end a transaction; it may be
    /// undone and done again, so that it changes nothing else.
    ///
    /// - Throws: what `work` throws, or a ``StoreError`` where it was not committed: then nothing of it was kept.
    @discardableResult
    package func write<T: Sendable>(_ work: @escaping @Sendable (Database) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { waiting in
            add(Write(work: work) { waiting.resume(with: $0) })
        }
    }

    /// The same for a thread that may block: at start, before the loop runs.
    @discardableResult
    package func writeNow<T: Sendable>(_ work: @escaping @Sendable (Database) throws -> T) throws -> T {
        let bell = try Doorbell()
        let answer = Mutex<Result<T, any Error>?>(nil)
        let write = Write(work: work) { result in
            answer.withLock { $0 = result }
            bell.ring()
        }
        add(write)
        while true {
            if let result = answer.withLock({ $0 }) { return try result.get() }
            _ = bell.wait()
        }
    }

    /// Does what waits, closes the database and gives it free, and returns when that is done. Later writes are refused.
    package func close() {
        queue.close()
        thread.join()
    }

    /// How many writes wait.
    package var waiting: Int { queue.count }
    /// How many writes were done since the start, those that threw included.
    package var jobs: Int { record.jobs.load(ordering: .relaxed) }
    /// How many transactions were committed since the start.
    package var commits: Int { record.commits.load(ordering: .relaxed) }
    /// Why the last transaction was not committed; nil once one was again. The writer itself tries, once a second.
    package var trouble: StoreError? { record.trouble.withLock { $0 } }

    /// Has `job` wait for its turn, or refuses it.
    func add(_ job: some Job) {
        do throws(StoreError) { try queue.add(job) } catch { job.refuse(error) }
    }
}
