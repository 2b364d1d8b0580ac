import ServiceKit
import Wire

/// Deletes what has ended, every few minutes: codes an hour after they did, and set-ups a day after, so that until then
/// who comes late is told that it is too late.
@Loop
final class Housekeeping {
    nonisolated static let interval = Duration.seconds(300)
    nonisolated static let keepCodes = 3_600
    nonisolated static let keepSetUps = 86_400

    private let store: OTPStore
    private let clock: () -> Timestamp
    private let log: Log
    private var task: Task<Void, Never>?

    init(_ store: OTPStore, clock: @escaping () -> Timestamp, log: Log) {
        self.store = store
        self.clock = clock
        self.log = log
    }

    func start() {
        task = Task { @Loop in
            while !Task.isCancelled {
                do {
                    try await clean()
                } catch {
                    log.error("old codes not deleted", ["error": .error(error)])
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    /// Ends it, after what it is at.
    func stop() async {
        task?.cancel()
        await task?.value
    }

    func clean() async throws {
        let now = clock()
        try await store.write(at: now) { work in
            try work.database.deleteChains(endedBefore: now - Self.keepCodes)
            try work.database.deleteSetUps(endedBefore: now - Self.keepSetUps)
        }
    }
}
