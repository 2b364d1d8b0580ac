import Cryptography
import Glibc

/// Files that only their owner reads: made whole, or not at all.
enum PrivateFile {
    /// Who a file is to belong to; nil leaves it with whoever makes it.
    struct Owner: Equatable {
        let user: UInt32
        let group: UInt32
    }

    /// Writes `bytes` to `path` under another name first, with owner and mode right from the start, so that a reader finds
    /// the file before or the file after. Returns once that is on disk.
    static func write(_ bytes: [UInt8], to path: String, owner: Owner?, replacing: Bool) throws(Problem) {
        let draft = path + ".new"
        unlink(draft)
        do throws(Problem) {
            try make(draft, owner) { descriptor throws(Problem) in try put(bytes, descriptor, draft) }
            // A link fails where somebody made the file meanwhile; a rename would take its place.
            guard replacing ? rename(draft, path) == 0 : link(draft, path) == 0 else {
                throw systemProblem("be made", path)
            }
        } catch {
            unlink(draft)
            throw error
        }
        if !replacing { unlink(draft) }
        try sync(directory(of: path))
    }

    /// Copies what is open as `source`, and tells the SHA-256 of what was copied, in hexadecimal, and how long it is.
    static func copy(
        _ source: OpenFile, to path: String, owner: Owner? = nil
    ) throws(Problem) -> (hash: String, bytes: Int) {
        var outcome = (hash: "", bytes: 0)
        try make(path, owner) { descriptor throws(Problem) in
            outcome = try source.read { chunk throws(Problem) in try put(chunk, descriptor, path) }
        }
        return outcome
    }

    /// The SHA-256 of a file, in hexadecimal, and its length.
    static func hash(of path: String) throws(Problem) -> (hash: String, bytes: Int) {
        try OpenFile(path).read { _ throws(Problem) in }
    }

    private static func make(
        _ path: String, _ owner: Owner?, fill: (CInt) throws(Problem) -> Void
    ) throws(Problem) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw systemProblem("be made", path) }
        defer { close(descriptor) }
        if let owner, fchown(descriptor, owner.user, owner.group) != 0 {
            throw systemProblem("be given to \(userName(owner.user))", path)
        }
        try fill(descriptor)
        guard fsync(descriptor) == 0 else { throw systemProblem("be written", path) }
    }

    private static func put(_ bytes: [UInt8], _ descriptor: CInt, _ path: String) throws(Problem) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw systemProblem("be written", path) }
            written += count
        }
    }

    /// Returns once the names in a directory are on disk.
    static func sync(_ directory: String) throws(Problem) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemProblem("be opened", directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw systemProblem("be written", directory) }
    }
}
