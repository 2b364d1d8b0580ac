import Foundation
import FoundationXML
import Testing
import Wire

@testable import hubload

@Suite("Report")
struct ReportTests {
    /// A report with every part, with names that HTML has to escape.
    @Loop private func whole() async throws -> Report {
        let begin = Clock.now - 10 * Clock.second
        let recorder = Recorder(window: begin..<begin + 20 * Clock.second)
        for number in 0..<200 {
            let visit = Visit(
                number: number, intended: begin + Int64(number) * 10_000_000, recorder: recorder, patience: 1)
            await visit.make(
                Journey(1) { visit in
                    try await visit.measure("<call> & \"co\"") {
                        if number % 5 == 0 { throw Unexpected("a <b> & c") }
                    }
                })
        }
        recorder.closeSlots(before: begin + 20 * Clock.second)
        let run = Run(pace: .rate(40), warmUp: 1, seconds: 5, patience: 1)
        let use = UsageLog.Use(residentMebibytes: 20, descriptors: 30)
        let samples = (0..<5).map { UsageLog.Sample(second: Double($0), uses: ["AuthService": use]) }
        var report = Report(
            title: "chain <&>", started: "2026-11-24", population: Population(firms: 1, clients: 20, seed: 1))
        let measurement = Measurement(run, recorder, busy: 0.1, usage: samples)
        report.measurement = measurement
        report.notes = ["a note & more"]
        var ramp = Ramp()
        ramp.steps = [
            .init(rate: 10, goodput: 10, errors: 0, p50: 1, p99: 2),
            .init(rate: 20, goodput: 12, errors: 3, p50: 100, p99: 2_000, failure: "p99 2 s"),
        ]
        report.ramp = ramp
        report.overload = Overload(
            knee: 10, peak: 10, limit: 100, Overload.stages(knee: 10, seconds: 5), [], measurement)
        let points = [1_000, 10_000].map {
            GrowthCurve.Point(size: $0, p50: ["auth.LogIn": Double($0) / 1_000], p99: ["auth.LogIn": 30])
        }
        report.growth = [GrowthCurve(axis: "clients", points: points)]
        report.judge([try Objective("errors<=1%", known: ["errors": .percent])])
        return report
    }

    @Test("is a page that is well-formed, and needs nothing from elsewhere")
    func wellFormed() async throws {
        let html = try await whole().html
        let reader = try XMLDocument(xmlString: html.replacing("<!DOCTYPE html>", with: ""))
        let plots = try reader.nodes(forXPath: "//*[local-name()='svg']")
        #expect(plots.count == 10)
        #expect(
            try reader.nodes(
                forXPath: "//*[local-name()='script' or local-name()='link' or local-name()='img']"
            ).isEmpty)
        #expect(!html.contains("http:") && !html.contains("https:") && !html.contains("url("))
        #expect(try reader.nodes(forXPath: "//*[local-name()='h1']").first?.stringValue == "chain <&>")
    }

    @Test("of an empty run is a page too")
    func empty() throws {
        let html = Report(title: "nothing", started: "never").html
        _ = try XMLDocument(xmlString: html.replacing("<!DOCTYPE html>", with: ""))
    }

    @Test("reads back from its JSON")
    func json() async throws {
        let report = try await whole()
        let back = try JSONDecoder().decode(Report.self, from: Data(report.json.utf8))
        #expect(try back.json == report.json)
        #expect(back.objectives.map(\.isKept) == [false])
    }

    @Test("has no number in its plots that is none")
    func numbers() async throws {
        let html = try await whole().html
        #expect(!html.contains("nan") && !html.contains("inf\"") && !html.contains("inf "))
    }

    @Test("tells growth by the call that grew most")
    func growth() async throws {
        let report = try await whole()
        #expect(report.metrics["growth.clients"]?.value == 10)
    }

    @Test("aligns what it prints, and ends no line with a space")
    func text() async throws {
        let text = try await whole().text
        #expect(!text.split(separator: "\n").contains { $0.hasSuffix(" ") })
        #expect(text.contains("<call> & \"co\""))
        #expect(text.contains("errors<=1%       20%  missed"))
    }

    @Test(
        "writes numbers with the digits that count",
        arguments: [
            (0.0, "0"), (0.05, "0.05"), (1.0, "1"), (1.234, "1.23"), (12.34, "12.3"), (99.97, "100"),
            (1_234_567, "1,234,567"), (.infinity, "-"),
        ])
    func figures(number: Double, text: String) {
        #expect(Figures.short(number) == text)
    }

    @Test(
        "has ticks at round numbers that hold all values",
        arguments: [[0.0], [3, 7], [0.002, 0.013], [99, 101], [1, 48_211]])
    func ticks(values: [Double]) {
        for scale in [Plot.Scale.linear, .logarithmic] {
            let ticks = Plot.Ticks(values, scale)
            #expect(ticks.ticks.count >= 2 && ticks.ticks.count < 12)
            #expect(values.allSatisfy { $0 <= (ticks.ticks.last ?? 0) * 1.0001 })
            #expect(values.allSatisfy { (0...1).contains(ticks.part(of: $0)) })
        }
    }
}
