import ArgumentParser
import Wire

/// `hubctl describe`: the interface of a running service, from the service itself.
struct DescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Lists the methods of a service, or the fields and reasons of one of them.")

    @Argument(help: "A service (auth, otp, sms) or the path of a socket.")
    var socket: Socket

    @Argument(help: "The method, such as auth.Authorize.")
    var method: String?

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let service = try await options.client(of: socket).call(Common.Describe())
        guard let method else {
            return try options.show(service, as: Self.table(of: service).text)
        }
        guard let found = service.methods.first(where: { $0.name == method }) else {
            throw Problem.usage(
                "\(service.service) has no method \(method); `hubctl describe \(socket.argument)` lists them")
        }
        try options.show(found, as: Self.text(of: found))
    }

    static func table(of service: Common.Describe.Reply) -> Table {
        Table(
            headings: ["METHOD", "SUMMARY"],
            rows: service.methods.sorted { $0.name < $1.name }.map { [$0.name, $0.summary] })
    }

    static func text(of method: Common.Describe.Method) -> String {
        var parts = ["\(method.name): \(printable(method.summary))"]
        parts.append(section("REQUEST", method.request))
        parts.append(section("ANSWER", method.answer))
        if !method.reasons.isEmpty {
            let rows = method.reasons.map { [$0.reason, "\($0.status)", $0.meaning] }
            parts.append(Table(headings: ["REASON", "STATUS", "MEANING"], numbers: [1], rows: rows).text)
        }
        return parts.joined(separator: "\n\n")
    }

    private static func section(_ heading: String, _ schema: Schema) -> String {
        let fields = SchemaFields(schema).rows
        guard !fields.isEmpty else { return "\(heading)\nno fields" }
        return Table(headings: [heading, "TYPE", ""], rows: fields).text
    }
}
