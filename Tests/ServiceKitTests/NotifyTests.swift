import Glibc
import Testing

@testable import ServiceKit

/// A datagram socket as systemd's, bound at a path or an abstract name.
private final class Manager {
    let descriptor: Int32

    init(at path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let receiver = descriptor
        try #require(withUnixAddress(path) { bind(receiver, $0, $1) } == 0)
    }

    deinit { close(descriptor) }

    /// The next datagram, nil where there is none.
    func next() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
    }
}

@Suite("Notify") struct NotifyTests {
    @Test("tells systemd each state", arguments: [false, true])
    func states(isAbstract: Bool) throws {
        let scratch = try Scratch()
        let path = (isAbstract ? "@" : "") + scratch.path + "/notify"
        let manager = try Manager(at: path)
        let notify = Notify(environment: { $0 == "NOTIFY_SOCKET" ? path : nil })
        notify.ready()
        #expect(manager.next() == "READY=1")
        notify.ready(status: "serving\nREADY=0")
        #expect(manager.next() == "READY=1\nSTATUS=serving\\nREADY=0")
        notify.status("12 calls in flight")
        #expect(manager.next() == "STATUS=12 calls in flight")
        notify.watchdog()
        #expect(manager.next() == "WATCHDOG=1")
        notify.stopping()
        #expect(manager.next() == "STOPPING=1")
        #expect(manager.next() == nil)
    }

    @Test("tells a reload with the monotonic time in microseconds")
    func reloading() throws {
        let scratch = try Scratch()
        let path = scratch.path + "/notify"
        let manager = try Manager(at: path)
        func microseconds() -> Int {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return time.tv_sec * 1_000_000 + time.tv_nsec / 1_000
        }
        let before = microseconds()
        Notify(environment: { $0 == "NOTIFY_SOCKET" ? path : nil }).reloading()
        let lines = try #require(manager.next()).split(separator: "\n")
        try #require(lines.count == 2 && lines[0] == "RELOADING=1" && lines[1].hasPrefix("MONOTONIC_USEC="))
        let told = try #require(Int(lines[1].dropFirst("MONOTONIC_USEC=".count)))
        #expect((before...microseconds()).contains(told))
    }

    @Test(
        "is silent where there is nobody to tell",
        arguments: [
            nil, "/nowhere/notify", "vsock:2:1234", "@", "/" + String(repeating: "n", count: 108),
        ])
    func silent(path: String?) {
        let notify = Notify(environment: { $0 == "NOTIFY_SOCKET" ? path : nil })
        notify.ready(status: "serving")
        notify.stopping()
    }

    @Test(
        "pings the watchdog twice in its time, where it is meant",
        arguments: [
            ("30000000", nil, Duration.seconds(15)),
            ("30000000", "\(getpid())", .seconds(15)),
            ("30000000", "1", nil),
            (nil, nil, nil),
            ("0", nil, nil),
            ("soon", nil, nil),
            ("-5", nil, nil),
        ] as [(String?, String?, Duration?)])
    func watchdog(time: String?, process: String?, expected: Duration?) {
        let variables = ["WATCHDOG_USEC": time, "WATCHDOG_PID": process]
        #expect(Notify(environment: { variables[$0] ?? nil }).watchdogInterval == expected)
    }
}
