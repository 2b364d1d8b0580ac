import Glibc
import Wire

/// A directory of a test's own, with all that is in it gone when nobody holds it any more.
final class Scratch: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/clienthub-e2e-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        // Other users reach the sockets, which judge them by their credentials; the files are private, each by its mode.
        guard chmod(path, 0o711) == 0 else { throw SystemError("chmod") }
    }

    deinit { Self.remove(path) }

    /// The path of `name` in it.
    func at(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file anew, and returns its path.
    @discardableResult
    func write(_ name: String, _ text: String, mode: mode_t = 0o600) throws -> String {
        let descriptor = open(at(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw SystemError("open \(name)") }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fchmod(descriptor, mode) == 0
        else { throw SystemError("write \(name)") }
        return at(name)
    }

    /// The bytes of a file; none where there is no such file.
    func read(_ name: String) -> [UInt8] { Self.contents(of: at(name)) }

    /// The bytes of any file; none where there is no such file.
    static func contents(of path: String) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk.prefix(count) }
        return bytes
    }

    func text(_ name: String) -> String { String(decoding: read(name), as: UTF8.self) }

    /// The names of the files in a directory below, sorted; none where there is no such directory.
    func names(in directory: String = ".") -> [String] { Self.names(in: at(directory)) }

    private static func names(in directory: String) -> [String] {
        guard let listing = opendir(directory) else { return [] }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                })
        }
        return names.filter { $0 != "." && $0 != ".." }.sorted()
    }

    private static func remove(_ path: String) {
        for name in names(in: path) {
            let entry = "\(path)/\(name)"
            if unlink(entry) != 0 { remove(entry) }
        }
        rmdir(path)
    }
}
