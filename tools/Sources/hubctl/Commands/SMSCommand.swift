public import ArgumentParser
public import Wire

/// `hubctl sms`: the queue of text messages.
struct SMSCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sms",
        abstract: "Shows and steers the queue of text messages.",
        subcommands: [
            SMSListCommand.self, SMSStatsCommand.self, SMSRetryCommand.self, SMSBlockCommand.self,
            SMSUnblockCommand.self, SMSTraceCommand.self, SMSLimitsCommand.self, SMSTopCommand.self,
            SMSTestCommand.self,
        ])
}

extension ID: @retroactive ExpressibleByArgument {}
extension Timestamp: @retroactive ExpressibleByArgument {}
extension SMS.MessageState: @retroactive ExpressibleByArgument {}
