import ArgumentParser
import Wire

/// `hubctl sms test`: does a provider work?
struct SMSTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Sends a code that nobody asked for by one provider, and waits for what becomes of it.",
        discussion: "The exit status is 1 where it was not sent.")

    @Argument(help: "The provider's name, as `hubctl sms stats` lists it.")
    var provider: String

    @Argument(help: "The number: E.164, or a US number.")
    var number: String

    @Option(help: ArgumentHelp("How long to wait, 0 to 600.", valueName: "seconds"))
    var wait = 30

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (0...600).contains(wait) else { throw ValidationError("--wait is 0 to 600") }
    }

    func run() async throws {
        let client = options.client(of: .sms)
        let sent = try await client.call(SMS.Test(provider: provider, to: number))
        let end = Timestamp.now + wait
        var reply = try await client.call(SMS.Trace(message: sent.message))
        while [.queued, .sending].contains(reply.message.state), Timestamp.now < end {
            try await Task.sleep(for: .milliseconds(250))
            reply = try await client.call(SMS.Trace(message: sent.message))
        }
        try options.show(reply, as: SMSTraceCommand.text(of: reply))
        guard [.sent, .delivered].contains(reply.message.state) else {
            throw Problem.bad(
                "\(printable(provider)) did not send it: "
                    + printable(reply.message.error ?? "it is \(reply.message.state.rawValue)"))
        }
    }
}
