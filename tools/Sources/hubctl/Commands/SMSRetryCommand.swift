import ArgumentParser
import Wire

/// `hubctl sms retry`: sends again what failed or is uncertain.
struct SMSRetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Queues a failed or uncertain message again, while its code lives.",
        discussion: "A message that is uncertain may have arrived: its recipient may then get it twice.")

    @Argument(help: "The message's id.")
    var message: ID

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let reply = try await options.client(of: .sms).call(SMS.Retry(message: message))
        try options.show(
            reply, as: Table(rows: [["message", "\(message)"], ["state", reply.state.rawValue]]).text)
    }
}
