import Cryptography
import Glibc
import ServiceKit
import Wire

/// Looks a host over: what could keep people out, or lose what they have.
struct Doctor {
    let host: Installation
    let options: GlobalOptions
    let backups: BackupDirectory
    /// Whether providers are reached for; not where the host has no way out.
    let reachesOut: Bool

    /// What a service said of itself.
    struct Answers {
        var health: Common.Health.Reply?
        var inspection: Common.Inspect.Reply?
        /// Why it said nothing.
        var problem: String?
    }

    func findings() async -> [Finding] {
        var findings: [Finding] = []
        var services: [InstalledService] = []
        for name in ServiceName.allCases {
            do {
                services.append(try host.service(name))
            } catch {
                findings.append(
                    .bad("configuration", error.line, "correct it; `\(name.program) --check` says the same"))
            }
        }
        let web = try? host.web()
        let answers = await ask()
        findings += Permissions(host: host).findings(services, web)
        findings += Sockets(options: options).findings(services, answers)
        findings += keys(answers)
        findings += clocks(answers)
        findings += versions(answers)
        for service in services { findings.append(Disk.finding(service.home)) }
        findings += backup(now: .now)
        if reachesOut, let sms = services.first(where: { $0.name == .sms }) {
            findings += await Reachability.findings(sms)
        }
        return findings
    }

    private func ask() async -> [ServiceName: Answers] {
        var answers: [ServiceName: Answers] = [:]
        for name in ServiceName.allCases {
            var limits = ClientLimits()
            limits.patience = 0
            let client = options.client(of: name.socket, limits: limits)
            do {
                answers[name] = Answers(
                    health: try await client.call(Common.Health()),
                    inspection: try await client.call(Common.Inspect(), within: 60_000))
            } catch {
                answers[name] = Answers(problem: (error as? Refusal)?.line ?? "\(error)")
            }
        }
        return answers
    }

    // MARK: keys

    /// Whether what each service has in memory opens what it has on disk.
    private func keys(_ answers: [ServiceName: Answers]) -> [Finding] {
        ServiceName.allCases.flatMap { name -> [Finding] in
            guard let uses = answers[name]?.inspection?.keys, !uses.isEmpty else { return [] }
            var findings: [Finding] = []
            for use in uses where use.fingerprint == nil {
                findings.append(
                    .bad(
                        "keys",
                        "\(name.rawValue): \(use.values) values are sealed under key \(use.version), which it does not have",
                        "bring the key back into its file, and restart \(name.program)"))
            }
            if let there = try? host.keyPlace(of: name).keys().fingerprints,
                there
                    != Dictionary(
                        uniqueKeysWithValues: uses.compactMap { use in
                            use.fingerprint.map { (use.version, $0) }
                        })
            {
                findings.append(
                    .warning(
                        "keys",
                        "\(name.rawValue): the file of its keys was changed, and the service has not read it",
                        "systemctl restart \(Systemd.unit(of: name.rawValue))"))
            }
            return findings
        }
    }

    // MARK: clocks

    private func clocks(_ answers: [ServiceName: Answers]) -> [Finding] {
        var findings = [Self.synchronisation(HostClock.isSynchronised)]
        for name in ServiceName.allCases {
            guard let inspection = answers[name]?.inspection else { continue }
            findings.append(Self.clock(of: name, inspection, here: .now))
        }
        return findings
    }

    static func synchronisation(_ isSynchronised: Bool?) -> Finding {
        switch isSynchronised {
        case true: .good("clock", "the host's clock is synchronised")
        case false:
            .bad(
                "clock", "the host's clock is not synchronised, and authenticator codes fit for 30 s only",
                "set up NTP: timedatectl set-ntp true, or install chrony")
        case nil:
            .warning(
                "clock", "the kernel does not tell whether the clock is synchronised",
                "see `timedatectl status` on the host")
        }
    }

    /// A service's clock against this one, and against what it wrote last.
    static func clock(of name: ServiceName, _ inspection: Common.Inspect.Reply, here: Timestamp) -> Finding {
        let off = inspection.now.seconds(since: here)
        guard abs(off) <= 5 else {
            return .bad(
                "clock",
                "\(name.rawValue): its clock is \(abs(off)) s \(off < 0 ? "behind" : "ahead of") this one",
                "see that \(name.program) runs on this host, and restart it")
        }
        if let newest = inspection.newest, case let ahead = newest.seconds(since: inspection.now), ahead > 5 {
            return .bad(
                "clock", "\(name.rawValue): what it wrote last is \(Units.duration(ahead)) in the future",
                "the clock was set back: correct it by NTP; no code that was used becomes good again")
        }
        return .good("clock", "\(name.rawValue): its clock and its database fit this host's clock")
    }

    // MARK: versions

    private func versions(_ answers: [ServiceName: Answers]) -> [Finding] {
        let versions = answers.compactMapValues { $0.health?.version }
        guard !versions.isEmpty else { return [] }
        return [Self.versions(versions, here: Version.current)]
    }

    static func versions(_ versions: [ServiceName: String], here: String) -> Finding {
        let others = ServiceName.allCases.filter { versions[$0] != nil && versions[$0] != here }
        guard others.isEmpty else {
            let list = others.map { "\($0.rawValue) is \(versions[$0] ?? "")" }.joined(separator: ", ")
            return .bad(
                "versions", "\(list), and hubctl is \(here)",
                "install one release, and restart what is older: systemctl restart clienthub.target")
        }
        return .good("versions", "all are \(here)")
    }

    // MARK: backups

    private func backup(now: Timestamp) -> [Finding] {
        guard let name = backups.backups.last else {
            return [Self.backup(backups.path, last: nil, now: now)]
        }
        let last = try? Manifest(of: "\(backups.path)/\(name)").at
        return [Self.backup("\(backups.path)/\(name)", last: last, now: now)]
    }

    /// How old the last backup is; a night may fail, two may not.
    static func backup(_ path: String, last: Timestamp?, now: Timestamp) -> Finding {
        guard let last else {
            return .warning(
                "backup", "\(path): there is no backup", "hubctl backup, and enable clienthub-backup.timer")
        }
        let age = max(0, now.seconds(since: last))
        guard age <= 2 * 86_400 else {
            return .bad(
                "backup", "\(path): the last backup is \(Units.duration(age)) old",
                "see `systemctl status clienthub-backup`, and run `hubctl backup`")
        }
        return .good("backup", "\(path): \(Units.duration(age)) old")
    }
}

/// Room for what is to come.
enum Disk {
    static func finding(_ path: String) -> Finding {
        var info = statvfs()
        guard statvfs(path, &info) == 0 else {
            return .warning("disk", systemProblem("be looked at", path).line, "see that it is there")
        }
        let unit = Int(info.f_frsize)
        return finding(path, free: Int(info.f_bavail) * unit, of: Int(info.f_blocks) * unit)
    }

    /// Judges what is free, in bytes.
    static func finding(_ path: String, free: Int, of all: Int) -> Finding {
        let percent = all > 0 ? free * 100 / all : 0
        let found = "\(path): \(Units.bytes(free)) free, \(percent)%"
        if free < 256 << 20 || percent < 5 {
            return .bad("disk", found, "make room: without it nobody can log in")
        }
        return percent < 15 ? .warning("disk", found, "make room soon") : .good("disk", found)
    }
}
