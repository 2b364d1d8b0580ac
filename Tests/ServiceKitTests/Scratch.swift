import Glibc
import Testing

/// A directory of a test's own, gone when the test is.
final class Scratch {
    let path: String

    init() throws {
        var template = Array("/tmp/clienthub-test-XXXXXX".utf8CString)
        path = String(cString: try #require(mkdtemp(&template)))
    }

    deinit {
        guard let directory = opendir(path) else { return }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            unlink(path + "/" + name)
        }
        closedir(directory)
        rmdir(path)
    }

    /// Makes the file `name` with these bytes and this mode, and returns its path.
    func file(_ name: String, _ bytes: some Collection<UInt8>, mode: mode_t = 0o600) throws -> String {
        let file = path + "/" + name
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let all = Array(bytes)
        try #require(write(descriptor, all, all.count) == all.count)
        try #require(fchmod(descriptor, mode) == 0)
        return file
    }

    func file(_ name: String, _ text: String, mode: mode_t = 0o600) throws -> String {
        try file(name, text.utf8, mode: mode)
    }
}
