import Glibc

/// A claim that at most one has, in this process or another: `flock`, which the kernel ends with the process.
final class FileLock: Sendable {
    private let descriptor: CInt

    /// Claims a database, by a file beside it that holds the number of the process.
    ///
    /// - Throws: ``StoreError/Kind/inUse`` where another has it.
    init(database: String) throws(StoreError) {
        let file = try Self.lock(database + ".lock", O_CREAT | O_RDWR) { file in
            StoreError(.inUse, "\(database): is in use by another process\(Self.owner(file))")
        }
        // Only for the message above, so that it may fail.
        ftruncate(file, 0)
        let text = "\(getpid())\n"
        _ = text.utf8.withContiguousStorageIfAvailable { pwrite(file, $0.baseAddress, $0.count, 0) }
        descriptor = file
    }

    /// Claims a directory, for one backup at a time.
    init(directory: String) throws(StoreError) {
        descriptor = try Self.lock(directory, O_RDONLY | O_DIRECTORY) { _ in
            StoreError(.inUse, "\(directory): another backup is being written there")
        }
    }

    /// Gives the file to another user.
    func give(to owner: uid_t, _ group: gid_t) -> Bool { fchown(descriptor, owner, group) == 0 }

    deinit {
        // A process that is being started at this moment has a copy of the descriptor until its program runs:
        // unlocking ends the claim of all copies, closing only that of this one.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func lock(
        _ path: String, _ flags: CInt, orElse taken: (CInt) -> StoreError
    ) throws(StoreError) -> CInt {
        // Who restores a database is root, in a directory of the service's: no link leads it elsewhere.
        let file = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw StoreError(system: "open", path) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let number = errno
            defer { close(file) }
            throw number == EWOULDBLOCK ? taken(file) : StoreError(system: "flock", path, number: number)
        }
        return file
    }

    private static func owner(_ file: CInt) -> String {
        let text = String(unsafeUninitializedCapacity: 20) {
            max(0, pread(file, $0.baseAddress, $0.count, 0))
        }
        return Int(text.prefix { $0.isNumber }).map { " (\($0))" } ?? ""
    }
}
