import Glibc

/// What the store does to files beside what SQLite does.
///
/// None of it opens a database that may be open already: closing a descriptor ends every POSIX lock that the process
/// has on that file, SQLite's included.
enum Files {
    /// In bytes; nil where there is no file.
    static func size(of path: String) -> Int? {
        var info = stat()
        return stat(path, &info) == 0 ? Int(info.st_size) : nil
    }

    /// One byte of a file; nil where there is none.
    static func byte(_ offset: Int, of path: String) -> UInt8? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var byte: UInt8 = 0
        return pread(descriptor, &byte, 1, off_t(offset)) == 1 ? byte : nil
    }

    /// Makes an empty file that only this user can read and write (0600).
    ///
    /// - Throws: also where the file is there.
    static func makePrivate(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError(system: "create", path) }
        close(descriptor)
    }

    /// Puts `source` at `destination`, over what is there, and returns once that is on disk.
    static func move(_ source: String, to destination: String) throws(StoreError) {
        try sync(source, O_RDWR)
        guard rename(source, destination) == 0 else { throw StoreError(system: "rename", source) }
        try sync(directory(of: destination), O_RDONLY | O_DIRECTORY)
    }

    /// Removes a file that may not be there.
    static func remove(_ path: String) { unlink(path) }

    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    /// Whether both are names of one file.
    static func same(_ one: String, _ other: String) -> Bool {
        var first = stat()
        var second = stat()
        guard stat(one, &first) == 0, stat(other, &second) == 0 else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }

    private static func sync(_ path: String, _ flags: Int32) throws(StoreError) {
        let descriptor = open(path, flags | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreError(system: "open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StoreError(system: "fsync", path) }
    }
}
