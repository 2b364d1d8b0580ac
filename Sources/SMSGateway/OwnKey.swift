import Cryptography
import Glibc
import ServiceKit
import Wire

/// The key of a gateway that was given none: made at its first start, beside its database.
///
/// It keeps numbers and codes out of whatever holds the database alone, such as a backup. What it seals lives for minutes,
/// so a key that is lost with the host costs nothing but the messages that waited.
enum OwnKey {
    /// The keys in the file beside `database`; one is made where there is no file.
    static func load(beside database: String) throws(OwnKeyError) -> SealingKeys {
        let path = database + ".key"
        try make(path)
        do {
            return try SealingKeys(parsing: contents(of: path, limit: 65_536, isPrivate: true))
        } catch {
            throw OwnKeyError(path: path, problem: "\(error)")
        }
    }

    /// Makes the file, unless it is there: whole or not at all, so that a crash leaves no half of a key.
    private static func make(_ path: String) throws(OwnKeyError) {
        guard unsafe access(path, F_OK) != 0 else { return }
        let draft = path + ".new"
        _ = unsafe unlink(draft)
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw OwnKeyError(path: draft, problem: "\(SystemError("open"))")
        }
        let text = Array(SealingKeys.generate().file.utf8)
        defer { close(descriptor) }
        guard unsafe write(descriptor, text, text.count) == text.count, fsync(descriptor) == 0,
            unsafe rename(draft, path) == 0
        else { throw OwnKeyError(path: path, problem: "\(SystemError("write"))") }
    }
}

/// The gateway's own key cannot be made or read.
struct OwnKeyError: Fatal, Equatable {
    let path: String
    let problem: String

    var exit: Exit { .config }
    var description: String { "\(path): \(problem)" }
}
