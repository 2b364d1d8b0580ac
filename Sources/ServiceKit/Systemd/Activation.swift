import Glibc

/// A listening socket that systemd made and handed over (sd_listen_fds(3)), so that callers can connect while the
/// service restarts.
public struct Activation: Sendable, Equatable {
    /// FileDescriptorName= of the socket unit; "unknown" where systemd told none.
    public let name: String
    /// Listening, SOCK_STREAM; made non-blocking and close-on-exec.
    public let descriptor: Int32

    /// Where the sockets of a service may listen.
    public enum Place: Sendable {
        /// A Unix socket, whose callers the kernel names.
        case unix
        /// That, or an address and a port.
        case unixOrInternet

        fileprivate var families: [Int32] {
            switch self {
            case .unix: [AF_UNIX]
            case .unixOrInternet: [AF_UNIX, AF_INET, AF_INET6]
            }
        }

        fileprivate var words: String {
            switch self {
            case .unix: "listening Unix stream socket"
            case .unixOrInternet: "listening stream socket"
            }
        }
    }

    /// The sockets handed to this process, none where it was started otherwise. Takes the variables that told of them out
    /// of the environment, so it answers once, and is called before other threads are started.
    public static func take(_ place: Place = .unix) throws(ActivationError) -> [Activation] {
        let told = (
            process: environment("LISTEN_PID"), count: environment("LISTEN_FDS"),
            names: environment("LISTEN_FDNAMES")
        )
        for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { unsetenv(name) }
        guard told.process == "\(getpid())", let count = told.count else { return [] }
        return try sockets(count: count, names: told.names, place)
    }

    /// The sockets of `count` descriptors that begin at `first`.
    static func sockets(
        count: String, names: String?, first: Int32 = 3, _ place: Place = .unix
    ) throws(ActivationError) -> [Activation] {
        guard let number = Int32(count), (1...64).contains(number) else {
            throw ActivationError("LISTEN_FDS=\(count): expected 1 to 64")
        }
        let given = names?.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let names = given ?? Array(repeating: "unknown", count: Int(number))
        guard names.count == number else {
            throw ActivationError("LISTEN_FDNAMES names \(names.count) sockets, LISTEN_FDS \(number)")
        }
        var sockets: [Activation] = []
        for (descriptor, name) in zip(first..., names) {
            guard isListener(descriptor, place) else {
                throw ActivationError(
                    "the socket \(quoted(name)) from systemd (descriptor \(descriptor)) is no \(place.words)")
            }
            guard
                fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0,
                fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) == 0
            else { throw ActivationError("the socket \(quoted(name)) from systemd: \(errorText(errno))") }
            sockets.append(Activation(name: name, descriptor: descriptor))
        }
        return sockets
    }

    private static func isListener(_ descriptor: Int32, _ place: Place) -> Bool {
        func option(_ name: Int32) -> Int32? {
            var value: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            return getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : nil
        }
        return option(SO_DOMAIN).map(place.families.contains) == true
            && option(SO_TYPE) == Int32(SOCK_STREAM.rawValue)
            && option(SO_ACCEPTCONN) == 1
    }
}

/// What systemd handed over is not what a service can listen on.
public struct ActivationError: Fatal, Equatable {
    public let description: String

    init(_ problem: String) { description = problem }

    public var exit: Exit { .osError }
}
