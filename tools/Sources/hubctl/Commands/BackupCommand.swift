import ArgumentParser
import Wire

/// `hubctl backup`: all databases as they are at one moment, copied while the services work.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies all three databases, as they are at one moment, while the services work.",
        discussion: """
            A backup is a directory with the three files and a manifest. For the moment itself the services let calls \
            that change something wait; pages that only show something go on. The keys are in no backup: keep a copy \
            of them apart. `hubctl restore` reads what this wrote.
            """)

    @Option(
        help: ArgumentHelp(
            "Where backups are kept. (default: $CLIENTHUB_BACKUP_DIR, else /var/backups/clienthub)",
            valueName: "dir"))
    var to: String?

    @Option(help: ArgumentHelp("Delete all but the newest backups there.", valueName: "count"))
    var keep: Int?

    @OptionGroup var host: HostOptions
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        if let keep, keep < 1 { throw ValidationError("--keep is 1 or more") }
    }

    /// What was made.
    struct Report: Encodable {
        let path: String
        let manifest: Manifest
        let deleted: [String]
    }

    func run() async throws {
        let clients = Dictionary(
            uniqueKeysWithValues: ServiceName.allCases.map { ($0, options.client(of: $0.socket)) })
        let version = try await Self.version(of: clients)
        let copies = try await CommonMoment(clients: clients).copies()
        let directory = BackupDirectory(to)
        let (path, manifest) = try directory.keep(
            copies, of: host.installation, version: version)
        let deleted = keep.map(directory.prune) ?? []
        let report = Report(path: path, manifest: manifest, deleted: deleted)
        try options.show(report, as: Self.text(of: report))
    }

    /// The release of the services, which must be one.
    private static func version(of clients: [ServiceName: Client]) async throws -> String {
        var versions: [ServiceName: String] = [:]
        for (name, client) in clients { versions[name] = try await client.call(Common.Health()).version }
        guard let version = versions[.auth], Set(versions.values).count == 1 else {
            let list = ServiceName.allCases.map { "\($0.rawValue) \(versions[$0] ?? "?")" }
            throw Problem.bad(
                "the services are of different versions (\(list.joined(separator: ", "))): restart those that are old"
            )
        }
        return version
    }

    static func text(of report: Report) -> String {
        var lines = [report.path, ""]
        lines.append(
            Table(
                headings: ["SIZE", "FILE", "SEALED UNDER"], numbers: [0],
                rows: report.manifest.files.map { file in
                    let keys = file.keys.map { "key \($0.version)" }.joined(separator: ", ")
                    return [Units.bytes(file.bytes), file.file, keys.isEmpty ? "-" : keys]
                }
            ).text)
        lines += [
            "", "All three show \(report.manifest.at). The keys are not in it: keep a copy of them apart.",
        ]
        if !report.deleted.isEmpty { lines.append("Deleted: \(report.deleted.joined(separator: ", "))") }
        return lines.joined(separator: "\n")
    }
}
