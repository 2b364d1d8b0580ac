import ArgumentParser
import Wire

/// `hubctl firm`: what is done with firms as a whole.
struct FirmCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "firm", abstract: "Creates firms.", subcommands: [Create.self])

    /// `hubctl firm create`: a firm, and the PRO who owns it.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates a firm with its owner, its first PRO.")

        @Argument(help: "The firm's name in URLs and log-ins: 1 to 63 of a-z, 0-9 and -.")
        var slug: String

        @Argument(help: "The firm's name, as its clients know it.")
        var name: String

        @Option(help: ArgumentHelp("The owner's name.", valueName: "name"))
        var ownerName: String

        @Option(help: ArgumentHelp("The e-mail address of the owner's log-in.", valueName: "email"))
        var ownerEmail: String

        @OptionGroup var password: PasswordOptions
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let owner = Auth.Owner(
                name: ownerName, email: ownerEmail, password: try password.password(for: ownerEmail))
            let reply = try await options.client(of: .auth).call(
                Auth.CreateFirm(slug: slug, name: name, owner: owner))
            try options.show(
                reply, as: Table(rows: [["firm", "\(reply.firm)"], ["owner", "\(reply.owner)"]]).text)
        }
    }
}
