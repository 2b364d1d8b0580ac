import Glibc
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOExtras
import NIOPosix
import ServiceKit
import ServiceLifecycle

/// Answers HTTP at one socket until it is told to stop, and answers what is in flight before it ends: at a socket that it
/// makes, or at one that systemd made, so that nobody is refused while the front end restarts. (Hummingbird's own server
/// makes its socket in any case.)
struct HTTPService: Service {
    let responder: SiteResponder
    let address: ListenAddress
    /// The socket that systemd handed over.
    let socket: Activation?
    let limits: WebConfiguration.Limits
    let logger: Logger
    /// Called once requests are answered, and once no new connection is taken any more.
    let running: @Sendable (any Channel) -> Void
    let stopping: @Sendable () -> Void

    private typealias Listener = NIOAsyncChannel<HTTP1Channel.Value, Never>

    func run() async throws {
        let quiescing = ServerQuiescingHelper(group: MultiThreadedEventLoopGroup.singleton)
        let http = http()
        let listener = try await listen(http, quiescing)
        try await withGracefulShutdownHandler {
            running(listener.channel)
            try await withThrowingDiscardingTaskGroup { connections in
                try await listener.executeThenClose { accepted in
                    for try await connection in accepted {
                        connections.addTask { await http.handle(value: connection, logger: logger) }
                    }
                }
            }
        } onGracefulShutdown: {
            stopping()
            // First nothing more is accepted, and what was is let through; systemd's socket keeps who comes now for the next
            // process. A connection that is accepted while the listener closes would be reset.
            let channel = listener.channel
            channel.setOption(.autoRead, value: false).whenComplete { _ in
                channel.eventLoop.scheduleTask(in: .milliseconds(100)) {
                    quiescing.initiateShutdown(promise: nil)
                }
            }
        }
    }

    private func http() -> HTTP1Channel {
        HTTP1Channel(
            responder: { [responder, logger] request, writer, channel in
                let context = VisitContext(
                    source: ApplicationRequestContextSource(channel: channel, logger: logger))
                var response = try await responder.respond(to: request, context: context)
                response.headers[.date] = HTTPDate.text(of: time(nil))
                try await writer.write(response: response.head, body: response.body)
            },
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [LastRequest()],
                idleTimeout: .seconds(Int64(limits.idleSeconds)),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 16_384, maxHeaderListSize: 32_768, maxHeaderFieldCount: 100)))
    }

    private func bootstrap(_ quiescing: ServerQuiescingHelper) -> ServerBootstrap {
        ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .serverChannelInitializer { [limits, logger] channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(
                        AvailableConnectionsChannelHandler(
                            delegate: MaximumAvailableConnections(limits.connections, logger: logger)))
                    try pipeline.addHandler(quiescing.makeServerChannelHandler(channel: channel))
                }
            }
    }

    private func listen(_ http: HTTP1Channel, _ quiescing: ServerQuiescingHelper) async throws -> Listener {
        let bootstrap = bootstrap(quiescing)
        let setUp: @Sendable (any Channel) -> EventLoopFuture<HTTP1Channel.Value> = { [logger] channel in
            http.setup(channel: channel, logger: logger)
        }
        if let socket {
            return try await bootstrap.bind(socket.descriptor, childChannelInitializer: setUp)
        }
        return switch address {
        case .unix(let path):
            try await bootstrap.bind(
                unixDomainSocketPath: path, cleanupExistingSocketFile: true, childChannelInitializer: setUp)
        case .loopback(let host, let port):
            try await bootstrap.bind(host: host, port: port, childChannelInitializer: setUp)
        }
    }
}

/// The form of times in HTTP's headers (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func text(of time: time_t) -> String {
        var time = time
        var parts = tm()
        gmtime_r(&time, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) "
            + "\(parts.tm_year + 1900) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
    }
}
