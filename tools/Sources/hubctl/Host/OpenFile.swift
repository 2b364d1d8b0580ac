import Cryptography
import Glibc

/// A file that is open to read; closed when nobody holds it any more.
final class OpenFile {
    let path: String
    private let descriptor: CInt

    init(_ path: String) throws(Problem) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemProblem("be read", path) }
        self.path = path
    }

    fileprivate init(adopting descriptor: CInt, _ path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// Reads it from where it is to its end, a piece at a time; the SHA-256 of that, in hexadecimal, and its length.
    func read(_ take: ([UInt8]) throws(Problem) -> Void) throws(Problem) -> (hash: String, bytes: Int) {
        var hash = SHA256()
        var bytes = 0
        while true {
            var chunk = [UInt8](repeating: 0, count: 1 << 20)
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw systemProblem("be read", path) }
            guard count > 0 else { return ("\(hash.finish())", bytes) }
            chunk.removeLast(chunk.count - count)
            hash.update(chunk)
            bytes += count
            try take(chunk)
        }
    }
}

/// A directory of a service's, as root must go about with it: the service could have put a link to somewhere else in the
/// place of anything in it. So nothing is followed, and nothing is touched that is not the service's own.
final class ForeignDirectory {
    private let path: String
    private let descriptor: CInt
    private let owner: UInt32

    /// Opens the directory at `path`, which must be `owner`'s.
    init(_ path: String, owner: UInt32) throws(Problem) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemProblem("be opened", path) }
        self.path = path
        self.owner = owner
        try expectOwner(descriptor, path)
    }

    deinit { close(descriptor) }

    /// Opens the file called `name` in it.
    func file(_ name: String) throws(Problem) -> OpenFile {
        let path = "\(path)/\(name)"
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { throw systemProblem("be read", path) }
        let open = OpenFile(adopting: file, path)
        try expectOwner(file, path)
        return open
    }

    /// Deletes the file called `name` in it.
    func delete(_ name: String) { unlinkat(descriptor, name, 0) }

    private func expectOwner(_ descriptor: CInt, _ path: String) throws(Problem) {
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { throw systemProblem("be looked at", path) }
        guard info.st_uid == owner else {
            throw .bad(
                "\(path): belongs to \(userName(info.st_uid)), not to \(userName(owner)); it is left alone")
        }
    }
}
