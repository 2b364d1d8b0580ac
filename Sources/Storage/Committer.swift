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
    /// - Returns: those not done yet, where a failure ended the transaction before its end.
    private func transact(_ jobs: ArraySlice<any Job>) -> ArraySlice<any Job> {
        var rest = jobs
        do throws(StoreError) {
            try database.run("BEGIN IMMEDIATE")
        } catch {
            note(error)
            for job in jobs { job.refuse(error) }
            return []
        }
        do throws(StoreError) {
            while let job = rest.popFirst() { try perform(job) }
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

    /// Does one job so that it can be undone without the others.
    ///
    /// - Throws: where the whole transaction is lost.
    private func perform(_ job: any Job) throws(StoreError) {
        record.jobs.add(1, ordering: .relaxed)
        do throws(StoreError) {
            try database.run("SAVEPOINT job")
        } catch {
            settles.append { _ in job.refuse(error) }
            throw error
        }
        database.lastError = nil
        let outcome = job.run(on: database)
        settles.append(outcome.settle)

        // After some failures, a full disk for one, SQLite has rolled everything back already.
        guard database.isInTransaction else {
            guard let error = database.lastError else {
                preconditionFailure("a write ended its own transaction")
            }
            throw error
        }
        if !outcome.isKept { try database.run("ROLLBACK TO job") }
        try database.run("RELEASE job")
    }

    private func settle(_ failure: StoreError?) {
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
