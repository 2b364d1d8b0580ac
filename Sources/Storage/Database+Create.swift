import CSQLite
import Glibc

extension Database {
    /// Makes the file at `path` where there is none: under another name first, so that a file at `path` is never
    /// half made, and an empty one there can only be one that was damaged.
    static func create(_ path: String, schema: Schema) throws(StoreError) {
        let log = path + "-wal"
        let hasLog = (Files.size(of: log) ?? 0) > 0
        if let size = Files.size(of: path) {
            guard size > 0 else {
                throw StoreError(
                    .corrupt,
                    "\(path): the file is empty, so its data is lost: restore a backup, or remove it")
            }
            // A backup says in byte 18 of its header that it needs no log (1, not 2). SQLite would play the log of
            // the database that it replaces into it all the same.
            guard !hasLog || Files.byte(18, of: path) != 1 else {
                throw StoreError(
                    .corrupt, "\(path): is a backup, but \(log) belongs to the database before: remove it")
            }
            return
        }
        guard !hasLog else {
            throw StoreError(
                .corrupt, "\(path): is gone, but \(log) is there: restore a backup, or remove the log")
        }

        let draft = path + ".new"
        for file in [draft, draft + "-journal"] { unlink(file) }
        try Files.makePrivate(draft)
        try Database(opening: draft, flags: SQLITE_OPEN_READWRITE).begin(schema)
        try Files.move(draft, to: path)
    }
}
