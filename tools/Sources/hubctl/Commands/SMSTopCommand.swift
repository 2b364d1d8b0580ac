import ArgumentParser
import Wire

/// `hubctl sms top`: where codes go that nobody uses.
struct SMSTopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top", abstract: "Shows where the most codes went that were not used.")

    @Option(help: ArgumentHelp("How far back, 1 to 24.", valueName: "hours"))
    var hours = 1

    @Option(help: ArgumentHelp("How many of each, 1 to 100.", valueName: "count"))
    var limit = 10

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...24).contains(hours) else { throw ValidationError("--hours is 1 to 24") }
        guard (1...100).contains(limit) else { throw ValidationError("--limit is 1 to 100") }
    }

    func run() async throws {
        let reply = try await options.client(of: .sms).call(SMS.Top(hours: hours, limit: limit))
        try options.show(reply, as: Self.text(of: reply))
    }

    static func text(of reply: SMS.Top.Reply) -> String {
        let parts = [
            ("PREFIX, UNPROVED", reply.claimed), ("PREFIX, PROVED", reply.proved), ("FIRM", reply.firms),
            ("COUNTRY", reply.countries),
        ]
        let tables = parts.filter { !$0.1.isEmpty }.map { heading, usages in
            Table(
                headings: [heading, "SENT", "USED", ""], numbers: [1, 2],
                rows: usages.map { usage in
                    [
                        usage.name, "\(usage.sent)", "\(usage.verified)",
                        usage.blocked == true ? "blocked" : "",
                    ]
                }
            ).text
        }
        return tables.isEmpty ? "no codes" : tables.joined(separator: "\n\n")
    }
}
