import ArgumentParser
import AuditLog
import FoundationEssentials
import Wire

/// `hubctl audit`: the firms' logs of what happened.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Checks the audit logs, and exports them.",
        subcommands: [Verify.self, Export.self])

    /// `hubctl audit verify`: whether a firm's log is as it was written.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Checks the hash chain of a firm's audit log; exit status 1 where an event does not fit.",
            discussion: """
                Each event holds the hash of the one before. Keep the head that this prints somewhere else: a log \
                that was cut short, or written anew from some event on, is intact in itself but has lost that head. \
                With --file it checks what `hubctl audit export` wrote, and needs no service for that.
                """)

        @Argument(help: "The firm's slug; not with --file.")
        var firm: String?

        @Option(help: ArgumentHelp("Check an exported log instead; - is standard input.", valueName: "path"))
        var file: String?

        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard (firm == nil) != (file == nil) else {
                throw ValidationError("name either a firm or, by --file, an exported log")
            }
        }

        func run() async throws {
            let reply: Auth.VerifyAudit.Reply
            if let firm {
                reply = try await options.client(of: .auth).call(
                    Auth.VerifyAudit(firm: firm), within: 600_000)
            } else {
                reply = try ExportedLog.verify(file ?? "-")
            }
            let rows = [
                ["intact", reply.intact ? "yes" : "no"], ["events", "\(reply.events)"], ["head", reply.head],
            ]
            try options.show(reply, as: Table(rows: rows).text)
            if let problem = Self.problem(in: reply, of: firm ?? file ?? "-") { throw problem }
        }

        /// What is wrong with the log; nil where nothing is.
        static func problem(in reply: Auth.VerifyAudit.Reply, of firm: String) -> Problem? {
            guard !reply.intact else { return nil }
            let event = reply.firstBad.map { "event \($0)" } ?? "an event"
            return .bad("the audit log of \(firm): \(event) does not fit: \(reply.problem ?? "no details")")
        }
    }

    /// `hubctl audit export`: a firm's log, to keep elsewhere or to hand over.
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints a firm's audit log, oldest event first, one JSON object a line.",
            discussion: """
                Each line has its hash and that of the event before, which `hubctl audit verify --file` checks \
                without any service. It holds names and e-mail addresses, and no secret, code or full number.
                """)

        @Argument(help: "The firm's slug.")
        var firm: String

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let auth = options.client(of: .auth)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            var last = 0
            while true {
                let page = try await auth.call(Auth.ExportAudit(firm: firm, after: last), within: 60_000)
                for event in page.events {
                    let line = try encoder.encode(ExportedEvent(firm: page.firm, event: event))
                    print(String(decoding: line, as: UTF8.self))
                }
                guard let end = page.events.last?.number else { return }
                last = end
            }
        }
    }
}
