import Synchronization

/// The work of the writer's thread: batches of jobs into transactions, and the log emptied now and then.
final class Committer {
    private let database: Database
    private let queue: JobQueue
    private let settings: Writer.Settings
    private let record: Record
    private let clock = ContinuousClock()

    private var settles: [(StoreError?) -> Void] = []
    // Since when the write-ahead log holds something.
    private var loggedSince: ContinuousClock.Instant?
    private var isTroubled = false

    init(database: Database, queue: JobQueue, settings: Writer.Settings, record: Record) {
        self.database = database
        self.queue = queue
        self.settings = settings
        self.record = record
    }

    /// Works until the queue is closed and empty.
    func run() {
        while true {
            switch queue.next(settings.batch, within: patience) {
            case .jobs(let jobs):
                commit(jobs)
                if let loggedSince, clock.now - loggedSince > .milliseconds(settings.busyMilliseconds) {
                    emptyLog()
                }
            case .quiet:
                if isTroubled { probe() }
                if loggedSince != nil { emptyLog() }
            case .closed:
                emptyLog()
                return
            }
        }
    }

    /// How long to wait for jobs, in milliseconds, before there is something else to do; nil: nothing else is to be done.
    private var patience: Int? {
        if isTroubled { return min(1_000, settings.idleMilliseconds) }
        return loggedSince == nil ? nil : settings.idleMilliseconds
    }

    /// Does every job, in as few transactions as can be.
    private func commit(_ jobs: [any Job]) {
        var rest = jobs[...]
        while !rest.isEmpty { rest = transact(rest) }
    }

    /// Does `jobs` in one transaction and answers them after its commit.
    ///
    /// - Parameters:
    ///   - jobs: the oldest first.
    ///   - apart: whether each can be undone without the others. That costs a copy of every page that it changes; so
    ///     they are done without first, and all again with it where one has to be undone.
    /// - Returns: those not done yet, where a failure ended the transaction before its end.
    private func transact(_ jobs: ArraySlice<any Job>, apart: Bool = false) -> ArraySlice<any Job> {
        var rest = jobs
        do throws(StoreError) {
            try database.run("BEGIN IMMEDIATE")
        } catch {
            note(error)
            for job in jobs { job.refuse(error) }
            return []
        }
        do throws(StoreError) {
            while let job = rest.popFirst() {
                let isDone = apart ? try performApart(job) : try perform(job)
                guard isDone else {
                    database.rollBack()
                    settles.removeAll(keepingCapacity: true)
                    return transact(jobs, apart: true)
                }
            }
            try database.run("COMMIT")
            note(nil)
            settle(nil)
        } catch {
            database.rollBack()
            note(error)
            settle(error)
        }
        return rest
    }

    /// Does one job; false where it has to be undone.
    ///
    /// - Throws: where the whole transaction is lost.
    private func perform(_ job: any Job) throws(StoreError) -> Bool {
        let changes = database.changes
        let outcome = try run(job)
        guard outcome.isKept || (database.changes == changes && database.lastError == nil) else {
            return false
        }
        settles.append(outcome.settle)
        return true
    }

    /// Does one job, and undoes it without the others where it has to be undone.
    ///
    /// - Throws: where the whole transaction is lost.
    private func performApart(_ job: any Job) throws(StoreError) -> Bool {
        do throws(StoreError) {
            try database.run("SAVEPOINT job")
        } catch {
            settles.append { _ in job.refuse(error) }
            throw error
        }
        let outcome = try run(job)
        settles.append(outcome.settle)
        if !outcome.isKept { try database.run("ROLLBACK TO job") }
        try database.run("RELEASE job")
        return true
    }

    private func run(_ job: any Job) throws(StoreError) -> Outcome {
        database.lastError = nil
        let outcome = job.run(on: database)
        // After some failures, a full disk for one, SQLite has rolled everything back already.
        guard database.isInTransaction else {
            guard let error = database.lastError else {
                preconditionFailure("a write ended its own transaction")
            }
            settles.append(outcome.settle)
            throw error
        }
        return outcome
    }

    private func settle(_ failure: StoreError?) {
        record.jobs.add(settles.count, ordering: .relaxed)
        for settle in settles { settle(failure) }
        settles.removeAll(keepingCapacity: true)
    }

    /// Keeps how the last transaction ended.
    private func note(_ failure: StoreError?) {
        if failure == nil {
            record.commits.add(1, ordering: .relaxed)
            if loggedSince == nil { loggedSince = clock.now }
        }
        guard isTroubled || failure != nil else { return }
        isTroubled = failure != nil
        record.trouble.withLock { $0 = failure }
    }

    /// Commits a change of nothing: a service that refuses work while its disk is full learns that it no longer is.
    private func probe() {
        do throws(StoreError) {
            try database.run("UPDATE schema_migration SET applied = applied")
            note(nil)
        } catch {
            database.rollBack()
            note(error)
        }
    }

    private func emptyLog() {
        // Where a reader still needs the log, the next pause tries again.
        if database.emptyLog() { loggedSince = nil }
    }
}
