import ArgumentParser
import Glibc
import Wire

/// The options that every command has.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the services' sockets are. (default: $CLIENTHUB_RUN_DIR, else /run/clienthub)",
            valueName: "dir"))
    var runDir: String?

    @Flag(help: "Print JSON, for scripts.")
    var json = false

    /// The directory of the sockets: the option's, else the environment's, else the one of an installed system.
    func directory(environment: String?) -> String {
        if let runDir { return runDir }
        if let environment, !environment.isEmpty { return environment }
        return "/run/clienthub"
    }

    /// The path of a service's socket.
    func path(of socket: Socket) -> String {
        socket.path(in: directory(environment: getenv("CLIENTHUB_RUN_DIR").map { String(cString: $0) }))
    }

    /// A client of a service.
    func client(of socket: Socket, limits: ClientLimits = ClientLimits()) -> Client {
        Client(path: path(of: socket), limits: limits)
    }

    /// Prints an answer: as JSON where that was asked for, else as `text`.
    func show(_ answer: some Encodable, as text: @autoclosure () -> String) throws {
        print(json ? try JSON.text(of: answer) : text())
    }
}

/// A service, as a command line names it: `auth`, `otp` and `sms` stand for the sockets in the run directory, anything
/// with a slash, or that ends in `.sock`, is a path.
struct Socket: ExpressibleByArgument, Hashable {
    let argument: String

    static let auth = Socket("auth")
    static let otp = Socket("otp")
    static let sms = Socket("sms")
    static let all = [auth, otp, sms]

    init(_ argument: String) { self.argument = argument }

    init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        self.init(argument)
    }

    static var allValueStrings: [String] { all.map(\.argument) }

    func path(in directory: String) -> String {
        let isPath = argument.contains("/") || argument.hasSuffix(".sock")
        return isPath ? argument : directory + "/" + argument + ".sock"
    }
}
