import Foundation
import Wire

/// What a command of hubload found, for people and for programs.
struct Report: Codable, Sendable {
    /// Such as `chain, monday`.
    var title: String
    var machine = Machine()
    var started: String
    var population: Population?
    /// What a reader has to know to judge the figures.
    var notes: [String] = []
    var measurement: Measurement?
    var ramp: Ramp?
    var overload: Overload?
    var growth: [GrowthCurve] = []
    var objectives: [Objective.Verdict] = []

    /// Where it was measured.
    struct Machine: Codable, Sendable {
        var processors = ProcessInfo.processInfo.activeProcessorCount
        var system = ProcessInfo.processInfo.operatingSystemVersionString
        var model = Machine.model

        private static var model: String {
            let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
            return line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces) ?? "unknown"
        }

        var words: String { "\(processors) × \(model), \(system)" }
    }

    /// All that objectives can be set for.
    var metrics: [String: Metric] {
        var metrics: [String: Metric] = [:]
        if let measurement {
            metrics["goodput"] = Metric(kind: .rate, value: measurement.goodput)
            metrics["lag"] = Metric(kind: .time, value: measurement.lagP99)
            add(measurement.visits, "", to: &metrics)
            for call in measurement.calls { add(call, call.name + ".", to: &metrics) }
            if let growth = Growth(measurement.usage) {
                metrics["memory.growth"] = Metric(kind: .percent, value: max(0, growth.memory))
                metrics["descriptors.growth"] = Metric(kind: .count, value: max(0, growth.descriptors))
            }
        }
        if let ramp { metrics["knee"] = Metric(kind: .rate, value: ramp.knee) }
        if let overload {
            metrics["overload.goodput"] = Metric(kind: .percent, value: overload.kept)
            metrics["overload.refusal"] = Metric(kind: .time, value: overload.refusalP99)
            metrics["overload.retryAfter"] = Metric(kind: .percent, value: overload.withRetryAfter)
            metrics["overload.recovery"] = Metric(
                kind: .time, value: (overload.recovery ?? .infinity) * 1_000)
        }
        for curve in growth { metrics["growth.\(curve.axis)"] = Metric(kind: .ratio, value: curve.ratio) }
        return metrics
    }

    private func add(_ summary: Summary, _ prefix: String, to metrics: inout [String: Metric]) {
        let times = [
            ("p50", summary.p50), ("p90", summary.p90), ("p99", summary.p99), ("p999", summary.p999),
            ("max", summary.max), ("mean", summary.mean),
        ]
        for (name, value) in times {
            metrics[prefix + name] = Metric(kind: .time, value: summary.good == 0 ? .infinity : value)
        }
        metrics[prefix + "errors"] = Metric(kind: .percent, value: summary.errors)
        metrics[prefix + "rate"] = Metric(kind: .rate, value: summary.perSecond)
    }

    /// The names that ``metrics`` will have of a load, before it is made.
    static func names(of load: Load, ramp: Bool, overload: Bool, usage: Bool) -> [String: Metric.Kind] {
        var kinds: [String: Metric.Kind] = ["goodput": .rate, "lag": .time]
        for prefix in [""] + load.calls.map({ $0 + "." }) {
            for name in ["p50", "p90", "p99", "p999", "max", "mean"] { kinds[prefix + name] = .time }
            kinds[prefix + "errors"] = .percent
            kinds[prefix + "rate"] = .rate
        }
        if usage {
            kinds["memory.growth"] = .percent
            kinds["descriptors.growth"] = .count
        }
        if ramp { kinds["knee"] = .rate }
        if overload {
            kinds["overload.goodput"] = .percent
            kinds["overload.retryAfter"] = .percent
            kinds["overload.refusal"] = .time
            kinds["overload.recovery"] = .time
        }
        return kinds
    }

    mutating func judge(_ objectives: [Objective]) {
        let metrics = metrics
        self.objectives = objectives.map { $0.verdict(metrics) }
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}

/// How some latencies change while something grows.
struct GrowthCurve: Codable, Sendable {
    /// What grows, such as `clients`.
    var axis: String
    /// How much longer the slowest call takes at most at the end than at the beginning, by its median.
    var ratio: Double {
        calls.compactMap { call in
            guard let first = points.first?.p50[call], let last = points.last?.p50[call], first > 0 else {
                return nil
            }
            return last / first
        }.max() ?? 1
    }
    var points: [Point]

    var calls: [String] { Array(Set(points.flatMap(\.p50.keys))).sorted() }

    struct Point: Codable, Sendable {
        var size: Int
        /// Milliseconds by call.
        var p50: [String: Double]
        var p99: [String: Double]
    }
}
