import ArgumentParser
import Wire

/// `hubctl sms block`: no more messages to some numbers.
struct SMSBlockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "block", abstract: "Refuses messages to all numbers that begin so.")

    @Argument(help: "A number, or how numbers begin: + and 1 to 15 digits.")
    var prefix: String

    @Option(help: ArgumentHelp("Why, for whoever lists the blocks.", valueName: "text"))
    var reason: String?

    @Option(
        help: ArgumentHelp(
            "Until when, such as 2026-12-31T00:00:00Z; until it is unblocked where absent.", valueName: "time"
        ))
    var until: Timestamp?

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let reply = try await options.client(of: .sms).call(
            SMS.Block(prefix: prefix, reason: reason, until: until))
        try options.show(reply, as: "\(printable(prefix)) is blocked" + (until.map { " until \($0)" } ?? ""))
    }
}
