import ServiceKit
import Storage
import Wire

/// AuthService's database. What it holds is read on the loop and changed in jobs of the one writer; all the SQL stands in
/// this folder, a file for each family of tables, as functions of `Database` that a job puts together.
@Loop final class AuthStore {
    private let writer: Writer
    private let database: Database

    init(_ path: String, now: Timestamp) throws(StoreError) {
        writer = try Writer(path, schema: AuthSchema.schema, now: now.milliseconds)
        database = try Database(reading: path, schema: AuthSchema.schema)
    }

    /// Reads one state of the database. It sees whatever ``write(_:)`` has returned from.
    func read<T>(_ body: (Database) throws -> T) throws -> T {
        try database.snapshot { try body(database) }
    }

    /// Changes the database in one transaction, and returns once that is on disk. Whatever `work` throws undoes it.
    func write<T: Sendable>(_ work: @escaping @Sendable (Database) throws -> T) async throws -> T {
        try await writer.write(work)
    }

    /// The file, for who reads it on another thread.
    var path: String { writer.path }

    /// What keeps it from writing, for `wire.Health`.
    var trouble: String? { writer.trouble.map(String.init(describing:)) }

    /// Jobs that wait for the writer, for `wire.Metrics`.
    var waiting: Int { writer.waiting }

    /// The database as it is at this moment.
    func picture() throws(StoreError) -> Picture {
        let snapshot = try Snapshot(of: writer.path)
        return Picture(copy: { try await snapshot.copy(to: $0) }) {
            Picture.Facts(
                schema: try await snapshot.schema(), newest: try await snapshot.read { try $0.newestEvent() })
        }
    }

    /// Finishes what waits and closes; it blocks for as long as that takes.
    func close() { writer.close() }
}
