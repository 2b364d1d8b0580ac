import Glibc
import Testing

@testable import ServiceKit

/// A socket at a descriptor of the test's choice, closed with the test.
private final class Handed {
    let descriptor: Int32

    init(at wanted: Int32, kind: __socket_type = SOCK_STREAM, family: Int32 = AF_UNIX, path: String? = nil)
        throws
    {
        let made = socket(family, Int32(kind.rawValue), 0)
        try #require(made >= 0)
        descriptor = fcntl(made, F_DUPFD, wanted)
        close(made)
        try #require(descriptor == wanted)
        guard let path else { return }
        try #require(withUnixAddress(path) { bind(wanted, $0, $1) } == 0 && listen(wanted, 8) == 0)
    }

    deinit { close(descriptor) }
}

@Suite("Socket activation", .serialized) struct ActivationTests {
    private func line(count: String, names: String? = nil, first: Int32) -> String? {
        do throws(ActivationError) {
            _ = try Activation.sockets(count: count, names: names, first: first)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("takes listening Unix sockets with their names, and makes them ready for the loop")
    func takes() throws {
        let scratch = try Scratch()
        let one = try Handed(at: 700, path: scratch.path + "/one")
        let two = try Handed(at: 701, path: scratch.path + "/two")
        let sockets = try Activation.sockets(count: "2", names: "auth:admin", first: 700)
        #expect(
            sockets == [
                Activation(name: "auth", descriptor: one.descriptor),
                Activation(name: "admin", descriptor: two.descriptor),
            ])
        for socket in sockets {
            #expect(fcntl(socket.descriptor, F_GETFD) & FD_CLOEXEC != 0)
            #expect(fcntl(socket.descriptor, F_GETFL) & O_NONBLOCK != 0)
        }
        #expect(try Activation.sockets(count: "1", names: nil, first: 700).map(\.name) == ["unknown"])
    }

    @Test("refuses what it cannot listen on")
    func refuses() throws {
        let scratch = try Scratch()
        _ = try Handed(at: 720, path: scratch.path + "/good")
        let idle = try Handed(at: 730)
        let datagrams = try Handed(at: 731, kind: SOCK_DGRAM)
        let internet = try Handed(at: 732, family: AF_INET)
        try #require(listen(internet.descriptor, 8) == 0)
        for bad in [idle.descriptor, datagrams.descriptor, internet.descriptor, 799] {
            #expect(
                line(count: "1", names: "auth", first: bad)
                    == "the socket \"auth\" from systemd (descriptor \(bad)) is no listening Unix stream socket"
            )
        }
        let listening = try Activation.sockets(count: "1", names: "web", first: 732, .unixOrInternet)
        #expect(listening.map(\.descriptor) == [732])
        #expect(throws: ActivationError.self) {
            try Activation.sockets(count: "1", names: "web", first: 730, .unixOrInternet)
        }
        #expect(line(count: "2", names: "auth", first: 730) == "LISTEN_FDNAMES names 1 sockets, LISTEN_FDS 2")
        for count in ["0", "-1", "65", "x", ""] {
            #expect(line(count: count, first: 730) == "LISTEN_FDS=\(count): expected 1 to 64")
        }
    }

    @Test(
        "takes nothing where nothing, or another process, is meant, and clears the variables",
        .timeLimit(.minutes(1)))
    func environment() async {
        await #expect(processExitsWith: .success) {
            let untold = try Activation.take()
            #expect(untold.isEmpty)
            setenv("LISTEN_FDS", "1", 1)
            setenv("LISTEN_PID", "1", 1)
            setenv("LISTEN_FDNAMES", "auth", 1)
            let foreign = try Activation.take()
            #expect(foreign.isEmpty)
            for name in ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"] { #expect(getenv(name) == nil) }
            setenv("LISTEN_FDS", "nonsense", 1)
            setenv("LISTEN_PID", "\(getpid())", 1)
            #expect(throws: ActivationError.self) { try Activation.take() }
            #expect(getenv("LISTEN_FDS") == nil)
        }
    }
}
