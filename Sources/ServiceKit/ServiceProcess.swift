import Glibc
package import Wire

/// One of the services, as its process runs it.
@Loop
package protocol Service: AnyObject {
    associatedtype Configuration: ServiceConfiguration
    /// For `--help` and `--version`.
    nonisolated static var program: Program { get }
    /// The service's name on the wire and in the log.
    nonisolated static var name: StaticString { get }

    /// Opens what the service needs. What it throws ends the process with one line.
    init(_ configuration: Configuration, log: Log) async throws
    /// Names the methods that it answers.
    func register(on server: Server)
    /// Begins the work that nobody asks for, once the socket is open.
    func started()
    /// Takes what can be changed while it runs.
    func reload(_ configuration: Configuration)
    /// The database as it is at this moment.
    func picture() throws -> Picture
    /// What tells the keys that it has from others, by their version; none of a service that seals nothing.
    var fingerprints: [UInt32: String] { get }
    /// Finishes, once all calls are answered.
    func stop() async
}

/// A service's settings: those of every service, and its own.
package protocol ServiceConfiguration: Sendable {
    var service: ServiceSettings { get }
    init(_ settings: Settings) throws(SettingError)
}

/// A service's process from its command line to its end: configuration, sockets, signals, systemd.
@Loop
package final class ServiceProcess<S: Service> {
    private let service: S
    private let server: Server
    private let backups: Backups<S>
    private let launch: Launch<S.Configuration>
    private let log: Log
    private let notify = Notify()
    private var signals: Signals?
    private var isStopping = false

    /// The whole of a service's `main`.
    package nonisolated static func run() -> Never {
        umask(0o077)
        signal(SIGPIPE, SIG_IGN)
        let launch = Launch(S.program, read: S.Configuration.init)
        let log = Log(S.name, level: launch.configuration.service.common.level)
        do {
            // Before any thread starts, since threads inherit what is blocked.
            let signals = try Signals.block([SIGTERM, SIGINT, SIGHUP]).release()
            let sockets = try Activation.take()
            Loop.start { await start(launch, log, Descriptor(adopting: signals), sockets) }
        } catch {
            fail(error)
        }
        while true { pause() }
    }

    private static func start(
        _ launch: Launch<S.Configuration>, _ log: Log, _ signals: consuming Descriptor,
        _ sockets: [Activation]
    ) async {
        let raw = signals.release()
        do {
            let process = try await ServiceProcess(launch, log)
            try process.open(sockets, Descriptor(adopting: raw))
        } catch {
            fail(error)
        }
    }

    private init(_ launch: Launch<S.Configuration>, _ log: Log) async throws {
        self.launch = launch
        self.log = log
        let settings = launch.configuration.service
        service = try await S(launch.configuration, log: log)
        server = Server(service: "\(S.name)", version: Version.current, limits: settings.limits)
        server.report = { Self.report($0, to: log) }
        service.register(on: server)
        backups = Backups(of: service, server, settings, log)
        backups.register()
    }

    private func open(_ sockets: [Activation], _ signals: consuming Descriptor) throws {
        let settings = launch.configuration.service
        if sockets.isEmpty {
            try server.listen(
                at: settings.socket, callers: settings.mayCall, monitors: settings.monitors)
        }
        for socket in sockets {
            try server.listen(
                on: Descriptor(adopting: socket.descriptor), callers: settings.mayCall,
                monitors: settings.monitors)
        }
        self.signals = try Signals(signals) { [self] in handle($0) }
        service.started()
        keepWatchdogQuiet()
        notify.ready(status: "serving")
        log.notice(
            "started",
            [
                "version": .text(Version.current),
                "socket": .text(sockets.isEmpty ? settings.socket : "systemd"),
            ])
    }

    /// Tells systemd that the loop still turns.
    private func keepWatchdogQuiet() {
        guard let interval = notify.watchdogInterval else { return }
        notify.watchdog()
        Loop.after(milliseconds: Int(interval.wholeMilliseconds)) { [self] in keepWatchdogQuiet() }
    }

    private func handle(_ signal: CInt) {
        switch signal {
        case SIGHUP: reload()
        default:
            guard !isStopping else { return }
            isStopping = true
            Task { @Loop in await stop() }
        }
    }

    /// A configuration that cannot be used is said, and the one in force stays.
    private func reload() {
        notify.reloading()
        defer { notify.ready(status: "serving") }
        do {
            let configuration = try launch.reload()
            log.level = configuration.service.common.level
            service.reload(configuration)
            log.notice("configuration reloaded")
        } catch {
            log.error("configuration not reloaded", ["problem": .text("\(error)")])
        }
    }

    private func stop() async {
        notify.stopping()
        log.notice("stopping")
        backups.giveUp()
        await server.drain()
        await service.stop()
        log.notice("stopped")
        exit(Exit.ok.rawValue)
    }

    private static func report(_ report: Server.Report, to log: Log) {
        switch report {
        case .fault(let method, let error, let trace):
            log.error(
                "call failed",
                [
                    "method": .text(method), "error": .text("\(error)"), "trace": .text(trace ?? ""),
                ])
        case .stranger(let user):
            log.warning("connection refused", ["user": .number(user)])
        case .misbehaved(let user, let problem):
            log.warning("connection closed", ["user": .number(user), "problem": .text(problem)])
        case .cannotAccept(let problem):
            log.error("connections cannot be accepted", ["problem": .text(problem)])
        }
    }
}
