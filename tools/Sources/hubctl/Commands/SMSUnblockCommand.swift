import ArgumentParser
import Wire

/// `hubctl sms unblock`: takes a block back, one that the gateway made itself too.
struct SMSUnblockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unblock", abstract: "Takes a block back, one that the pumping guard made too.")

    @Argument(help: "The prefix, as `hubctl sms stats` lists it.")
    var prefix: String

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let reply = try await options.client(of: .sms).call(SMS.Unblock(prefix: prefix))
        try options.show(reply, as: "\(printable(prefix)) is no longer blocked")
    }
}
