import ArgumentParser
import Wire

/// `hubctl owner`: help for the one person of a firm whom nobody in the firm can help.
struct OwnerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "owner", abstract: "Helps a firm's owner.", subcommands: [Override.self])

    /// `hubctl owner override`: the support override, for an owner.
    struct Override: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Disables 2FA for a firm's owner who is stuck; set-up comes at the next log-in.",
            discussion:
                "The reason, how the owner was identified and who ran this go into the firm's audit log.")

        @Argument(help: "The firm's slug.")
        var firm: String

        @Option(help: ArgumentHelp("Why, for the audit log.", valueName: "text"))
        var reason: String

        @Option(
            help: ArgumentHelp("How you made sure who the owner is, for the audit log.", valueName: "text"))
        var identifiedBy: String?

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let reply = try await options.client(of: .auth).call(
                Auth.OverrideOwner(firm: firm, reason: reason, identifiedBy: identifiedBy))
            try options.show(reply, as: Table(rows: [["owner", "\(reply.owner)"]]).text)
        }
    }
}
