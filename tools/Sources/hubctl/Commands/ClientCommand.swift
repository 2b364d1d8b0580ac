import ArgumentParser
import Wire

/// `hubctl client`: what is done with a firm's clients.
struct ClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client", abstract: "Creates clients.", subcommands: [Create.self])

    /// `hubctl client create`: a client with a password, where an invitation by mail is not wanted.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Creates a client of a firm, with a password.")

        @Argument(help: "The firm's slug.")
        var firm: String

        @Argument(help: "The client's name.")
        var name: String

        @Argument(help: "The e-mail address of the client's log-in.")
        var email: String

        @OptionGroup var password: PasswordOptions
        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let reply = try await options.client(of: .auth).call(
                Auth.CreateClient(
                    firm: firm, name: name, email: email, password: try password.password(for: email)),
                within: 60_000)
            try options.show(reply, as: Table(rows: [["client", "\(reply.client)"]]).text)
        }
    }
}
