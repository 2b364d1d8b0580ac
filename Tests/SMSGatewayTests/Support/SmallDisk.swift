import Glibc
import Testing

/// A scratch directory that is a file system of its own, of eight mebibytes, for a disk that is full when a
/// test wants it. Only root can make one.
final class SmallDisk: Sendable {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try #require(run("/bin/mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", scratch.path) == 0)
    }

    deinit {
        // What a gateway still has open stays until it is closed.
        run("/bin/umount", "--lazy", scratch.path)
    }

    /// Takes all the space that is left.
    func fill() {
        let file = open(scratch.file("filler"), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0o600)
        defer { close(file) }
        for size in [65_536, 4_096, 1] {
            let bytes = [UInt8](repeating: 0, count: size)
            while write(file, bytes, size) > 0 {}
        }
    }

    func makeRoom() { unlink(scratch.file("filler")) }
}

/// Runs a program and waits for its end.
@discardableResult
private func run(_ program: String, _ arguments: String...) -> CInt {
    var process = pid_t()
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    guard posix_spawn(&process, program, nil, nil, &words, environ) == 0 else { return -1 }
    var status: CInt = 0
    return waitpid(process, &status, 0) == process ? status : -1
}
