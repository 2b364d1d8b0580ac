import Glibc
import Wire

/// Where a TCP connection goes: an address and a port.
struct NetworkAddress: Sendable {
    private let storage: sockaddr_storage
    private let size: socklen_t

    /// All addresses of a host, a name or an address itself, in the order that the system prefers. On a thread of
    /// its own, since a name server may take its time.
    static func look(up host: String, port: Int) async -> Result<[NetworkAddress], CarrierFailure> {
        await withCheckedContinuation { waiting in
            startThread(named: "name-lookup") { waiting.resume(returning: lookUp(host, port)) }
        }
    }

    /// A socket on its way there, non-blocking: writable once it is connected, or has failed.
    func connect() throws(SystemError) -> Descriptor {
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let raw = socket(CInt(storage.ss_family), kind, 0)
        guard raw >= 0 else { throw SystemError("socket") }
        let descriptor = Descriptor(adopting: raw)
        // Messages are few and short; none is to wait for the next.
        var one: CInt = 1
        _ = unsafe setsockopt(raw, CInt(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<CInt>.size))
        let status = unsafe withUnsafePointer(to: storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(raw, $0, size)
            }
        }
        guard status == 0 || errno == EINPROGRESS else { throw SystemError("connect") }
        return descriptor
    }

    private static func lookUp(_ host: String, _ port: Int) -> Result<[NetworkAddress], CarrierFailure> {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host, "\(port)", &hints, &list)
        guard status == 0 else {
            let problem = unsafe String(cString: gai_strerror(status))
            return .failure(.unreachable("its address was not found: \(problem)"))
        }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [NetworkAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            unsafe addresses.append(NetworkAddress(entry.pointee))
            unsafe next = entry.pointee.ai_next
        }
        return .success(addresses)
    }

    private init(_ entry: addrinfo) {
        let size = unsafe min(entry.ai_addrlen, socklen_t(MemoryLayout<sockaddr_storage>.size))
        var storage = sockaddr_storage()
        unsafe withUnsafeMutableBytes(of: &storage) { bytes in
            unsafe bytes.copyMemory(from: UnsafeRawBufferPointer(start: entry.ai_addr, count: Int(size)))
        }
        self.storage = storage
        self.size = size
    }
}
