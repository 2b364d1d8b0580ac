import Glibc
import Wire

/// A scratch directory that is a file system of its own, of eight mebibytes, for a disk that is full when a
/// test wants it. Only root can make one.
@Loop
final class SmallDisk {
    let scratch: Scratch

    init() async throws {
        scratch = try Scratch()
        try await Child.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", scratch.path])
    }

    isolated deinit {
        // What a gateway still has open stays until it is closed.
        _ = try? Child(["umount", "--lazy", scratch.path], output: "/dev/null").wait()
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
