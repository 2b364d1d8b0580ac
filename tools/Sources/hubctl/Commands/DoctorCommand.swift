import ArgumentParser
import Wire

/// `hubctl doctor`: a look at everything that a host needs.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract:
            "Looks the host over, and says what to do about what is wrong; exit status 1 where something is.",
        discussion: """
            Permissions, keys, sockets and who may call them, clocks, versions, room on the disk, the last backup, and \
            whether providers are reached. Run it as root: other users see less.
            """)

    @Option(
        help: ArgumentHelp(
            "Where backups are kept. (default: $CLIENTHUB_BACKUP_DIR, else /var/backups/clienthub)",
            valueName: "dir"))
    var backups: String?

    @Flag(help: "Do not try to reach providers.")
    var offline = false

    @OptionGroup var host: HostOptions
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let doctor = Doctor(
            host: host.installation, options: options, backups: BackupDirectory(backups), reachesOut: !offline
        )
        let findings = await doctor.findings()
        try options.show(findings, as: Self.text(of: findings))
        if let problem = Self.problem(in: findings) { throw problem }
    }

    /// What is wrong, in a line; nil where nothing is.
    static func problem(in findings: [Finding]) -> Problem? {
        let bad = findings.filter { $0.level == .bad }
        guard let first = bad.first else { return nil }
        let more = bad.count > 1 ? ", and \(bad.count - 1) more" : ""
        return .bad("\(first.check): \(first.found)\(more)")
    }

    /// The findings, the worst first, each followed by what to do about it.
    static func text(of findings: [Finding]) -> String {
        let sorted = findings.enumerated().sorted { one, other in
            one.element.level == other.element.level
                ? one.offset < other.offset : one.element.level > other.element.level
        }.map(\.element)
        return sorted.flatMap { finding -> [String] in
            let mark = finding.level == .good ? "ok " : finding.level == .bad ? "BAD" : "!  "
            let line = "\(mark) \(finding.check): \(printable(finding.found))"
            return [line] + (finding.remedy.map { ["      → \(printable($0))"] } ?? [])
        }.joined(separator: "\n")
    }
}
