import HTTPTypes
import ServiceKit
import Wire

/// `/healthz`: whether pages can be shown, for what watches the host: a monitor, a load balancer. Such a program has no
/// session, and there is no secret in the answer.
enum HealthEndpoint {
    static let routes: [Route] = [.get("/healthz", for: .machine, show)]

    /// How long AuthService has to tell how it is.
    private static let milliseconds = 2_000

    struct Report: Codable, Equatable, Sendable {
        /// `serving`; `degraded` where AuthService is, which still answers what it can; `draining` and `unavailable` where
        /// there are no pages.
        var status: String
        var version = Version.current
        /// That AuthService answers, and then what it needs itself.
        var checks: [Common.Check]
    }

    /// 200 while pages can be shown, else 503. What is wrong in particular is told on this host alone.
    @Sendable static func show(_ visit: Visit) async throws -> Answer {
        var report = await report(on: visit.site.services.auth)
        if visit.isForwarded {
            for index in report.checks.indices { report.checks[index].detail = nil }
        }
        let works =
            report.status == Common.Condition.serving.rawValue
            || report.status == Common.Condition.degraded.rawValue
        return try .json(report, works ? .ok : .serviceUnavailable)
    }

    private static func report(on auth: Client) async -> Report {
        do {
            let health = try await auth.call(Common.Health(), within: milliseconds)
            let checks = health.checks.map { check in
                Common.Check(name: "auth.\(check.name)", ok: check.ok, detail: check.detail)
            }
            return Report(
                status: health.status.rawValue, checks: [Common.Check(name: "auth", ok: true)] + checks)
        } catch {
            let detail = (error as? Refusal)?.message ?? "\(error)"
            return Report(
                status: "unavailable", checks: [Common.Check(name: "auth", ok: false, detail: detail)])
        }
    }
}
