import Glibc

/// Why a file could not be read; the description follows the file's name.
public struct FileError: Error, Equatable, CustomStringConvertible {
    public let description: String
}

/// The bytes of the file at `path`, `limit` of them at most. One that `isPrivate` must be closed to everyone but its owner.
public func contents(of path: String, limit: Int, isPrivate: Bool = false) throws(FileError) -> [UInt8] {
    // Not blocking: opening a FIFO by mistake would else hang the start-up.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(description: "cannot be read: \(errorText(errno))") }
    defer { close(descriptor) }

    var information = stat()
    guard fstat(descriptor, &information) == 0 else {
        throw FileError(description: "cannot be read: \(errorText(errno))")
    }
    guard information.st_mode & S_IFMT == S_IFREG else { throw FileError(description: "is not a file") }
    let mode = information.st_mode & 0o777
    guard !isPrivate || mode & 0o077 == 0 else {
        throw FileError(
            description: "is open to others than its owner (mode 0\(String(mode, radix: 8))): chmod 600 it")
    }

    var bytes: [UInt8] = []
    while bytes.count <= limit {
        var count = 0
        let wanted = min(65_536, limit + 1 - bytes.count)
        let chunk = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, initialized in
            count = Glibc.read(descriptor, buffer.baseAddress, wanted)
            initialized = max(count, 0)
        }
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw FileError(description: "cannot be read: \(errorText(errno))") }
        guard count > 0 else { return bytes }
        bytes += chunk
    }
    throw FileError(description: "is longer than \(limit) bytes")
}
