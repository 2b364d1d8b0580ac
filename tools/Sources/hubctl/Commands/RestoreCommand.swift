import ArgumentParser
import Wire

/// `hubctl restore`: a backup, back into its place.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Puts a backup's databases in place of those of this host; the services must be stopped.",
        discussion: """
            First everything is checked: the manifest and its hashes, every page of the databases, their versions, and \
            that this host has the keys that the values are sealed under. --verify ends there, and may run while the \
            services do. Databases that are there are moved aside, not deleted.
            """)

    @Argument(help: "The directory that `hubctl backup` made.")
    var directory: String

    @Flag(help: "Check the backup and tell what would be done; change nothing.")
    var verify = false

    @OptionGroup var host: HostOptions
    @OptionGroup var options: GlobalOptions

    /// What was found, and done.
    struct Report: Encodable {
        let at: Timestamp
        let version: String
        let files: [Restore.Finding]
        let restored: Bool
        /// Where the databases are that were there before.
        let movedAside: [String]
    }

    func run() async throws {
        let restore = try Restore(directory, onto: host.installation)
        let findings = try restore.verify(host.installation)
        let old = verify ? [] : try restore.run()
        let report = Report(
            at: restore.manifest.at, version: restore.manifest.version, files: findings, restored: !verify,
            movedAside: old)
        try options.show(report, as: Self.text(of: report))
    }

    static func text(of report: Report) -> String {
        var lines = [
            "The backup of \(report.at), version \(report.version), is whole, and its keys are here.", "",
        ]
        lines.append(
            Table(
                headings: ["SIZE", "SERVICE", "DATABASE", report.restored ? "DONE" : "WOULD BE DONE"],
                numbers: [0],
                rows: report.files.map { file in
                    [
                        Units.bytes(file.bytes), file.service, file.database,
                        file.replaces ? "put in place, the one that is there moved aside" : "put in place",
                    ]
                }
            ).text)
        lines.append("")
        if report.restored {
            lines += report.movedAside.map { "The database before is in \($0)" }
            lines.append("Start the services, then see `hubctl doctor`.")
        } else {
            lines.append("Nothing was changed.")
        }
        return lines.joined(separator: "\n")
    }
}
