import Foundation

extension Report {
    /// The report as one page that needs nothing else: it can be mailed, and kept.
    var html: String {
        var body = [
            "<h1>\(escaped(title))</h1>",
            "<p class=\"about\">\(about.map(escaped).joined(separator: "<br/>"))</p>",
        ]
        if !objectives.isEmpty { body.append(objectivesTable) }
        body += notes.map { "<p class=\"note\">\(escaped($0))</p>" }
        if let ramp { body += Self.section(ramp) }
        if let overload { body += Self.section(overload) }
        if let measurement { body += Self.section(measurement) }
        body += growth.flatMap(Self.section)
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <title>\(escaped(title))</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <main>
            \(body.joined(separator: "\n"))
            </main>
            </body>
            </html>

            """
    }

    private var about: [String] {
        var lines = ["\(machine.words), \(started)"]
        if let population {
            lines.append(
                "\(Figures.grouped(population.clients)) clients, firms: \(Figures.grouped(population.firms)), seed \(population.seed)"
            )
        }
        return lines
    }

    private var objectivesTable: String {
        Self.table(
            ["objective", "measured", ""],
            objectives.map { [$0.objective, $0.measured, $0.isKept ? "✓ kept" : "✗ missed"] },
            classes: objectives.map { $0.isKept ? "kept" : "missed" })
    }

    private static func section(_ ramp: Ramp) -> [String] {
        let steps = ramp.steps.sorted { $0.rate < $1.rate }
        let rate = Plot.Axis(label: "visits a second that begin")
        let knee = ramp.knee > 0 ? [(x: ramp.knee, word: "knee")] : []
        return [
            "<h2>The knee: \(Figures.short(ramp.knee)) visits a second</h2>", "<div class=\"plots\">",
            Plot(
                title: "Good visits", x: rate, y: Plot.Axis(label: "good visits a second"),
                lines: [
                    Plot.Line(name: "good", points: steps.map { ($0.rate, $0.goodput) }, hasDots: true),
                    Plot.Line(name: "all that begin", points: steps.map { ($0.rate, $0.rate) }),
                ], marks: knee
            ).html,
            Plot(
                title: "Latency of a visit", x: rate,
                y: Plot.Axis(label: "", scale: .logarithmic, text: Figures.time),
                lines: [
                    Plot.Line(name: "p50", points: steps.map { ($0.rate, $0.p50) }, hasDots: true),
                    Plot.Line(name: "p99", points: steps.map { ($0.rate, $0.p99) }, hasDots: true),
                ], marks: knee
            ).html, "</div>",
            table(
                ["visits a second", "good", "p50", "p99", ""],
                ramp.steps.map {
                    [
                        Figures.short($0.rate), Figures.short($0.goodput), Figures.time($0.p50),
                        Figures.time($0.p99), $0.failure ?? "keeps up",
                    ]
                }),
        ]
    }

    private static func section(_ overload: Overload) -> [String] {
        let series = overload.measurement.series
        let stages: [Arrivals.Stage] =
            if case .stages(let stages) = overload.measurement.pace { stages } else { [] }
        let end = stages.prefix(2).map(\.seconds).reduce(0, +)
        let marks = [(x: stages.first?.seconds ?? 0, word: "3 × the knee"), (x: end, word: "below it")]
        let time = Plot.Axis(label: "seconds")
        return [
            "<h2>Overload: three times the knee</h2>",
            table(
                ["", ""],
                [
                    [
                        "good visits",
                        "\(Figures.short(overload.goodput)) a second, \(Figures.short(overload.kept))% of the peak",
                    ],
                    [
                        "refused",
                        "\(Figures.short(overload.refused))%, within \(Figures.time(overload.refusalP99)) (p99)",
                    ],
                    ["told when to come again", "\(Figures.short(overload.withRetryAfter))% of the refused"],
                    [
                        "well again",
                        overload.recovery.map { "\(Figures.short($0)) s after the overload" }
                            ?? "not while it was watched",
                    ],
                ]),
            "<div class=\"plots\">",
            Plot(
                title: "Visits that end", x: time, y: Plot.Axis(label: "visits a second"),
                lines: [
                    Plot.Line(name: "good", points: series.map { ($0.second, $0.goodPerSecond) }),
                    Plot.Line(name: "refused", points: series.map { ($0.second, $0.refusedPerSecond) }),
                ], marks: marks
            ).html,
            Plot(
                title: "Latency of good visits", x: time,
                y: Plot.Axis(label: "", scale: .logarithmic, text: Figures.time),
                lines: [
                    Plot.Line(name: "p50", points: series.map { ($0.second, $0.p50) }),
                    Plot.Line(name: "p99", points: series.map { ($0.second, $0.p99) }),
                ], marks: marks
            ).html, "</div>",
        ]
    }

    private static func section(_ measurement: Measurement) -> [String] {
        let all = [measurement.visits] + measurement.calls
        let rows = all.map { call in
            [
                call.name, Figures.grouped(call.good), Figures.short(call.perSecond), Figures.time(call.p50),
                Figures.time(call.p90), Figures.time(call.p99), Figures.time(call.p999),
                Figures.time(call.max),
                Figures.grouped(call.count - call.good), Figures.short(call.errors) + "%",
            ]
        }
        var parts = [
            "<h2>\(escaped(measurement.pace.words)): \(Figures.short(measurement.goodput)) good visits a second</h2>",
            table(["", "good", "a second", "p50", "p90", "p99", "p99.9", "max", "refused", ""], rows),
        ]
        let refused = all.dropFirst().flatMap { call in
            call.refused.sorted { $0.value > $1.value }.map {
                [call.name, $0.key, Figures.grouped($0.value)]
            }
        }
        if !refused.isEmpty { parts.append(table(["refused", "why", "times"], refused)) }
        parts.append(
            "<p class=\"about\">Measured for \(Figures.short(measurement.seconds)) s after \(Figures.short(measurement.warmUp)) s to warm up. "
                + "Of the visits 99% began at most \(Figures.time(measurement.lagP99)) late; hubload itself used "
                + "\(Figures.short(measurement.ownProcessors)) processors.</p>")
        return parts + ["<div class=\"plots\">"] + plots(measurement, all) + ["</div>"]
    }

    private static func plots(_ measurement: Measurement, _ all: [Summary]) -> [String] {
        let time = Plot.Axis(label: "seconds")
        let series = measurement.series
        let latency = Plot.Axis(label: "", scale: .logarithmic, text: Figures.time)
        var plots = [
            Plot(
                title: "Latency by percentile",
                x: Plot.Axis(
                    label: "per cent of the calls", scale: .percentile,
                    text: { "\($0 == $0.rounded() ? "\(Int($0))" : "\($0)")%" }),
                y: latency,
                lines: all.map { call in
                    Plot.Line(name: call.name, points: call.percentiles.map { ($0.percent, $0.milliseconds) })
                }),
            Plot(
                title: "Throughput", x: time, y: Plot.Axis(label: "visits a second"),
                lines: [
                    Plot.Line(name: "good", points: series.map { ($0.second, $0.goodPerSecond) }),
                    Plot.Line(name: "refused", points: series.map { ($0.second, $0.refusedPerSecond) }),
                ]),
            Plot(
                title: "Latency of a visit", x: time, y: latency,
                lines: [
                    Plot.Line(name: "p50", points: series.map { ($0.second, $0.p50) }),
                    Plot.Line(name: "p99", points: series.map { ($0.second, $0.p99) }),
                ]),
        ]
        let services = Array(Set(measurement.usage.flatMap(\.uses.keys))).sorted()
        if !services.isEmpty {
            func lines(_ value: (UsageLog.Use) -> Double) -> [Plot.Line] {
                services.map { name in
                    Plot.Line(
                        name: name,
                        points: measurement.usage.compactMap { sample in
                            sample.uses[name].map { (sample.second, value($0)) }
                        })
                }
            }
            plots.append(
                Plot(
                    title: "Memory", x: time, y: Plot.Axis(label: "MiB resident"),
                    lines: lines { $0.residentMebibytes }))
            plots.append(
                Plot(
                    title: "Open files and connections", x: time, y: Plot.Axis(label: "descriptors"),
                    lines: lines { Double($0.descriptors) }))
        }
        return plots.map(\.html)
    }

    private static func section(_ curve: GrowthCurve) -> [String] {
        let calls = curve.calls
        return [
            "<h2>\(escaped(curve.axis)): \(Figures.short(curve.ratio)) times as long at the end</h2>",
            "<div class=\"plots\">",
            Plot(
                title: "Median latency while \(curve.axis) grow",
                x: Plot.Axis(label: curve.axis, scale: .logarithmic, text: { Figures.grouped(Int($0)) }),
                y: Plot.Axis(label: "", scale: .logarithmic, text: Figures.time),
                lines: calls.map { call in
                    Plot.Line(
                        name: call,
                        points: curve.points.compactMap { point in
                            point.p50[call].map { (Double(point.size), $0) }
                        }, hasDots: true)
                }
            ).html, "</div>",
            table(
                [curve.axis] + calls.map { "\($0), p50 / p99" },
                curve.points.map { point in
                    [Figures.grouped(point.size)]
                        + calls.map { call in
                            point.p50[call].map {
                                "\(Figures.time($0)) / \(Figures.time(point.p99[call] ?? 0))"
                            } ?? "-"
                        }
                }),
        ]
    }

    private static func table(_ headings: [String], _ rows: [[String]], classes: [String] = []) -> String {
        let head =
            headings.allSatisfy(\.isEmpty)
            ? "" : "<thead><tr>\(headings.map { "<th>\(escaped($0))</th>" }.joined())</tr></thead>"
        let lines = rows.enumerated().map { index, row in
            let kind = index < classes.count ? " class=\"\(classes[index])\"" : ""
            return "<tr\(kind)>\(row.map(cell).joined())</tr>"
        }
        return
            "<div class=\"table\"><table>\(head)<tbody>\(lines.joined(separator: "\n"))</tbody></table></div>"
    }

    /// Words begin at the same place, numbers end there.
    private static func cell(_ text: String) -> String {
        let isNumber = text.first.map { $0.isNumber || $0 == "-" } ?? true
        return "<td\(isNumber ? "" : " class=\"words\"")>\(escaped(text))</td>"
    }

    private static let style = """
        :root { --text: #1d2733; --dim: #5b6774; --page: #f6f7f9; --card: #fff; --rule: #dde2e8; --good: #11734b;
          --bad: #b3261e; --c0: #1f5fbf; --c1: #c2410c; --c2: #11734b; --c3: #8e3fb0; --c4: #8a6d00; --c5: #0e7490;
          --c6: #be185d; --c7: #5b6774; }
        @media (prefers-color-scheme: dark) { :root { --text: #e6eaf0; --dim: #9aa7b5; --page: #12161c; --card: #1a2028;
          --rule: #303a46; --good: #58c893; --bad: #ff8a80; --c0: #7db0ff; --c1: #ff9d66; --c2: #58c893; --c3: #d4a0ee;
          --c4: #e2c14a; --c5: #5cc7dd;
          --c6: #ff8fc0; --c7: #9aa7b5; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
        main { max-width: 1180px; margin: 0 auto; padding: 24px 20px 48px; }
        h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 32px 0 10px; }
        .about { color: var(--dim); margin: 8px 0 16px; }
        .note { border-left: 3px solid var(--c4); padding-left: 10px; }
        .table { overflow-x: auto; margin: 12px 0; }
        table { border-collapse: collapse; background: var(--card); border: 1px solid var(--rule); border-radius: 6px; }
        th, td { padding: 6px 14px; text-align: right; border-bottom: 1px solid var(--rule); white-space: nowrap;
          font-variant-numeric: tabular-nums; }
        tr > :first-child, .words { text-align: left; } th { color: var(--dim); font-weight: 500; }
        tbody tr:last-child td { border-bottom: 0; }
        .kept td:last-child { color: var(--good); } .missed td:last-child { color: var(--bad); font-weight: 600; }
        .plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 480px), 1fr)); gap: 16px;
          align-items: start; }
        figure { margin: 0; padding: 14px 16px 10px; background: var(--card); border: 1px solid var(--rule);
          border-radius: 6px; }
        figcaption { font-weight: 600; margin-bottom: 6px; }
        svg { width: 100%; height: auto; display: block; }
        svg text { fill: var(--dim); font-size: 11.5px; }
        .grid { stroke: var(--rule); fill: none; } .mark { stroke: var(--dim); stroke-dasharray: 4 3; fill: none; }
        .line { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
        .c0 { --c: var(--c0); } .c1 { --c: var(--c1); } .c2 { --c: var(--c2); } .c3 { --c: var(--c3); }
        .c4 { --c: var(--c4); } .c5 { --c: var(--c5); } .c6 { --c: var(--c6); } .c7 { --c: var(--c7); }
        .line { stroke: var(--c); } circle { fill: var(--c); }
        .legend { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 6px 0 0; color: var(--dim); font-size: 13px; }
        .legend i { display: inline-block; width: 14px; height: 3px; margin-right: 6px; vertical-align: middle;
          background: var(--c); }
        @media print { body { background: #fff; } figure, h2 { break-inside: avoid; } }
        """
}
