import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceKit

/// The process: the site behind Hummingbird's HTTP server, until SIGTERM; what is in flight then is answered first.
struct WebServer {
    let configuration: WebConfiguration
    private let log: Log
    private let site: Site

    init(_ configuration: WebConfiguration) throws {
        self.configuration = configuration
        log = Log("web", level: configuration.common.level)
        site = Site(configuration, services: Services(configuration), resources: try Resources(), log: log)
    }

    func run() async throws {
        let (log, notify, address) = (log, Notify(), configuration.listen)
        let logger = Logger(label: "web") { _ in ServerLog(log) }
        let application = Application(
            responder: site.responder(),
            server: .http1(
                configuration: .init(
                    idleTimeout: .seconds(Int64(configuration.limits.idleSeconds)),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 16_384, maxHeaderListSize: 32_768, maxHeaderFieldCount: 100))),
            configuration: ApplicationConfiguration(
                address: address.bindAddress, backlog: 1_024,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    configuration.limits.connections, logger: logger)),
            onServerRunning: { channel in
                notify.ready(status: "serving")
                log.notice(
                    "started",
                    [
                        "version": .text(Version.current),
                        "listen": .text("\(channel.localAddress.map { "\($0)" } ?? "?")"),
                    ])
            },
            logger: logger)
        try await application.runService()
        log.notice("stopped")
    }
}

extension ListenAddress {
    var bindAddress: BindAddress {
        switch self {
        case .unix(let path): .unixDomainSocket(path: path)
        case .loopback(let host, let port): .hostname(host, port: port)
        }
    }
}
