import ServiceKit
import Storage
import Wire

/// OTPService's database. What it holds is read on the loop and changed in jobs of the one writer; all the SQL stands in
/// this folder, a file for each family of tables, as functions of ``Database`` that a ``Transaction`` puts together.
@Loop
final class OTPStore {
    let keys: KeyRing
    private let writer: Writer
    private let database: Database

    init(_ path: String, keys: KeyRing, now: Timestamp) throws(StoreError) {
        self.keys = keys
        writer = try Writer(path, schema: OTPSchema.schema, now: now.milliseconds)
        database = try Database(reading: path, schema: OTPSchema.schema)
    }

    /// Reads one state of the database. It sees whatever ``write(at:_:)`` has returned from.
    func read<T>(at now: Timestamp, _ body: (Transaction) throws -> T) throws -> T {
        try database.snapshot { try body(Transaction(database: database, keys: keys.keys, now: now)) }
    }

    /// Changes the database in one transaction, and returns once that is on disk. Whatever `work` throws undoes it.
    func write<T: Sendable>(
        at now: Timestamp, _ work: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        let keys = keys
        return try await writer.write { try work(Transaction(database: $0, keys: keys.keys, now: now)) }
    }

    /// The database as it is at this moment.
    func picture() throws(StoreError) -> Picture {
        let snapshot = try Snapshot(of: writer.path)
        return Picture(copy: { try await snapshot.copy(to: $0) }) {
            let (newest, values) = try await snapshot.read { (try $0.newestRow(), try $0.sealedCounts()) }
            return Picture.Facts(schema: try await snapshot.schema(), newest: newest, values: values)
        }
    }

    /// What keeps it from writing, for `wire.Health`.
    var trouble: String? { writer.trouble.map(String.init(describing:)) }

    /// Finishes what waits and closes; it blocks for as long as that takes.
    func close() { writer.close() }
}
