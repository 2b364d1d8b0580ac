import CSQLite
import Glibc

/// Copies of a database in use.
package enum Backup {
    /// Copies the database at `path`, as it is at one moment, while its writer goes on. The copy is one file, for this
    /// user alone (0600), checked page by page, and takes its name `destination` only when it is whole and on disk;
    /// a file of that name is replaced. It runs on a thread of its own.
    ///
    /// - Returns: the size of the copy in bytes.
    package static func run(from path: String, to destination: String) async throws -> Int {
        try await withCheckedThrowingContinuation { waiting in
            do throws(StoreError) {
                _ = try Thread(named: "db-backup") {
                    waiting.resume(with: Result { try copy(path, to: destination) })
                }
            } catch {
                waiting.resume(throwing: error)
            }
        }
    }

    private static func copy(_ path: String, to destination: String) throws(StoreError) -> Int {
        guard !Files.same(path, destination) else {
            throw StoreError(.other, "\(destination): is the database itself")
        }
        guard Files.size(of: destination + "-wal") == nil else {
            throw StoreError(.inUse, "\(destination): is a database in use")
        }
        let source = try Database(readOnly: path)
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
        // One read all the way through: else each commit of the writer would make the copy begin again.
        try source.execute("BEGIN; SELECT 1 FROM sqlite_schema")
        defer { source.rollBack() }

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
