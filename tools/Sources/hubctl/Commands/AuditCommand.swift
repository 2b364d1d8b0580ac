import ArgumentParser
import Wire

/// `hubctl audit`: the firms' logs of what happened.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Checks the audit logs.", subcommands: [Verify.self])

    /// `hubctl audit verify`: whether a firm's log is as it was written.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Checks the hash chain of a firm's audit log; exit status 1 where an event does not fit.",
            discussion: """
                Each event holds the hash of the one before. Keep the head that this prints somewhere else: a log \
                that was cut short, or written anew from some event on, is intact in itself but has lost that head.
                """)

        @Argument(help: "The firm's slug.")
        var firm: String

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let reply = try await options.client(of: .auth).call(
                Auth.VerifyAudit(firm: firm), within: 600_000)
            let rows = [
                ["intact", reply.intact ? "yes" : "no"], ["events", "\(reply.events)"], ["head", reply.head],
            ]
            try options.show(reply, as: Table(rows: rows).text)
            if let problem = Self.problem(in: reply, of: firm) { throw problem }
        }

        /// What is wrong with the log; nil where nothing is.
        static func problem(in reply: Auth.VerifyAudit.Reply, of firm: String) -> Problem? {
            guard !reply.intact else { return nil }
            let event = reply.firstBad.map { "event \($0)" } ?? "an event"
            return .bad("the audit log of \(firm): \(event) does not fit: \(reply.problem ?? "no details")")
        }
    }
}
