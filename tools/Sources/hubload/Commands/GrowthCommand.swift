import ArgumentParser
import Glibc
import Wire

/// `hubload growth`: whether calls take as long where there is much as where there is little.
struct GrowthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "growth",
        abstract:
            "Measures calls by one caller while clients, sessions, firms, audit events or connections grow.",
        discussion: """
            Each size has databases and services of its own. A call that takes over twice as long at the end as at the \
            beginning, by its median, misses the objective, unless another one is given.
            """)

    @Option(help: ArgumentHelp("Start the services from the programs in this folder.", valueName: "dir"))
    var build: String

    @Option(
        help: ArgumentHelp(
            "What grows: \(GrowthAxis.allCases.map(\.rawValue).joined(separator: ", ")); all where none is named.",
            valueName: "axis"))
    var axis: [GrowthAxis] = []

    @Option(help: ArgumentHelp("The largest size.", valueName: "count"))
    var upTo = 100_000

    @Option(help: ArgumentHelp("How long each size is measured.", valueName: "seconds"))
    var seconds: Double = 4

    @Option(help: ArgumentHelp("What all names and secrets follow from.", valueName: "number"))
    var seed = 1

    @Option(
        help: ArgumentHelp(
            "What must be kept, such as growth.clients<=1.5; may be given again.", valueName: "objective"))
    var objective: [String] = []

    @Option(help: ArgumentHelp("Write the report as a page with plots.", valueName: "file"))
    var html: String?

    @Flag(help: "Print JSON, for scripts.")
    var json = false

    func validate() throws {
        guard (10_000...1_000_000).contains(upTo) else {
            throw ValidationError("--up-to is 10000 to 1000000")
        }
        guard (0.5...600).contains(seconds) else { throw ValidationError("--seconds is 0.5 to 600") }
    }

    private var axes: [GrowthAxis] { axis.isEmpty ? GrowthAxis.allCases : axis }

    func run() async throws {
        let known = Dictionary(
            axes.map { ("growth.\($0.rawValue)", Metric.Kind.ratio) }, uniquingKeysWith: { first, _ in first }
        )
        let texts = objective.isEmpty ? axes.map { "growth.\($0.rawValue)<=2" } : objective
        let objectives = try texts.map { try Objective($0, known: known) }
        Self.allowConnections()
        var report = Report(title: "hubload growth", started: "\(Timestamp.now)")
        for axis in axes {
            var curve = GrowthCurve(axis: axis.rawValue, points: [])
            for size in axis.sizes(upTo: upTo) { curve.points.append(try await measure(axis, size)) }
            report.growth.append(curve)
        }
        report.judge(objectives)
        try report.deliver(asJSON: json, html: html)
    }

    /// Measures one size, with services that know nothing of the others.
    @Loop private func measure(_ axis: GrowthAxis, _ size: Int) async throws -> GrowthCurve.Point {
        let state = try State()
        let services = try Services(build, over: state)
        defer { services.stop() }
        let progress = Progress(title: "\(Figures.grouped(size)) \(axis.rawValue)")
        let filling = axis.filling(size, seed: seed)
        try await services.fill(filling, progress: progress)
        try await services.start([.auth, .otp])
        let idle = (0..<axis.idleConnections(size)).map { _ in Client(path: "\(state.sockets)/auth.sock") }
        for client in idle { _ = try await client.call(Common.Health()) }
        let site = Site(
            sockets: state.sockets, population: filling.population, sessions: filling.sessions,
            connections: 1,
            outbox: nil)
        let run = Run(pace: .callers(1), warmUp: 1, seconds: seconds, patience: 5_000)
        let measurement = await run.make(
            GrowthVisits(site: site, axis: axis).itinerary, usage: nil, progress: progress)
        for client in idle { client.disconnect() }
        if let (why, _) = measurement.visits.refused.first {
            throw Problem.failed("\(Figures.grouped(size)) \(axis.rawValue): \(why)")
        }
        return GrowthCurve.Point(
            size: size, p50: Dictionary(uniqueKeysWithValues: measurement.calls.map { ($0.name, $0.p50) }),
            p99: Dictionary(uniqueKeysWithValues: measurement.calls.map { ($0.name, $0.p99) }))
    }

    /// Lets this process, and the services that it starts, have as many connections as the host allows.
    private static func allowConnections() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

extension GrowthAxis: ExpressibleByArgument {}
