import ArgumentParser

/// `hubload auth`: AuthService by its own calls.
struct AuthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "auth",
        abstract: "Loads AuthService: log-ins, and pages that ask whether they may be opened.")
    @OptionGroup var options: LoadOptions
    func validate() throws { try options.check() }
    func run() async throws { try await LoadSession(.auth, options).run() }
}

/// `hubload otp`: OTPService by its own calls.
struct OTPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "otp",
        abstract: "Loads OTPService: codes of apps and by text message, as AuthService has them checked.")
    @OptionGroup var options: LoadOptions
    func validate() throws { try options.check() }
    func run() async throws { try await LoadSession(.otp, options).run() }
}

/// `hubload sms`: SMSGateway by its own calls.
struct SMSCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sms",
        abstract: "Loads SMSGateway: messages that it takes, tells of, and learns the use of.")
    @OptionGroup var options: LoadOptions
    func validate() throws { try options.check() }
    func run() async throws { try await LoadSession(.sms, options).run() }
}

/// `hubload chain`: all three services.
struct ChainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chain",
        abstract: "Loads all three services by whole visits: log-in, code, pages, log-out.")
    @OptionGroup var options: LoadOptions
    func validate() throws { try options.check() }
    func run() async throws { try await LoadSession(.chain, options).run() }
}

/// `hubload web`: the front end, and all behind it.
struct WebCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "web",
        abstract: "Loads the front end by pages and log-ins over HTTP; it always starts it itself (--build).")
    @OptionGroup var options: LoadOptions
    func validate() throws {
        try options.check()
        guard options.source.build != nil else {
            throw ValidationError("web starts the front end itself: name the programs by --build")
        }
    }
    func run() async throws { try await LoadSession(.web, options).run() }
}
