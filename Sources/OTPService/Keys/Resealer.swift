import Cryptography
import ServiceKit
import Storage
import Wire

/// Seals what stands under older keys again, under the newest, in the background and in small jobs of the writer, so that
/// calls go on meanwhile. Where it stopped shows in the rows themselves: a restart goes on from there.
@Loop
final class Resealer {
    /// Values in one job of the writer: a few milliseconds.
    nonisolated static let batch = 200

    /// What it has come to.
    struct Progress: Hashable, Sendable {
        /// Values under older keys, as counted at the start of the run, less those done.
        var left = 0
        var done = 0
        /// Values that do not open with the key that they name. They are left as they are.
        var damaged = 0
    }

    private(set) var progress = Progress()
    private let store: OTPStore
    private let clock: () -> Timestamp
    private let log: Log
    private var run: Task<Void, Never>?
    private var mustRunAgain = false

    init(_ store: OTPStore, clock: @escaping () -> Timestamp, log: Log) {
        self.store = store
        self.clock = clock
        self.log = log
    }

    /// Begins, unless there is nothing to do. While it runs, it will go through all once more.
    func start() {
        mustRunAgain = true
        guard run == nil else { return }
        run = Task { @Loop in
            while mustRunAgain, !Task.isCancelled {
                mustRunAgain = false
                do {
                    try await resealAll()
                } catch {
                    log.error("values not sealed under the newest key", ["error": .error(error)])
                }
            }
            run = nil
        }
    }

    /// Waits until it has come to its end.
    func finish() async { await run?.value }

    /// Lets it end after the job that it is at.
    func stop() async {
        run?.cancel()
        await finish()
    }

    private func resealAll() async throws {
        let counts = try await store.write(at: clock()) { try $0.database.sealedCounts() }
        let keys = store.keys.keys
        let older = keys.versions.filter { $0 < keys.current && counts[$0] != nil }
        progress = Progress(left: older.reduce(0) { $0 + (counts[$1] ?? 0) })
        guard progress.left > 0 else { return }
        log.notice(
            "sealing under the newest key",
            ["key": .number(keys.current), "values": .number(progress.left)])
        for version in older {
            for table in SealedTable.allCases { try await reseal(table, under: version) }
        }
        guard !Task.isCancelled else { return }
        // What was counted and is gone by now, such as a code that has ended, needed no new key.
        progress.left = 0
        log.notice(
            "sealed under the newest key",
            ["done": .number(progress.done), "damaged": .number(progress.damaged)])
    }

    private func reseal(_ table: SealedTable, under version: UInt32) async throws {
        var last: Int64? = 0
        while let after = last, !Task.isCancelled {
            let batch = try await store.write(at: clock()) { work in
                try work.reseal(table, under: version, after: after, limit: Self.batch)
            }
            progress.done += batch.done
            progress.damaged += batch.damaged
            progress.left = max(0, progress.left - batch.done - batch.damaged)
            last = batch.last
        }
    }
}

extension Transaction {
    /// Seals a few values of `table` under the newest key.
    ///
    /// - Returns: how many; how many did not open; and the row that was the last, nil where there are no more.
    func reseal(
        _ table: SealedTable, under version: UInt32, after number: Int64, limit: Int
    ) throws -> (done: Int, damaged: Int, last: Int64?) {
        let rows = try database.sealedRows(in: table, under: version, after: number, limit: limit)
        var damaged = 0
        for row in rows {
            var plain: [UInt8]
            do {
                plain = try open(row.sealed, as: row.record)
            } catch SealError.notAuthentic {
                damaged += 1
                continue
            }
            defer { wipe(&plain) }
            try database.replaceSealed(seal(plain, as: row.record), in: table, row: row.number)
        }
        return (rows.count - damaged, damaged, rows.count == limit ? rows.last?.number : nil)
    }
}
