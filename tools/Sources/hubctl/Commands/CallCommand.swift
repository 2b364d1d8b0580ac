import ArgumentParser
import Wire

/// `hubctl call`: any method of any service.
struct CallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Calls a method with a body in JSON, and prints the body of the answer.",
        discussion:
            "Give - as the body, and the body on standard input, where it holds a password or a session.")

    @Argument(help: "A service (auth, otp, sms) or the path of a socket.")
    var socket: Socket

    @Argument(help: "The method, such as wire.Health.")
    var method: String

    @Argument(
        help: ArgumentHelp("The body, an object in JSON; - reads it from standard input.", valueName: "json"))
    var body = "{}"

    @Option(help: ArgumentHelp("How long to wait for the answer.", valueName: "milliseconds"))
    var timeout = 5_000

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard (1...3_600_000).contains(timeout) else {
            throw ValidationError("--timeout is 1 to 3600000 milliseconds")
        }
    }

    func run() async throws {
        let body = try JSON(parsing: self.body == "-" ? Self.standardInput() : self.body)
        guard case .object = body else {
            throw Problem.usage("a body is an object, such as {\"name\": \"value\"}")
        }
        let call = RawCall(method: method, timeout: timeout, body: body)
        print(try call.make(at: options.path(of: socket)).pretty)
    }

    private static func standardInput() -> String {
        var text = ""
        while let line = readLine(strippingNewline: false) { text += line }
        return text
    }
}
