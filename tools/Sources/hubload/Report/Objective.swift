import Foundation

/// What a run must keep to: `p99<=50ms`, `auth.Authorize.p99<=5ms`, `errors<=0.1%`, `goodput>=40`.
struct Objective: Sendable, Equatable, Codable {
    /// As it was typed.
    let text: String
    /// What is measured, by its name in ``Metrics``.
    let name: String
    let isUpperBound: Bool
    /// Milliseconds where it is a time.
    let bound: Double

    /// Reads one, whose name must stand among `known`.
    init(_ text: String, known: [String: Metric.Kind]) throws {
        guard let range = text.range(of: #"[<>]="#, options: .regularExpression) else {
            throw Problem.usage("\(text): an objective is NAME<=BOUND or NAME>=BOUND, such as p99<=50ms")
        }
        let name = String(text[..<range.lowerBound]).trimmed
        guard let kind = known[name] else {
            let names = known.keys.sorted().joined(separator: ", ")
            throw Problem.usage("\(text): \(name) is not measured here; there are \(names)")
        }
        let bound = String(text[range.upperBound...]).trimmed
        guard let number = kind.value(of: bound) else {
            throw Problem.usage("\(text): \(bound) is no bound for \(name), which is \(kind.form)")
        }
        self.text = text
        self.name = name
        isUpperBound = text[range].hasPrefix("<")
        self.bound = number
    }

    /// Whether it was kept.
    struct Verdict: Codable, Sendable {
        var objective: String
        /// What was measured, as people read it.
        var measured: String
        var isKept: Bool
    }

    func verdict(_ metrics: [String: Metric]) -> Verdict {
        // What did not happen has no latency, and keeps no bound.
        guard let metric = metrics[name], metric.value.isFinite else {
            return Verdict(objective: text, measured: "nothing", isKept: false)
        }
        let isKept = isUpperBound ? metric.value <= bound : metric.value >= bound
        return Verdict(objective: text, measured: metric.kind.text(metric.value), isKept: isKept)
    }
}

/// A number that a run came to.
struct Metric: Sendable, Equatable {
    var kind: Kind
    var value: Double

    enum Kind: Sendable {
        case time, percent, rate, count, ratio

        /// How a bound is written.
        var form: String {
            switch self {
            case .time: "a time, such as 50ms, 200us or 2s"
            case .percent: "a share, such as 80%"
            case .rate: "a number a second, such as 40"
            case .count: "a number"
            case .ratio: "a ratio, such as 1.5"
            }
        }

        /// The number that a bound stands for; nil where it is none.
        func value(of text: String) -> Double? {
            switch self {
            case .time:
                for (unit, factor) in [("us", 0.001), ("µs", 0.001), ("ms", 1), ("s", 1_000.0)]
                where text.hasSuffix(unit) {
                    return Self.number(text.dropLast(unit.count)).map { $0 * factor }
                }
                return nil
            case .percent: return text.hasSuffix("%") ? Self.number(text.dropLast()) : nil
            case .rate, .count, .ratio: return Self.number(text[...])
            }
        }

        private static func number(_ text: Substring) -> Double? {
            guard let number = Double(text), number.isFinite, number >= 0 else { return nil }
            return number
        }

        func text(_ value: Double) -> String {
            switch self {
            case .time: Figures.time(value)
            case .percent: Figures.short(value) + "%"
            case .rate: Figures.short(value) + "/s"
            case .count, .ratio: Figures.short(value)
            }
        }
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
