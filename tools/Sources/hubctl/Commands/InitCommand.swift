import ArgumentParser
import Cryptography
import Glibc
import Wire

/// `hubctl init`: what a freshly installed host still lacks: keys, and a first firm with its owner.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Makes what a new host lacks: keys, the first firm and its owner; then looks it over.",
        discussion: """
            What is there stays as it is, so that a second run changes nothing. Without --slug the firm is asked for \
            on the terminal, where there is none yet. Exit status 1 where `hubctl doctor` finds something bad.
            """)

    @Option(help: "The firm's name in URLs and log-ins: 1 to 63 of a-z, 0-9 and -.")
    var slug: String?

    @Option(help: "The firm's name, as its clients know it.")
    var name: String?

    @Option(help: ArgumentHelp("The owner's name.", valueName: "name"))
    var ownerName: String?

    @Option(help: ArgumentHelp("The e-mail address of the owner's log-in.", valueName: "email"))
    var ownerEmail: String?

    @Flag(help: "Have systemd-creds encrypt new keys for this host.")
    var encrypted = false

    @Option(help: ArgumentHelp("How long to wait for the services to answer.", valueName: "seconds"))
    var wait = 60

    @Flag(help: "Do not try to reach providers.")
    var offline = false

    @OptionGroup var password: PasswordOptions
    @OptionGroup var host: HostOptions
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...3_600).contains(wait) else { throw ValidationError("--wait is 1 to 3600 seconds") }
        let given = [slug, name, ownerName, ownerEmail].compactMap(\.self).count
        guard given == 0 || given == 4 else {
            throw ValidationError("a firm needs --slug, --name, --owner-name and --owner-email")
        }
    }

    /// One thing that a host needs, and whether it was there.
    struct Step: Encodable, Equatable {
        let what: String
        let made: Bool
    }

    struct Report: Encodable {
        let steps: [Step]
        let findings: [Finding]
        let address: String?
    }

    func run() async throws {
        let installation = host.installation
        let web = try installation.web()
        var steps: [Step] = []
        for holder in KeyCommand.Holder.allCases where holder != .web || web != nil {
            steps.append(try key(of: holder, on: installation))
        }
        if Systemd.runs { _ = try Program.output(["systemctl", "start", "clienthub.target"]) }
        try await waitForServices()
        let firm = try await self.firm()
        steps.append(firm.step)

        let doctor = Doctor(
            host: installation, options: options, backups: BackupDirectory(nil), reachesOut: !offline)
        let findings = await doctor.findings()
        let address = web.map { "\($0.origin)/log-in?firm=\(firm.slug)" }
        let report = Report(steps: steps, findings: findings, address: address)
        try options.show(report, as: Self.text(of: report))
        if let problem = DoctorCommand.problem(in: findings) { throw problem }
    }

    // MARK: keys

    private func key(of holder: KeyCommand.Holder, on host: Installation) throws -> Step {
        let place = try holder.place(on: host, encrypted: encrypted)
        guard !place.exists else { return Step(what: place.path, made: false) }
        // A new key would not open what the old one sealed.
        if let service = holder.service, case let database = try host.service(service).database,
            access(database, F_OK) == 0
        {
            throw Problem.bad(
                "\(place.path): is not there, but \(database) is, which was sealed with it: bring the key back"
            )
        }
        try place.write(.generate(), replacing: false)
        if place.isEncrypted { try hand(place) }
        return Step(what: place.path, made: true)
    }

    /// Has the unit hand over the encrypted credential in the place of the plain file.
    private func hand(_ place: KeyPlace) throws(Problem) {
        guard Systemd.runs else { return }
        let directory = "/etc/systemd/system/\(Systemd.unit(of: place.service)).d"
        guard mkdir(directory, 0o755) == 0 || errno == EEXIST else {
            throw systemProblem("be made", directory)
        }
        let text = """
            [Service]
            LoadCredential=
            LoadCredentialEncrypted=\(place.name):\(place.path)

            """
        try PrivateFile.write(Array(text.utf8), to: "\(directory)/key.conf", owner: nil, replacing: true)
        _ = try Program.output(["systemctl", "daemon-reload"])
    }

    // MARK: services

    private func waitForServices() async throws {
        let end = Deadline.after(milliseconds: wait * 1_000)
        for name in ServiceName.allCases {
            var limits = ClientLimits()
            limits.patience = 0
            let client = options.client(of: name.socket, limits: limits)
            while true {
                do {
                    _ = try await client.call(Common.Health())
                    break
                } catch let refusal as Refusal where refusal.isFor(.unreachable) && !end.hasPassed {
                    try await Task.sleep(for: .milliseconds(100))
                } catch let refusal as Refusal where refusal.isFor(.unreachable) {
                    throw Problem.refused(
                        "\(name.program) does not answer after \(wait) s: start it; the keys are in place")
                }
            }
        }
    }

    // MARK: the firm

    private func firm() async throws -> (slug: String, step: Step) {
        let auth = options.client(of: .auth)
        let firms = try await FirmCommand.List.all(auth)
        if let there = slug.map({ slug in firms.first { $0.slug == slug } }) ?? firms.first {
            return (there.slug, Step(what: "firm \(there.slug) (\(there.name))", made: false))
        }
        let slug = try self.slug ?? Self.ask("The firm's name in addresses (a-z, 0-9, -)")
        let name = try self.name ?? Self.ask("The firm's name")
        let owner = Auth.Owner(
            name: try ownerName ?? Self.ask("The owner's name"),
            email: try ownerEmail ?? Self.ask("The owner's e-mail address"), password: "")
        var whole = owner
        whole.password = try password.password(for: owner.email)
        _ = try await auth.call(Auth.CreateFirm(slug: slug, name: name, owner: whole), within: 60_000)
        return (slug, Step(what: "firm \(slug) (\(name)), owner \(owner.email)", made: true))
    }

    private static func ask(_ what: String) throws(Problem) -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            throw .usage(
                "there is no firm yet: name it by --slug, --name, --owner-name and --owner-email, and --password-stdin"
            )
        }
        print("\(what): ", terminator: "")
        fflush(nil)
        guard let line = readLine(), !line.isEmpty else { throw .usage("given up") }
        return line
    }

    static func text(of report: Report) -> String {
        var lines = report.steps.map { "\($0.made ? "made " : "there") \(printable($0.what))" }
        lines += ["", DoctorCommand.text(of: report.findings), ""]
        if report.steps.allSatisfy({ !$0.made }) { lines.append("Nothing was changed: all of it was there.") }
        if report.steps.dropLast().contains(where: \.made) {
            lines.append(
                "Keep a copy of the new keys apart from the backups: without them a backup is worth nothing.")
        }
        if let address = report.address { lines.append("The owner logs in at \(address)") }
        return lines.joined(separator: "\n")
    }
}
