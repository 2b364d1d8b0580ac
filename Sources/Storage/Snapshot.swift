import CSQLite
import Glibc
import Synchronization

/// A database in use, as it was at one moment: read and copied at leisure while its writer goes on. The moment is that at
/// which it was made, and it lasts until nobody holds it any more. Until then the write-ahead log is kept, and grows.
package final class Snapshot: Sendable {
    private let path: String
    /// A connection of its own, in one read all the way through, on one thread at a time.
    private let source: Mutex<Database>

    /// Takes the database at `path`, whatever is in it.
    package init(of path: String) throws(StoreError) {
        self.path = path
        let database = try Database(readOnly: path)
        // A transaction begins with its first read.
        try database.execute("BEGIN; SELECT 1 FROM sqlite_schema")
        source = Mutex(database)
    }

    /// Reads from it, on a thread of its own.
    package func read<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        try await apart { database in try body(database) }
    }

    /// How many migrations the database has.
    package func schema() async throws -> Int { try await read { try $0.migrationCount() } }

    /// Copies it. The copy is one file, for this user alone (0600), checked page by page, and takes its name
    /// `destination` only when it is whole and on disk; a file of that name is replaced. It runs on a thread of its own.
    ///
    /// - Returns: the size of the copy in bytes.
    package func copy(to destination: String) async throws -> Int {
        try await apart { [path] database in try Self.copy(database, path, to: destination) }
    }

    private func apart<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { waiting in
            do throws(StoreError) {
                _ = try Thread(named: "db-snapshot") { [self] in
                    waiting.resume(with: Result { try source.withLock { try body($0) } })
                }
            } catch {
                waiting.resume(throwing: error)
            }
        }
    }

    private static func copy(
        _ source: Database, _ path: String, to destination: String
    ) throws(StoreError) -> Int {
        guard !Files.same(path, destination) else {
            throw StoreError(.other, "\(destination): is the database itself")
        }
        guard Files.size(of: destination + "-wal") == nil else {
            throw StoreError(.inUse, "\(destination): is a database in use")
        }
        let directory = Files.directory(of: destination)
        let lock = try FileLock(directory: directory)
        defer { withExtendedLifetime(lock) {} }

        let draft = "\(directory)/.\(Files.name(of: destination)).partial"
        let files = [draft, draft + "-journal", draft + "-wal", draft + "-shm"]
        for file in files { unlink(file) }
        defer { for file in files { unlink(file) } }
        try Files.makePrivate(draft)
        try copyPages(of: source, to: draft)

        let copy = try Database(readOnly: draft)
        try copy.quickCheck()
        try Files.move(draft, to: destination)
        return Files.size(of: destination) ?? 0
    }

    private static func copyPages(of source: Database, to draft: String) throws(StoreError) {
        let target = try Database(opening: draft, flags: SQLITE_OPEN_READWRITE)
        // What is not whole is thrown away, and what is whole is synced before it gets its name.
        try target.execute("PRAGMA synchronous = OFF")
        guard let backup = sqlite3_backup_init(target.handle, "main", source.handle, "main") else {
            throw StoreError(sqlite3_extended_errcode(target.handle), on: target.handle, path: draft)
        }
        var code = SQLITE_OK
        while code == SQLITE_OK { code = sqlite3_backup_step(backup, 256) }
        sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE else { throw StoreError(code, on: target.handle, path: draft) }
        // One file, without a log beside it, until a writer opens it.
        try target.execute("PRAGMA journal_mode = DELETE")
    }
}
