/// A write that waits for its turn in the transaction of a batch.
protocol Job: Sendable {
    /// Does the work. Nobody hears of it before the batch is on disk, or is not. It may be undone and done again, until
    /// one of its outcomes is settled.
    func run(on database: Database) -> Outcome
    /// Answers without having run.
    func refuse(_ error: StoreError)
}

/// What a job came to.
struct Outcome {
    /// Whether its changes are to be kept: false where it threw.
    let isKept: Bool
    /// Answers whoever waits: with what the job returned or threw, or with why the batch was not committed.
    let settle: (StoreError?) -> Void
}

/// Work of a caller, and how it is answered.
struct Write<T: Sendable>: Job {
    let work: @Sendable (Database) throws -> T
    let answer: @Sendable (Result<T, any Error>) -> Void

    func run(on database: Database) -> Outcome {
        do {
            let value = try work(database)
            // A deferred reference would else fail at the commit, and with it everybody in the batch.
            try database.checkDeferredReferences()
            return Outcome(isKept: true) { failure in answer(failure.map { .failure($0) } ?? .success(value))
            }
        } catch {
            // Told after the commit as well: the error may come from what an earlier job of the batch did.
            return Outcome(isKept: false) { failure in answer(.failure(failure ?? error)) }
        }
    }

    func refuse(_ error: StoreError) { answer(.failure(error)) }
}
