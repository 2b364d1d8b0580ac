import CLinux
import Glibc

/// Unix stream sockets by path.
package enum UnixSocket {
    /// A listening socket at `path`. A socket that a dead process left there is replaced, one that answers is not.
    ///
    /// Its mode lets every user connect: who may stay is decided by the peer's credentials, which cannot be forged,
    /// and by the directory that it stands in.
    package static func listen(at path: String, backlog: CInt = 1_024) throws(SystemError) -> Descriptor {
        if let other = try? connect(to: path) {
            _ = consume other
            throw SystemError("bind \(path)", code: EADDRINUSE)
        }
        var information = stat()
        if lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFSOCK { unlink(path) }
        let socket = try make()
        let bound = try withAddress(path) { address, size in bind(socket.raw, address, size) }
        guard bound == 0 else { throw SystemError("bind \(path)") }
        guard chmod(path, 0o666) == 0 else { throw SystemError("chmod \(path)") }
        guard Glibc.listen(socket.raw, backlog) == 0 else { throw SystemError("listen \(path)") }
        return socket
    }

    /// A connection to the socket at `path`. A Unix socket connects at once or not at all.
    package static func connect(to path: String) throws(SystemError) -> Descriptor {
        let socket = try make()
        let connected = try withAddress(path) { address, size in Glibc.connect(socket.raw, address, size) }
        guard connected == 0 else { throw SystemError("connect \(path)") }
        return socket
    }

    /// Two connected sockets.
    package static func pair() throws(SystemError) -> (CInt, CInt) {
        var descriptors: (CInt, CInt) = (-1, -1)
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let status = withUnsafeMutablePointer(to: &descriptors) { pair in
            pair.withMemoryRebound(to: CInt.self, capacity: 2) { socketpair(AF_UNIX, kind, 0, $0) }
        }
        guard status == 0 else { throw SystemError("socketpair") }
        return descriptors
    }

    private static func make() throws(SystemError) -> Descriptor {
        let raw = clinux_unix_socket()
        guard raw >= 0 else { throw SystemError("socket") }
        return Descriptor(adopting: raw)
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt
    ) throws(SystemError) -> CInt {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard !bytes.isEmpty, bytes.count < capacity, !bytes.contains(0) else {
            throw SystemError("socket path \(path)", code: ENAMETOOLONG)
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
