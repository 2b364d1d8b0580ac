import Synchronization

/// A write that many callers ask for at once and that costs less for many together: all who wait when its turn comes
/// are served by one call of its work, in the order in which they came.
package final class SharedWrite<Input: Sendable, Output: Sendable>: Sendable {
    private struct Caller {
        let input: Input
        let answer: CheckedContinuation<Output, any Error>

        func refuse(_ error: any Error) { answer.resume(throwing: error) }
    }

    private let writer: Writer
    private let work: @Sendable ([Input], Database) throws -> [Output]
    private let callers = Mutex<[Caller]>([])

    /// - Parameters:
    ///   - writer: the writer whose turns it takes.
    ///   - work: answers each input, in their order. It must neither block nor keep the database, nor begin or end a
    ///     transaction; it may be undone and done again. Where it throws, nothing of it is kept, and each input is
    ///     tried again by itself, so that one which cannot be written costs nobody else anything.
    package init(_ writer: Writer, work: @escaping @Sendable ([Input], Database) throws -> [Output]) {
        self.writer = writer
        self.work = work
    }

    /// Returns what the work answers for `input`, once that is on disk.
    ///
    /// - Throws: what the work throws for it, or a ``StoreError`` where it was not committed.
    package func callAsFunction(_ input: Input) async throws -> Output {
        try await withCheckedThrowingContinuation { answer in
            let isFirst = callers.withLock { callers in
                callers.append(Caller(input: input, answer: answer))
                return callers.count == 1
            }
            // While somebody waits, a job for them does.
            if isFirst { writer.add(Turn(self)) }
        }
    }

    /// How many callers wait for the next turn.
    package var waiting: Int { callers.withLock { $0.count } }

    /// One turn of it: for the callers that it is given, or else for those who wait when it comes, however often it is
    /// done.
    private final class Turn: Job {
        private let shared: SharedWrite
        private let callers: Mutex<[Caller]?>

        init(_ shared: SharedWrite, for callers: [Caller]? = nil) {
            self.shared = shared
            self.callers = Mutex(callers)
        }

        func run(on database: Database) -> Outcome { shared.serve(takeCallers(), on: database) }
        func refuse(_ error: StoreError) { for caller in takeCallers() { caller.refuse(error) } }

        private func takeCallers() -> [Caller] {
            callers.withLock { callers in
                let taken = callers ?? shared.takeWaiting()
                callers = taken
                return taken
            }
        }
    }

    private func takeWaiting() -> [Caller] {
        callers.withLock { callers in
            defer { callers = [] }
            return callers
        }
    }

    private func serve(_ callers: [Caller], on database: Database) -> Outcome {
        do {
            let outputs = try work(callers.map(\.input), database)
            precondition(outputs.count == callers.count, "\(outputs.count) answers for \(callers.count)")
            try database.checkDeferredReferences()
            return Outcome(isKept: true) { failure in
                for (caller, output) in zip(callers, outputs) {
                    caller.answer.resume(with: failure.map { .failure($0) } ?? .success(output))
                }
            }
        } catch {
            return Outcome(isKept: false) { [self] failure in
                guard failure == nil, callers.count > 1 else {
                    for caller in callers { caller.refuse(failure ?? error) }
                    return
                }
                for caller in callers { writer.add(Turn(self, for: [caller])) }
            }
        }
    }
}
