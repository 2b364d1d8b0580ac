import Wire

/// Whether the services are reached, and by those who are to reach them.
struct Sockets {
    let options: GlobalOptions

    func findings(_ services: [InstalledService], _ answers: [ServiceName: Doctor.Answers]) -> [Finding] {
        services.flatMap { service in
            socket(of: service) + health(of: service, answers[service.name])
        } + callers(services, answers)
    }

    private func socket(of service: InstalledService) -> [Finding] {
        let path = options.path(of: service.name.socket)
        guard let facts = FileFacts(path) else {
            return [
                .bad(
                    "sockets", "\(path): is not there",
                    "systemctl start clienthub-\(service.name.rawValue).socket")
            ]
        }
        guard facts.kind == .socket else {
            return [
                .bad("sockets", "\(path): is no socket", "remove it, and restart \(service.name.program)")
            ]
        }
        guard service.socket == path else {
            return [
                .warning(
                    "sockets", "\(path): the configuration has \(service.socket)",
                    "name its directory by --run-dir, or correct `socket`")
            ]
        }
        return []
    }

    private func health(of service: InstalledService, _ answers: Doctor.Answers?) -> [Finding] {
        let name = service.name
        guard let health = answers?.health else {
            return [
                .bad(
                    "sockets", "\(name.rawValue): \(answers?.problem ?? "no answer")",
                    "see `systemctl status \(Systemd.unit(of: name.rawValue))` and its journal")
            ]
        }
        let failing = health.checks.filter { !$0.ok }
        guard health.status != .serving else {
            return [.good("sockets", "\(options.path(of: name.socket)): \(name.program) serves")]
        }
        return failing.isEmpty
            ? [
                .bad(
                    "health", "\(name.rawValue): is \(health.status.rawValue)",
                    "wait until it is started again")
            ]
            : failing.map { check in
                .bad(
                    "health", "\(name.rawValue): \(check.name): \(check.detail ?? "fails")",
                    "docs/operations.md, What to do when")
            }
    }

    /// Whether each service lets in the one that calls it.
    private func callers(
        _ services: [InstalledService], _ answers: [ServiceName: Doctor.Answers]
    ) -> [Finding] {
        zip(services, services.dropFirst()).compactMap { caller, called in
            guard let user = answers[caller.name]?.inspection?.user,
                let own = answers[called.name]?.inspection?.user
            else { return nil }
            return Self.caller(caller.name, user, of: called, own: own)
        }
    }

    static func caller(
        _ caller: ServiceName, _ user: UInt32, of called: InstalledService, own: UInt32
    ) -> Finding {
        called.admits(user, own: own)
            ? .good("callers", "\(called.name.rawValue): lets \(caller.program) in (\(userName(user)))")
            : .bad(
                "callers", "\(called.name.rawValue): does not let \(caller.program) in (\(userName(user)))",
                "name \(userName(user)) among \"callers\" of \(called.name.rawValue).json, and restart \(called.name.program)"
            )
    }
}
