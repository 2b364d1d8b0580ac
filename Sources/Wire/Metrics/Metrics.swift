/// What a service counts, and its text for `wire.Metrics`: OpenMetrics 1.0, which Prometheus reads.
///
/// Each instrument is asked for once, at start-up, and then used directly: counting looks nothing up and takes no lock.
/// A metric of several label sets is declared once for each; the sets stay together in the text.
package final class Metrics {
    /// The samples of one name, written by the closures in the order they were declared.
    private struct Family {
        let name: String
        let kind: String
        let help: String
        let unit: String?
        var labels: Set<LabelText> = []
        var samples: [(inout String) -> Void] = []
    }

    private var families: [Family] = []

    package init() {}

    /// A counter that this process counts. Its samples get `_total` after the name.
    package func counter(
        _ name: String, _ help: String, unit: String? = nil, labels: KeyValuePairs<String, String> = [:]
    ) -> Counter {
        let counter = Counter()
        self.counter(name, help, unit: unit, labels: labels) { counter.value }
        return counter
    }

    /// A counter that is counted elsewhere, and read when the metrics are asked for.
    package func counter(
        _ name: String, _ help: String, unit: String? = nil, labels: KeyValuePairs<String, String> = [:],
        read: @escaping () -> UInt64
    ) {
        precondition(!name.hasSuffix("_total"), "\(name): _total is added to it")
        let labels = LabelText(labels)
        declare(name, "counter", help, unit, labels) { $0 += "\(name)_total\(labels) \(read())\n" }
    }

    /// A number that goes up and down, read when the metrics are asked for.
    package func gauge(
        _ name: String, _ help: String, unit: String? = nil, labels: KeyValuePairs<String, String> = [:],
        read: @escaping () -> Double
    ) {
        let labels = LabelText(labels)
        declare(name, "gauge", help, unit, labels) { $0 += "\(name)\(labels) \(openMetrics(read()))\n" }
    }

    /// How long something takes. The name ends in `_seconds`.
    package func histogram(
        _ name: String, _ help: String, labels: KeyValuePairs<String, String> = [:]
    ) -> Histogram {
        let histogram = Histogram()
        let labels = LabelText(labels)
        declare(name, "histogram", help, "seconds", labels) { histogram.buckets.write(name, labels, to: &$0) }
        return histogram
    }

    /// The counts of the calls of `method`. A status shows once a call has ended with it, OK from the beginning.
    package func calls(of method: String) -> CallMetrics {
        let calls = CallMetrics()
        let labels = LabelText(["method": method])
        declare("wire_calls", "counter", "Calls answered, by how they ended.", nil, labels) { text in
            for status in Status.allCases where status == .ok || calls.count(status) > 0 {
                text += "wire_calls_total\(labels.adding("status", status.word)) \(calls.count(status))\n"
            }
        }
        declare(
            "wire_call_duration_seconds", "histogram", "From a call's arrival to its answer.", "seconds",
            labels
        ) { calls.buckets.write("wire_call_duration_seconds", labels, to: &$0) }
        return calls
    }

    /// The text of all of it.
    package func render() -> String {
        var text = ""
        for family in families {
            text += "# TYPE \(family.name) \(family.kind)\n"
            if let unit = family.unit { text += "# UNIT \(family.name) \(unit)\n" }
            text += "# HELP \(family.name) \(escaped(family.help))\n"
            for sample in family.samples { sample(&text) }
        }
        return text + "# EOF\n"
    }

    private func declare(
        _ name: String, _ kind: String, _ help: String, _ unit: String?, _ labels: LabelText,
        sample: @escaping (inout String) -> Void
    ) {
        precondition(isMetricName(name), "\(name) is no name of a metric")
        precondition(unit.map { name.hasSuffix("_" + $0) } ?? true, "\(name) does not end in its unit")
        let index = families.firstIndex { $0.name == name } ?? families.endIndex
        if index == families.endIndex {
            families.append(Family(name: name, kind: kind, help: help, unit: unit))
        }
        precondition(
            families[index].kind == kind && families[index].labels.insert(labels).inserted,
            "\(name)\(labels) is declared twice")
        families[index].samples.append(sample)
    }
}

/// A number as OpenMetrics writes it.
private func openMetrics(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    return number.isInfinite ? (number < 0 ? "-Inf" : "+Inf") : "\(number)"
}

extension Status {
    /// gRPC's name of the status, such as `INVALID_ARGUMENT`.
    var word: String {
        "\(self)".reduce(into: "") { $0 += ($1.isUppercase ? "_" : "") + $1.uppercased() }
    }
}
