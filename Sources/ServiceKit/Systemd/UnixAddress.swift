import Glibc

/// Calls `body` with the address of the Unix socket at `path`; a leading `@` means Linux's abstract names (unix(7)).
/// Nil where the path is empty or too long.
func withUnixAddress<Result>(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var name = Array(path.utf8)
    let isAbstract = name.first == UInt8(ascii: "@")
    if isAbstract { name[0] = 0 }
    // A path ends with a NUL inside the address; an abstract name is as long as the address says.
    guard !name.isEmpty, name.count + (isAbstract ? 0 : 1) <= MemoryLayout.size(ofValue: address.sun_path)
    else {
        return nil
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    let head = MemoryLayout.offset(of: \sockaddr_un.sun_path) ?? 2
    let size = socklen_t(head + name.count + (isAbstract ? 0 : 1))
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
    }
}
