import Logging
import NIOCore
import ServiceKit
import ServiceLifecycle
import UnixSignals
import Wire

/// The process: the site at its socket, until SIGTERM; what is in flight then is answered first.
struct WebServer {
    private let launch: Launch<WebConfiguration>
    private let socket: Activation?
    private let log: Log
    private let notify = Notify()
    private let site: Site

    /// `sockets` are those that systemd handed over: one, or none.
    init(_ launch: Launch<WebConfiguration>, sockets: [Activation]) throws {
        self.launch = launch
        socket = sockets.first
        let configuration = launch.configuration
        log = Log("web", level: configuration.common.level)
        site = Site(configuration, services: Services(configuration), resources: try Resources(), log: log)
    }

    func run() async throws {
        let logger = Logger(label: "web") { [log] _ in ServerLog(log) }
        let http = HTTPService(
            responder: site.responder(), address: launch.configuration.listen, socket: socket,
            limits: launch.configuration.limits, logger: logger, running: started, stopping: notify.stopping)
        let reload = ReloadService(reload: reload)
        let group = ServiceGroup(
            configuration: .init(
                services: [http, reload], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
        log.notice("stopped")
    }

    @Sendable private func started(_ channel: any Channel) {
        if let interval = notify.watchdogInterval {
            // On the loop that takes connections: where it stands still, systemd is to notice.
            channel.eventLoop.scheduleRepeatedTask(
                initialDelay: .zero, delay: TimeAmount(interval)
            ) { [notify] _ in notify.watchdog() }
        }
        notify.ready(status: "serving")
        log.notice(
            "started",
            [
                "version": .text(Version.current),
                "listen": .text("\(channel.localAddress.map { "\($0)" } ?? "?")"),
            ])
    }

    /// A configuration that cannot be used is said, and the one in force stays. Of a good one the log's level is taken.
    @Sendable private func reload() {
        notify.reloading()
        defer { notify.ready(status: "serving") }
        do {
            log.level = try launch.reload().common.level
            log.notice("configuration reloaded")
        } catch {
            log.error("configuration not reloaded", ["problem": .text("\(error)")])
        }
    }
}

/// Reloads at each SIGHUP.
private struct ReloadService: Service {
    let reload: @Sendable () -> Void

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() { reload() }
    }
}
