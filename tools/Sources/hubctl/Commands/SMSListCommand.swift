import ArgumentParser
import Wire

/// `hubctl sms list`: the messages, newest first.
struct SMSListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists messages, newest first; numbers are masked, codes never shown.")

    @Option(help: "Only messages in this state.")
    var state: SMS.MessageState?

    @Option(help: ArgumentHelp("Only messages of this firm.", valueName: "id"))
    var firm: ID?

    @Option(help: ArgumentHelp("How many, 1 to 200.", valueName: "count"))
    var limit = 50

    @Option(help: ArgumentHelp("Where to go on: what the page before ended with.", valueName: "cursor"))
    var after: String?

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...200).contains(limit) else { throw ValidationError("--limit is 1 to 200") }
    }

    func run() async throws {
        let reply = try await options.client(of: .sms).call(
            SMS.List(state: state, firm: firm, cursor: after, limit: limit))
        try options.show(reply, as: Self.text(of: reply))
    }

    static func text(of reply: SMS.List.Reply) -> String {
        guard !reply.messages.isEmpty else { return "no messages" }
        let table = Table(
            headings: ["CREATED", "MESSAGE", "TO", "PURPOSE", "STATE", "TRIES", "PROVIDER", "ERROR"],
            numbers: [5],
            rows: reply.messages.map { message in
                [
                    message.created.description, message.message.description, message.to,
                    message.purpose.rawValue, message.state.rawValue, "\(message.attempts)",
                    message.provider ?? "-", message.error ?? "-",
                ]
            })
        return table.text + (reply.next.map { "\n\nMore with --after \(printable($0))" } ?? "")
    }
}
