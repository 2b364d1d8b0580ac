import FoundationEssentials
import HTTPTypes
import Testing
import Wire

@testable import ClientHubWeb

@Suite("Files and monitors", .timeLimit(.minutes(5)))
struct MonitorTests {
    @Test("a file is kept for ever, at the address of its content")
    func asset() async throws {
        let program = try AskingProgram()
        let address = program.site.renderer.assets.address(of: "style.css")
        let answer = try await program.get(address)
        #expect(answer.status == .ok)
        #expect(answer["Content-Type"] == "text/css; charset=utf-8")
        #expect(answer["Cache-Control"] == "public, max-age=31536000, immutable")
        #expect(answer["Set-Cookie"] == nil)
        #expect(answer.text.hasPrefix("/* One sheet for all pages."))
    }

    @Test(
        "there is no other file",
        arguments: [
            "/assets/0000000000000000/style.css", "/assets/0000000000000000/nothing.css",
            "/assets/0000000000000000/..%2Ftemplates%2Flayout.mustache",
        ])
    func noAsset(path: String) async throws {
        let answer = try await AskingProgram().get(path)
        #expect(answer.status == .notFound)
        #expect(answer["Cache-Control"] == "no-store")
    }

    /// AuthService with one thing that it needs, and what is wrong with it.
    @Loop static func auth(_ problem: String?) -> Server {
        let server = Server(service: "auth", version: "0.0.0")
        server.check("database") { problem }
        return server
    }

    static func report(_ program: AskingProgram, _ headers: [(String, String)] = []) async throws
        -> (status: Int, report: HealthEndpoint.Report)
    {
        let answer = try await program.get("/healthz", headers)
        #expect(answer["Content-Type"] == "application/json")
        let report = try JSONDecoder().decode(HealthEndpoint.Report.self, from: Data(answer.text.utf8))
        return (answer.status.code, report)
    }

    @Test("health is AuthService's, which still shows pages when something that it needs is failing")
    func health() async throws {
        let well = try AskingProgram(auth: Client(to: await Self.auth(nil)))
        let (status, report) = try await Self.report(well)
        #expect(status == 200)
        #expect(report.status == "serving")
        #expect(
            report.checks == [
                Common.Check(name: "auth", ok: true), Common.Check(name: "auth.database", ok: true),
            ])

        let ill = try AskingProgram(auth: Client(to: await Self.auth("The disk is full.")))
        let (still, degraded) = try await Self.report(ill)
        #expect(still == 200)
        #expect(degraded.status == "degraded")
        #expect(
            degraded.checks.last
                == Common.Check(name: "auth.database", ok: false, detail: "The disk is full."))
    }

    @Test("what is wrong in particular is not told through a proxy")
    func healthForwarded() async throws {
        let program = try AskingProgram(auth: Client(to: await Self.auth("The disk is full.")))
        let (_, report) = try await Self.report(program, [("X-Forwarded-For", "203.0.113.9")])
        #expect(report.checks.last == Common.Check(name: "auth.database", ok: false))
    }

    @Test("without AuthService there are no pages")
    func noHealth() async throws {
        let (status, report) = try await Self.report(try AskingProgram())
        #expect(status == 503)
        #expect(report.status == "unavailable")
        #expect(report.checks.map(\.ok) == [false])
    }

    @Test("the metrics of services that have the same names stand together, each with its service")
    func merges() {
        var exposition = Exposition()
        let one = """
            # TYPE wire_calls counter
            # HELP wire_calls Calls answered.
            wire_calls_total{method="a {b} c",status="OK"} 3
            # TYPE wire_connections gauge
            # HELP wire_connections Open connections.
            wire_connections 2.0
            # EOF

            """
        let two = """
            # TYPE wire_calls counter
            # HELP wire_calls Calls answered, said otherwise.
            wire_calls_total{} 4
            # TYPE otp_seconds gauge
            # UNIT otp_seconds seconds
            # HELP otp_seconds Seconds.
            otp_seconds 1
            # EOF

            """
        #expect(exposition.add(one, of: "auth") == [])
        #expect(exposition.add(two, of: "otp") == [])
        #expect(
            exposition.text == """
                # TYPE wire_calls counter
                # HELP wire_calls Calls answered.
                wire_calls_total{service="auth",method="a {b} c",status="OK"} 3
                wire_calls_total{service="otp"} 4
                # TYPE wire_connections gauge
                # HELP wire_connections Open connections.
                wire_connections{service="auth"} 2.0
                # TYPE otp_seconds gauge
                # UNIT otp_seconds seconds
                # HELP otp_seconds Seconds.
                otp_seconds{service="otp"} 1
                # EOF

                """)
    }

    @Test("metrics of one name and two kinds are not mixed")
    func refusesOtherKind() {
        var exposition = Exposition()
        #expect(exposition.add("# TYPE a gauge\na 1\n# EOF\n", of: "auth") == [])
        #expect(
            exposition.add("# TYPE a counter\na_total 2\n# TYPE b gauge\nb 3\n# EOF\n", of: "otp") == ["a"])
        #expect(
            exposition.text
                == "# TYPE a gauge\na{service=\"auth\"} 1\n# TYPE b gauge\nb{service=\"otp\"} 3\n# EOF\n")
    }

    @Test("the metrics tell which service is up, and nothing through a proxy")
    func metrics() async throws {
        let program = try AskingProgram(auth: Client(to: await Self.auth(nil)), sms: AskingProgram.nobody)
        let answer = try await program.get("/metrics")
        #expect(answer.status == .ok)
        #expect(answer["Content-Type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
        let lines = answer.text.split(separator: "\n")
        #expect(lines.contains("service_up{service=\"auth\"} 1"))
        #expect(lines.contains("service_up{service=\"sms\"} 0"))
        #expect(lines.contains("# TYPE wire_connections gauge"))
        #expect(lines.last == "# EOF")
        #expect(lines.filter { $0 == "# EOF" }.count == 1)
        for header in ["X-Forwarded-For", "Forwarded", "Via"] {
            #expect(try await program.get("/metrics", [(header, "203.0.113.9")]).status == .notFound)
        }
    }
}
