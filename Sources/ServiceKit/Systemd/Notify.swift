import Glibc

/// Tells systemd how the service is (sd_notify(3)): datagrams to the socket that NOTIFY_SOCKET names. Says nothing where
/// there is none, so a service run by hand needs no special case.
public final class Notify: Sendable {
    /// How often systemd wants a ``watchdog()``: half the time after which it would end the service; nil if it does not.
    public let watchdogInterval: Duration?
    private let address: String?
    private let descriptor: Int32

    public init(environment: (String) -> String? = environment) {
        address = environment("NOTIFY_SOCKET")
        descriptor =
            address == nil
            ? -1 : socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        // A send waits for systemd to have room, as sd_notify does, but a stuck one must not stop the loop for ever.
        // Seconds and microseconds: a `timeval`, which optimised builds do not find through Glibc alone.
        var patience = (1, 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout.size(ofValue: patience)))
        let isOurs = environment("WATCHDOG_PID").map { $0 == "\(getpid())" } ?? true
        watchdogInterval = environment("WATCHDOG_USEC").flatMap(Int64.init).flatMap {
            $0 > 0 && isOurs ? .microseconds($0 / 2) : nil
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Start-up, or a reload, is done and calls are answered.
    public func ready(status: String? = nil) {
        send("READY=1" + (status.map { "\nSTATUS=" + escapingControls($0) } ?? ""))
    }

    /// The configuration is being read again; ``ready(status:)`` follows.
    public func reloading() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        send("RELOADING=1\nMONOTONIC_USEC=\(time.tv_sec * 1_000_000 + time.tv_nsec / 1_000)")
    }

    /// The service answers what is in flight and then ends.
    public func stopping() { send("STOPPING=1") }

    /// The service is alive. Due every ``watchdogInterval``.
    public func watchdog() { send("WATCHDOG=1") }

    /// A line for `systemctl status`.
    public func status(_ text: String) { send("STATUS=" + escapingControls(text)) }

    private func send(_ state: String) {
        guard let address, descriptor >= 0 else { return }
        let bytes = Array(state.utf8)
        _ = withUnixAddress(address) { pointer, size in
            while sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), pointer, size) < 0,
                errno == EINTR
            {}
        }
    }
}
