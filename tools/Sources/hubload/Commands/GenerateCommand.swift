import ArgumentParser
import Wire

/// `hubload generate`: firms, clients and their factors, into the databases of services that are stopped.
struct GenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Fills databases with firms, clients and enrolled factors; a million clients in minutes.",
        discussion: """
            With --build and --state a directory is made that `hubload chain --build DIR --state DIR` and the others \
            use. With --auth, --otp and --key the databases of installed services are filled, which must be stopped: \
            on a host for tests, since everybody gets the same password.
            """)

    @Option(
        help: ArgumentHelp("The folder of the services' programs, which make the tables.", valueName: "dir"))
    var build: String?
    @Option(help: ArgumentHelp("The directory to make.", valueName: "dir"))
    var state: String?
    @Option(help: ArgumentHelp("The database of AuthService.", valueName: "file"))
    var auth: String?
    @Option(help: ArgumentHelp("The database of OTPService.", valueName: "file"))
    var otp: String?
    @Option(help: ArgumentHelp("OTPService's keys.", valueName: "file"))
    var key: String?
    @Option(help: ArgumentHelp("How many clients to make.", valueName: "count"))
    var clients = 50_000
    @Option(help: ArgumentHelp("How many firms to spread them over.", valueName: "count"))
    var firms: Int?
    @Option(help: ArgumentHelp("How many of the clients get an open session.", valueName: "count"))
    var sessions: Int?
    @Option(help: ArgumentHelp("How many events the first firm's audit log gets.", valueName: "count"))
    var events = 0
    @Option(help: ArgumentHelp("What all names and secrets follow from.", valueName: "number"))
    var seed = 1

    func validate() throws {
        let isOwn = build != nil && state != nil && auth == nil && otp == nil && key == nil
        let isInstalled = build == nil && state == nil && auth != nil && otp != nil && key != nil
        guard isOwn || isInstalled else {
            throw ValidationError("name either --build and --state, or --auth, --otp and --key")
        }
        guard (20...Population.mostClients).contains(clients) else {
            throw ValidationError("--clients is 20 to \(Population.mostClients)")
        }
        guard firms.map({ (1...min(Population.mostFirms, clients)).contains($0) }) ?? true else {
            throw ValidationError(
                "--firms is 1 to \(Population.mostFirms), and no more than there are clients")
        }
        guard sessions.map({ (0...Population.mostClients).contains($0) }) ?? true,
            (0...10_000_000).contains(events)
        else { throw ValidationError("--sessions is 0 to \(Population.mostClients), --events 0 to 10000000") }
    }

    func run() async throws {
        let filling = Filling(
            population: Population(firms: firms ?? max(1, clients / 1_000), clients: clients, seed: seed),
            sessions: sessions ?? min(10_000, clients / 2), events: events)
        let progress = Progress(title: "generating")
        let start = Clock.now
        if let build, let state {
            try await Services(build, over: State(keeping: state)).fill(filling, progress: progress)
        } else if let auth, let otp, let key {
            let generator = Generator(
                population: filling.population, sessions: filling.sessions, events: filling.events,
                progress: progress)
            let keys = try Services.keys(in: key)
            try generator.fill(auth: auth)
            try generator.fill(otp: otp, keys: keys)
        }
        let seconds = Double(Clock.now - start) / Double(Clock.second)
        print(
            """
            \(Figures.grouped(clients)) clients of \(Figures.grouped(filling.population.firms)) firms, \
            \(Figures.grouped(filling.sessions)) sessions, \(Figures.grouped(events)) events in \
            \(Figures.short(seconds)) s
            """)
    }
}
