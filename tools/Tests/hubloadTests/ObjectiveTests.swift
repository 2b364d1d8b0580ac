import Testing

@testable import hubload

@Suite("Objectives")
struct ObjectiveTests {
    private static let known = Report.names(of: .chain, ramp: true, overload: true, usage: true)

    @Test(
        "are kept or missed",
        arguments: [
            // objective, measured, kept
            ("p99<=50ms", 49.9, true), ("p99<=50ms", 50.1, false), ("p99 <= 0.05s", 50, true),
            ("auth.Verify.p50<=900us", 0.9, true), ("goodput>=40", 40, true), ("goodput>=40", 39, false),
            ("errors<=0%", 0, true), ("errors<=0%", 0.01, false), ("overload.recovery<=2s", 2_000, true),
            ("overload.recovery<=2s", .infinity, false),
        ] as [(String, Double, Bool)])
    func verdict(text: String, measured: Double, isKept: Bool) throws {
        let objective = try Objective(text, known: Self.known)
        let kind = try #require(Self.known[objective.name])
        #expect(objective.verdict([objective.name: Metric(kind: kind, value: measured)]).isKept == isKept)
    }

    @Test("of what did not happen are missed")
    func nothing() throws {
        let verdict = try Objective("auth.Verify.p99<=1s", known: Self.known).verdict([:])
        #expect(!verdict.isKept && verdict.measured == "nothing")
    }

    @Test(
        "that cannot be read are refused with what is wrong",
        arguments: [
            ("p99", "is NAME<=BOUND"), ("p99<50ms", "is NAME<=BOUND"),
            ("p98<=1ms", "p98 is not measured here"),
            ("p99<=50", "50 is no bound for p99, which is a time"), ("errors<=1", "which is a share"),
            ("goodput>=many", "many is no bound"), ("p99<=-1ms", "-1ms is no bound"),
            ("p99<=nanms", "is no bound"),
            ("sms.Submit.p99<=1ms", "sms.Submit.p99 is not measured here"),
        ])
    func unreadable(text: String, problem: String) {
        #expect { try Objective(text, known: Self.known) } throws: { error in
            guard let found = error as? Problem else { return false }
            return found.exit == .usage && found.line.hasPrefix("\(text): ") && found.line.contains(problem)
        }
    }
}
