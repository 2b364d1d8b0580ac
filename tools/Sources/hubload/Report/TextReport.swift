extension Report {
    /// The report as tables for a terminal.
    var text: String {
        var parts = [title, "\(machine.words), \(started)"]
        if let population {
            parts[1] +=
                "\n\(Figures.grouped(population.clients)) clients, firms: \(Figures.grouped(population.firms))"
        }
        if let ramp { parts.append(Self.text(ramp)) }
        if let measurement { parts.append(Self.text(measurement)) }
        if let overload { parts.append(Self.text(overload)) }
        parts += growth.map(Self.text)
        if !notes.isEmpty { parts.append(notes.map { "note: \($0)" }.joined(separator: "\n")) }
        if !objectives.isEmpty {
            parts.append(
                columns(
                    ["OBJECTIVE", "MEASURED", ""],
                    objectives.map { [$0.objective, $0.measured, $0.isKept ? "kept" : "missed"] }))
        }
        return parts.joined(separator: "\n\n")
    }

    private static func text(_ measurement: Measurement) -> String {
        let heading =
            "\(measurement.pace.words) for \(Figures.short(measurement.seconds)) s after "
            + "\(Figures.short(measurement.warmUp)) s: \(Figures.short(measurement.goodput)) good visits a second"
        let rows = ([measurement.visits] + measurement.calls).map { call in
            [
                call.name, Figures.grouped(call.good), Figures.short(call.perSecond), Figures.time(call.p50),
                Figures.time(call.p90), Figures.time(call.p99), Figures.time(call.p999),
                Figures.time(call.max),
                Figures.grouped(call.count - call.good), Figures.short(call.errors) + "%",
            ]
        }
        var parts = [
            heading, columns(["", "GOOD", "/S", "P50", "P90", "P99", "P99.9", "MAX", "REFUSED", ""], rows),
        ]
        let refused = measurement.calls.flatMap { call in
            call.refused.sorted { $0.value > $1.value }.map {
                [call.name, $0.key, Figures.grouped($0.value)]
            }
        }
        if !refused.isEmpty { parts.append(columns(["REFUSED", "WHY", "TIMES"], refused)) }
        parts.append(
            "of the visits 99% began at most \(Figures.time(measurement.lagP99)) late; hubload itself used "
                + "\(Figures.short(measurement.ownProcessors)) processors")
        if let last = measurement.usage.last, let first = measurement.usage.first {
            parts.append(
                columns(
                    ["SERVICE", "MEMORY", "AT THE END", "FILES", "AT THE END"],
                    last.uses.sorted { $0.key < $1.key }.map { name, use in
                        let before = first.uses[name] ?? use
                        return [
                            name, Figures.short(before.residentMebibytes) + " MiB",
                            Figures.short(use.residentMebibytes) + " MiB", "\(before.descriptors)",
                            "\(use.descriptors)",
                        ]
                    }))
        }
        return parts.joined(separator: "\n\n")
    }

    private static func text(_ ramp: Ramp) -> String {
        let rows = ramp.steps.map { step in
            [
                Figures.short(step.rate), Figures.short(step.goodput), Figures.time(step.p50),
                Figures.time(step.p99), step.failure ?? "keeps up",
            ]
        }
        return "the knee: \(Figures.short(ramp.knee)) visits a second\n\n"
            + columns(["RATE", "GOOD/S", "P50", "P99", ""], rows)
    }

    private static func text(_ overload: Overload) -> String {
        let reasons = overload.reasons.sorted { $0.value > $1.value }
            .map { "\($0.key) \(Figures.grouped($0.value))" }
        return columns(
            [],
            [
                ["overload", "\(Figures.short(overload.knee * 3)) visits a second, three times the knee"],
                [
                    "good visits",
                    "\(Figures.short(overload.goodput)) a second, \(Figures.short(overload.kept))% of the peak's "
                        + Figures.short(overload.peak),
                ],
                [
                    "refused",
                    "\(Figures.short(overload.refused))%, within \(Figures.time(overload.refusalP99)) (p99): "
                        + reasons.joined(separator: ", "),
                ],
                ["told when to come again", "\(Figures.short(overload.withRetryAfter))% of the refused"],
                [
                    "well again",
                    overload.recovery.map { "\(Figures.short($0)) s after it" } ?? "not while it was watched",
                ],
            ])
    }

    private static func text(_ curve: GrowthCurve) -> String {
        let calls = curve.calls
        let rows = curve.points.map { point in
            [Figures.grouped(point.size)]
                + calls.map { call in
                    point.p50[call].map { Figures.time($0) + " / " + Figures.time(point.p99[call] ?? 0) }
                        ?? "-"
                }
        }
        return "\(curve.axis): \(Figures.short(curve.ratio)) times as long at the end (p50 / p99)\n\n"
            + columns([curve.axis.uppercased()] + calls, rows)
    }
}

/// Rows in aligned columns, under headings where there are some; all columns but the first end at the same place where
/// they hold numbers.
func columns(_ headings: [String], _ rows: [[String]]) -> String {
    let lines = (headings.isEmpty ? [] : [headings]) + rows
    let count = lines.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
        lines.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    let areNumbers = (0..<count).map { column in
        column > 0 && rows.allSatisfy { column >= $0.count || $0[column].first.map { $0.isNumber } ?? true }
            && !headings.isEmpty
    }
    return lines.map { line in
        let cells = line.indices.map { column in
            let padding = String(repeating: " ", count: widths[column] - line[column].count)
            return areNumbers[column] ? padding + line[column] : line[column] + padding
        }
        var text = cells.joined(separator: "  ")
        while text.last == " " { text.removeLast() }
        return text
    }.joined(separator: "\n")
}
