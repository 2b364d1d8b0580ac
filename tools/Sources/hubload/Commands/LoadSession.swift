import Foundation
import Wire

/// One run of a load command, from the services' start to the report.
struct LoadSession {
    private let load: Load
    private let options: LoadOptions

    init(_ load: Load, _ options: LoadOptions) {
        self.load = load
        self.options = options
    }

    func run() async throws {
        let objectives = try objectives()
        var report = Report(
            title: "hubload \(load.rawValue), \(options.mix.rawValue)", started: "\(Timestamp.now)")
        try await withSite(&report) { site, usage, report in
            let itinerary = load.itinerary(options.mix, at: site)
            if options.ramp || options.overload {
                await rampAndOverload(itinerary, usage, &report)
            } else {
                let progress = Progress(title: "\(load.rawValue), \(options.pace.words)")
                report.measurement = await options.run(options.pace).make(
                    itinerary, usage: usage, progress: progress)
            }
        }
        report.judge(objectives)
        try report.deliver(asJSON: options.json, html: options.html)
        // A load of which nothing came to a good end shows that something is wrong with it, not how fast it is.
        if let measurement = report.measurement, measurement.visits.good == 0 {
            let why = measurement.visits.refused.max { $0.value < $1.value }?.key ?? "none was made"
            throw Problem.failed("no visit came to a good end: \(why)")
        }
    }

    /// What is asked of the run; of an overload what it must keep in any case.
    private func objectives() throws -> [Objective] {
        let known = Report.names(
            of: load, ramp: options.ramp || options.overload && options.knee == nil,
            overload: options.overload, usage: options.source.build != nil)
        var texts = options.objective
        if options.overload, !texts.contains(where: { $0.hasPrefix("overload.") }) {
            texts += ["overload.goodput>=80%", "overload.retryAfter>=99%", "overload.recovery<=2s"]
        }
        return try texts.map { try Objective($0, known: known) }
    }

    /// Does `body` at the services: those that run, or those that are started for it and ended after it.
    @Loop private func withSite(
        _ report: inout Report, _ body: @Loop (Site, UsageLog?, inout Report) async throws -> Void
    ) async throws {
        let source = options.source
        var filling = source.filling(clients: load.clients)
        // The front end is that of one firm.
        if load == .web { filling.population.firms = 1 }
        report.population = load == .sms ? nil : filling.population
        if let sockets = source.sockets {
            let site = Site(
                sockets: sockets, population: filling.population, sessions: filling.sessions,
                connections: options.connections, outbox: source.outbox)
            if source.outbox == nil, [.otp, .chain].contains(load) {
                report.notes.append("Without --outbox no codes by text message were asked for.")
            }
            return try await body(site, nil, &report)
        }
        guard let build = source.build else { return }
        let state = try source.state.map { try State(keeping: $0) } ?? State()
        let services = try Services(build, over: state)
        let progress = Progress(title: "preparing")
        if load != .sms { try await services.fill(filling, progress: progress) }
        progress.say("starting the services")
        try await services.start(load.services)
        progress.clear()
        defer { services.stop() }
        let site = Site(
            sockets: state.sockets, population: filling.population, sessions: filling.sessions,
            connections: options.connections, outbox: state.outbox, webPort: services.port)
        try await body(site, UsageLog(services.processes), &report)
    }

    @Loop private func rampAndOverload(
        _ itinerary: Itinerary, _ usage: UsageLog?, _ report: inout Report
    ) async {
        var (knee, peak) = (options.knee ?? 0, options.knee ?? 0)
        if options.knee == nil {
            var ramp = Ramp()
            let plan = Ramp.Plan(start: options.from ?? load.firstRate, limit: options.limit)
            report.measurement = await ramp.climb(
                plan, options.run(.rate(plan.start)), itinerary, title: load.rawValue)
            report.ramp = ramp
            // What the services do at the knee, and not what they may do for a moment beyond it.
            knee = ramp.knee
            peak = report.measurement?.goodput ?? 0
        }
        guard options.overload else { return }
        guard knee > 0 else {
            report.notes.append("No rate was kept up with, so that there is no knee to go beyond.")
            return
        }
        report.overload = await Overload.measure(
            knee: knee, peak: peak, limit: options.limit, options.run(.rate(knee)), itinerary, usage: usage,
            title: load.rawValue)
    }
}

extension Report {
    /// Prints the report, and writes it as a page where that is wanted.
    func deliver(asJSON: Bool, html path: String?) throws {
        print(asJSON ? try json : text)
        if let path {
            do {
                try Data(html.utf8).write(to: URL(fileURLWithPath: path))
            } catch {
                throw Problem.failed("\(path): cannot be written: \(error.localizedDescription)")
            }
        }
        if let missed = objectives.first(where: { !$0.isKept }) {
            throw Problem.missed("\(missed.objective) was missed: \(missed.measured)")
        }
    }
}

extension Load {
    /// Where a ramp begins unless told: well below any knee.
    var firstRate: Double {
        switch self {
        case .auth: 200
        case .otp, .sms: 100
        case .chain: 5
        case .web: 20
        }
    }
}
