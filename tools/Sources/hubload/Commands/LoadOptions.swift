import ArgumentParser

/// Where the services are that a load is made at, and who visits them.
struct SourceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Start the services themselves, from the programs in this folder.", valueName: "dir"))
    var build: String?

    @Option(help: ArgumentHelp("Keep their databases here, and use them again.", valueName: "dir"))
    var state: String?

    @Option(
        help: ArgumentHelp(
            "Load the services that run already; the sockets are here. `hubload generate` has filled their databases.",
            valueName: "dir"))
    var sockets: String?

    @Option(
        help: ArgumentHelp(
            "With --sockets: the directory of the gateway's outbox, whose files are read and deleted; without it no codes "
                + "by text message are asked for.", valueName: "dir"))
    var outbox: String?

    @Option(help: ArgumentHelp("How many clients there are.", valueName: "count"))
    var clients: Int?

    @Option(help: ArgumentHelp("How many firms they are spread over.", valueName: "count"))
    var firms: Int?

    @Option(help: ArgumentHelp("How many of the clients have an open session.", valueName: "count"))
    var sessions: Int?

    @Option(help: ArgumentHelp("What all names and secrets follow from.", valueName: "number"))
    var seed = 1

    func check() throws {
        guard (build == nil) != (sockets == nil) else {
            throw ValidationError(
                "name either the programs to start by --build, or running services by --sockets")
        }
        guard state == nil || build != nil else { throw ValidationError("--state goes with --build") }
        guard outbox == nil || sockets != nil else { throw ValidationError("--outbox goes with --sockets") }
        try checkPopulation()
    }

    func checkPopulation() throws {
        let clientBounds = 20...Population.mostClients
        guard clients.map(clientBounds.contains) ?? true else {
            throw ValidationError("--clients is \(clientBounds.lowerBound) to \(clientBounds.upperBound)")
        }
        guard
            firms.map({ (1...min(Population.mostFirms, clients ?? 20)).contains($0) }) ?? true
                || (clients == nil && (1...Population.mostFirms).contains(firms ?? 1))
        else {
            throw ValidationError(
                "--firms is 1 to \(Population.mostFirms), and no more than there are clients")
        }
        guard sessions.map({ (1...Population.mostClients).contains($0) }) ?? true else {
            throw ValidationError("--sessions is 1 to \(Population.mostClients)")
        }
    }

    /// Who visits.
    func filling(clients standard: Int) -> Filling {
        let clients = clients ?? standard
        return Filling(
            population: Population(firms: firms ?? max(1, clients / 1_000), clients: clients, seed: seed),
            sessions: sessions ?? min(10_000, clients / 2), events: 0)
    }
}

/// What a load is, and what becomes of its figures.
struct LoadOptions: ParsableArguments {
    @OptionGroup var source: SourceOptions

    @Option(
        help: ArgumentHelp(
            "What people do: \(Mix.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "mix"))
    var mix = Mix.monday

    @Option(help: ArgumentHelp("Open loop: so many visits begin each second.", valueName: "visits"))
    var rate: Double?

    @Option(
        help: ArgumentHelp("Closed loop: so many callers make one visit after the other.", valueName: "count")
    )
    var callers: Int?

    @Flag(help: "Find the knee: the highest rate that the services keep up with.")
    var ramp = false

    @Flag(help: "Make three times the knee's load, which is found first unless --knee names it.")
    var overload = false

    @Option(help: ArgumentHelp("The knee, where it is known.", valueName: "visits"))
    var knee: Double?

    @Option(help: ArgumentHelp("With --ramp: the rate to begin with.", valueName: "visits"))
    var from: Double?

    @Option(
        help: ArgumentHelp(
            "The latency up to which services keep up, in milliseconds (p99).", valueName: "ms"))
    var limit: Double = 1_000

    @Option(help: ArgumentHelp("How long to measure; of a ramp each step.", valueName: "seconds"))
    var seconds: Double = 10

    @Option(help: ArgumentHelp("How long to make the load before that.", valueName: "seconds"))
    var warmUp: Double = 2

    @Option(help: ArgumentHelp("Connections to each service.", valueName: "count"))
    var connections = 32

    @Option(help: ArgumentHelp("How long a call is waited for.", valueName: "ms"))
    var timeout = 5_000

    @Option(
        help: ArgumentHelp(
            "What must be kept, such as p99<=50ms, auth.Verify.p99<=100ms, errors<=0.1%, goodput>=40; may be given again.",
            valueName: "objective"))
    var objective: [String] = []

    @Option(help: ArgumentHelp("Write the report as a page with plots.", valueName: "file"))
    var html: String?

    @Flag(help: "Print JSON, for scripts.")
    var json = false

    func check() throws {
        try source.check()
        let modes = [rate != nil, callers != nil, ramp || overload].filter { $0 }.count
        guard modes <= 1 else {
            throw ValidationError("choose one of --rate, --callers, and --ramp or --overload")
        }
        let bounds: [(String, Double?, ClosedRange<Double>)] = [
            ("--rate", rate, 0.1...1_000_000), ("--callers", callers.map(Double.init), 1...10_000),
            ("--knee", knee, 0.1...1_000_000), ("--from", from, 0.1...1_000_000),
            ("--limit", limit, 0.1...60_000),
            ("--seconds", seconds, 0.5...86_400), ("--warm-up", warmUp, 0...3_600),
            ("--connections", Double(connections), 1...4_096), ("--timeout", Double(timeout), 10...600_000),
        ]
        for (name, value, range) in bounds where value.map({ !range.contains($0) }) ?? false {
            throw ValidationError(
                "\(name) is \(Figures.short(range.lowerBound)) to \(Figures.short(range.upperBound))")
        }
        guard knee == nil || overload else { throw ValidationError("--knee goes with --overload") }
    }

    /// How a plain load is made.
    var pace: Pace { rate.map(Pace.rate) ?? .callers(callers ?? 8) }

    func run(_ pace: Pace) -> Run {
        Run(pace: pace, warmUp: warmUp, seconds: seconds, patience: timeout)
    }
}

extension Mix: ExpressibleByArgument {}
