import Glibc

/// A database's file as another program than its service may look at it: one that restores a backup, for instance.
public struct DatabaseFile: Sendable {
    /// Whose it is: the four characters of its service.
    public let tag: String
    /// How many migrations it has had.
    public let schema: Int

    /// Reads the whole of the file at `path`, which nobody else may have open: every page, every index, every reference.
    ///
    /// - Throws: what is wrong with it, with its path.
    public init(checking path: String) throws {
        let database = try Database(readOnly: path)
        try database.fullCheck()
        try database.checkReferences()
        tag = try database.tag().text
        schema = try database.migrationCount()
    }
}

/// The claim that a service has on its database while it runs, for a program that puts another in its place.
public final class DatabaseClaim: Sendable {
    private let lock: FileLock

    /// Claims the database at `path`, whether it is there or not. The file beside it that stands for the claim gets
    /// `owner` and `group`, so that the service can claim it later.
    ///
    /// - Throws: where a service runs, with the number of its process.
    public init(_ path: String, owner: UInt32, group: UInt32) throws {
        lock = try FileLock(database: path)
        guard lock.give(to: owner, group) else {
            throw StoreError(system: "chown", path + ".lock")
        }
    }
}
