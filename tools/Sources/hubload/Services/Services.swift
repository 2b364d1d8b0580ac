import Cryptography
import Foundation
import Wire

/// Services that hubload starts itself, over a ``State``, and ends with itself.
final class Services {
    let state: State
    /// The port of the front end.
    let port: Int
    private let build: String
    private var running: [(service: Service, process: Process)] = []

    /// `build` is the folder with the services' programs.
    init(_ build: String, over state: State) throws {
        self.build = URL(fileURLWithPath: build).standardizedFileURL.path
        self.state = state
        port = try Self.freePort()
        try state.configure(port: port)
    }

    deinit { stop() }

    /// The running processes.
    var processes: [(name: String, pid: Int32)] {
        running.map { ($0.service.program, $0.process.processIdentifier) }
    }

    /// Starts services in the order in which they need each other, and returns once they answer.
    func start(_ services: Set<Service>) async throws {
        for service in Service.allCases where services.contains(service) {
            try launch(service)
            try await waitFor(service)
        }
    }

    /// Ends the services, each before those that it calls, and waits until they are gone.
    func stop() {
        for (_, process) in running.reversed() {
            process.terminate()
            process.waitUntilExit()
            Interruption.ended(process.processIdentifier)
        }
        running = []
    }

    private func launch(_ service: Service) throws {
        let path = try program(of: service)
        let log = state.log(of: service)
        _ = FileManager.default.createFile(atPath: log, contents: nil, attributes: [.posixPermissions: 0o600])
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["--config", state.configuration(of: service)]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle(forWritingAtPath: log)
        do {
            try Interruption.start(process)
        } catch {
            throw Problem.failed("\(path): does not start: \(error.localizedDescription)")
        }
        running.append((service, process))
    }

    /// The front end is built in a package of its own, beside that of the services.
    private func program(of service: Service) throws -> String {
        let folder = URL(fileURLWithPath: build)
        var places = [folder.appendingPathComponent(service.program).path]
        if service == .web {
            let package = folder.deletingLastPathComponent().deletingLastPathComponent()
            places.append(
                package.appendingPathComponent("web/.build/\(folder.lastPathComponent)/\(service.program)")
                    .path)
        }
        guard let path = places.first(where: FileManager.default.isExecutableFile) else {
            throw Problem.failed(
                "there is no \(places.joined(separator: " or ")); build it, or name another --build")
        }
        return path
    }

    private func waitFor(_ service: Service) async throws {
        let end = Clock.now + 60 * Clock.second
        while Clock.now < end {
            if await answers(service) { return }
            guard running.last?.process.isRunning == true else { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        let log = (try? String(contentsOfFile: state.log(of: service), encoding: .utf8)) ?? ""
        let line = log.split(separator: "\n").last.map { ": \($0)" } ?? ""
        throw Problem.failed("\(service.program) did not start\(line)")
    }

    private func answers(_ service: Service) async -> Bool {
        guard service != .web else { return (try? HTTPConnection(port: port).get("/healthz").status) == 200 }
        var limits = ClientLimits()
        limits.patience = 0
        let client = Client(path: "\(state.sockets)/\(service.rawValue).sock", limits: limits)
        return (try? await client.call(Common.Health())) != nil
    }

    private static func freePort() throws -> Int {
        let probe = try HTTPConnection.bound()
        defer { close(probe.descriptor) }
        return probe.port
    }

    /// Fills the databases, unless they are filled with the same already. No service may be running.
    func fill(_ filling: Filling, progress: Progress) async throws {
        let generator = Generator(
            population: filling.population, sessions: filling.sessions, events: filling.events,
            progress: progress)
        if let there = try state.population() {
            guard there == filling else {
                throw Problem.failed(
                    """
                    \(state.directory) holds another population: \(there.population.clients) clients of \
                    \(there.population.firms) firms, \(there.sessions) sessions, \(there.events) events, seed \
                    \(there.population.seed); ask for the same, or name another --state
                    """)
            }
            try generator.renewSessions(in: state.database(of: .auth))
            return
        }
        progress.say("making the tables")
        // Each service makes its tables when it starts.
        try await start([.auth, .otp])
        try await makeTemplate()
        stop()
        try generator.fill(auth: state.database(of: .auth))
        try generator.fill(otp: state.database(of: .otp), keys: try Self.keys(in: state.key))
        try state.keep(filling)
    }

    private func makeTemplate() async throws {
        let owner = Auth.Owner(
            name: "Load", email: Generator.template.email, password: Population.password)
        _ = try await Client(path: "\(state.sockets)/auth.sock").call(
            Auth.CreateFirm(slug: Generator.template.slug, name: "Load", owner: owner), within: 30_000)
    }

    /// Reads a file of sealing keys.
    static func keys(in path: String) throws -> SealingKeys {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Problem.failed("\(path): cannot be read")
        }
        do {
            return try SealingKeys(parsing: [UInt8](data))
        } catch {
            throw Problem.failed("\(path): \(error)")
        }
    }
}
