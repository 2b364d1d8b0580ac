import ArgumentParser
import Wire

/// `hubctl firm`: what is done with firms as a whole.
struct FirmCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "firm", abstract: "Creates and lists firms.", subcommands: [Create.self, List.self])

    /// `hubctl firm list`: the firms that there are.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the firms, by slug.")

        @OptionGroup var options: GlobalOptions

        func run() async throws {
            let firms = try await Self.all(options.client(of: .auth))
            let rows = firms.map { ["\($0.slug)", "\($0.created)", $0.name] }
            try options.show(
                firms,
                as: firms.isEmpty
                    ? "no firms" : Table(headings: ["SLUG", "CREATED", "NAME"], rows: rows).text)
        }

        /// All firms, a page after the other.
        static func all(_ auth: Client) async throws -> [Auth.FirmEntry] {
            var firms: [Auth.FirmEntry] = []
            while true {
                let page = try await auth.call(Auth.ListFirms(after: firms.last?.slug)).firms
                guard !page.isEmpty else { return firms }
                firms += page
            }
        }
    }

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
                Auth.CreateFirm(slug: slug, name: name, owner: owner), within: 60_000)
            try options.show(
                reply, as: Table(rows: [["firm", "\(reply.firm)"], ["owner", "\(reply.owner)"]]).text)
        }
    }
}
