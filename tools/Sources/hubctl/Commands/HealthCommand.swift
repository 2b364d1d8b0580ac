import ArgumentParser
import Wire

/// `hubctl health`: whether the services do their work.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Tells whether the services do their work; exit status 1 where one does not.")

    @Argument(
        help: ArgumentHelp(
            "Services (auth, otp, sms) or paths of sockets; all three where none is named.",
            valueName: "socket"))
    var sockets: [Socket] = Socket.all

    @Option(help: ArgumentHelp("Wait so long for all of them to serve.", valueName: "seconds"))
    var wait = 0

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (0...3_600).contains(wait) else { throw ValidationError("--wait is 0 to 3600 seconds") }
    }

    func run() async throws {
        let end = Deadline.after(milliseconds: wait * 1_000)
        var report = await report()
        while !report.isGood, !end.hasPassed {
            try await Task.sleep(for: .milliseconds(50))
            report = await self.report()
        }
        try options.show(report.services, as: report.table(now: .now).text)
        if let first = report.services.first(where: { !$0.isServing }) {
            throw Problem.bad("\(first.name) does not serve: \(first.problem)")
        }
    }

    /// Asks all of them at once.
    private func report() async -> HealthReport {
        let questions = sockets.map { (name: $0.argument, path: options.path(of: $0)) }
        let answers = await withTaskGroup { group in
            for (index, question) in questions.enumerated() {
                group.addTask { (index, await Self.health(of: question.name, at: question.path)) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        return HealthReport(services: questions.indices.compactMap { answers[$0] })
    }

    private static func health(of name: String, at path: String) async -> HealthReport.Service {
        var limits = ClientLimits()
        limits.patience = 0
        do {
            let health = try await Client(path: path, limits: limits).call(Common.Health())
            return HealthReport.Service(name: name, socket: path, health: health)
        } catch let refusal as Refusal {
            return HealthReport.Service(name: name, socket: path, error: refusal.message)
        } catch {
            return HealthReport.Service(name: name, socket: path, error: "\(error)")
        }
    }
}

/// How each service is.
struct HealthReport {
    let services: [Service]

    /// One service: its own words, or why there are none.
    struct Service: Encodable {
        /// As the command line names it.
        let name: String
        /// The path of its socket.
        let socket: String
        var health: Common.Health.Reply?
        var error: String?

        var isServing: Bool { health?.status == .serving }

        /// What is wrong with it, as far as is known.
        var problem: String {
            guard let health else { return error ?? "no answer" }
            let failing = health.checks.filter { !$0.ok }.map { "\($0.name): \($0.detail ?? "fails")" }
            return failing.isEmpty ? health.status.rawValue : failing.joined(separator: ", ")
        }
    }

    var isGood: Bool { services.allSatisfy(\.isServing) }

    func table(now: Timestamp) -> Table {
        Table(
            headings: ["SERVICE", "STATUS", "VERSION", "UP FOR", "CHECKS"],
            rows: services.map { service in
                guard let health = service.health else {
                    return [service.name, "unreachable", "-", "-", service.problem]
                }
                let isFine = health.checks.allSatisfy(\.ok)
                return [
                    health.service, health.status.rawValue, health.version,
                    Units.duration(max(0, now.seconds(since: health.since))),
                    isFine ? health.checks.map(\.name).joined(separator: ", ") + " ok" : service.problem,
                ]
            })
    }
}
