import ArgumentParser
import Wire

/// `hubctl backup`: copies of the databases, made while the services work.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies the services' databases, while they work, into their backup directories.",
        discussion:
            "The services are copied one after the other; where one fails the others are copied all the same."
    )

    @Argument(
        help: ArgumentHelp(
            "Services (auth, otp, sms) or paths of sockets; all three where none is named.",
            valueName: "socket"))
    var sockets: [Socket] = Socket.all

    @OptionGroup var options: GlobalOptions

    /// A copy that was made.
    struct Copy: Encodable {
        let socket: String
        let path: String
        let bytes: Int
    }

    func run() async throws {
        var copies: [Copy] = []
        var failures: [String] = []
        for socket in sockets {
            let path = options.path(of: socket)
            do {
                let reply = try await options.client(of: socket).call(Common.Backup(), within: 3_600_000)
                copies.append(Copy(socket: path, path: reply.path, bytes: reply.bytes))
            } catch let refusal as Refusal {
                failures.append("\(path): \(refusal.line)")
            }
        }
        if options.json || !copies.isEmpty { try options.show(copies, as: Self.table(of: copies).text) }
        if !failures.isEmpty { throw Problem.refused("not copied: " + failures.joined(separator: "; ")) }
    }

    static func table(of copies: [Copy]) -> Table {
        Table(
            headings: ["SIZE", "COPY"], numbers: [0], rows: copies.map { [Units.bytes($0.bytes), $0.path] })
    }
}
