import Dispatch
import Glibc

/// Whether the ways out of SMSGateway can be reached from this host: a connection, and not a byte on it.
enum Reachability {
    /// How long a connection may take, in milliseconds.
    static let patience = 3_000

    static func findings(_ sms: InstalledService) async -> [Finding] {
        await withTaskGroup { group in
            for provider in sms.providers {
                group.addTask { await apart { finding(provider) } }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.found < $1.found }
        }
    }

    /// Runs what blocks away from the threads that run tasks.
    private static func apart(_ body: @escaping @Sendable () -> Finding) async -> Finding {
        await withCheckedContinuation { waiting in
            DispatchQueue.global().async { waiting.resume(returning: body()) }
        }
    }

    private static func finding(_ provider: InstalledProvider) -> Finding {
        switch provider.way {
        case .directory(let path):
            guard let facts = FileFacts(path), facts.kind == .directory else {
                return .warning(
                    "providers", "\(provider.name): \(path) is not there yet",
                    "SMSGateway makes it with the first message")
            }
            return .warning(
                "providers",
                "\(provider.name): is an outbox, which writes messages to \(path) and sends none",
                "name a carrier in sms.json before people depend on it")
        case .network(let host, let port):
            guard let problem = connect(host, port) else {
                return .good("providers", "\(provider.name): \(host):\(port) is reached")
            }
            return .bad(
                "providers", "\(provider.name): \(host):\(port) is not reached: \(problem)",
                "see the firewall, the name server, and the host's route to it")
        }
    }

    /// Makes a connection and closes it; why it could not be made.
    static func connect(_ host: String, _ port: Int) -> String? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var found: UnsafeMutablePointer<addrinfo>?
        let error = getaddrinfo(host, "\(port)", &hints, &found)
        guard error == 0 else { return String(cString: gai_strerror(error)) }
        defer { freeaddrinfo(found) }
        var problem = "it has no address"
        var next = found
        while let address = next?.pointee {
            guard let failure = connect(to: address) else { return nil }
            problem = failure
            next = address.ai_next
        }
        return problem
    }

    private static func connect(to address: addrinfo) -> String? {
        let descriptor = socket(
            address.ai_family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0
        )
        guard descriptor >= 0 else { return String(cString: strerror(errno)) }
        defer { close(descriptor) }
        if Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return nil }
        guard errno == EINPROGRESS else { return String(cString: strerror(errno)) }
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&waiting, 1, Int32(patience)) > 0 else { return "no answer in \(patience) ms" }
        var outcome: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &outcome, &size)
        return outcome == 0 ? nil : String(cString: strerror(outcome))
    }
}
