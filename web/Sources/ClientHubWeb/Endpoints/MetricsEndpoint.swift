import HTTPTypes
import Hummingbird
import ServiceKit
import Wire

/// `/metrics`: what all processes count, for Prometheus on this host, which has no session. The front end listens to its own
/// host alone (``ListenAddress``), and what a proxy hands on from outside is answered as if there were nothing here.
enum MetricsEndpoint {
    static let routes: [Route] = [.get("/metrics", for: .machine, show)]

    /// How long a service has to tell its numbers. One that is late counts as down.
    private static let milliseconds = 2_000

    @Sendable static func show(_ visit: Visit) async throws -> Answer {
        guard !visit.isForwarded else { return Answer(.notFound, "There is nothing here.\n") }
        var exposition = Exposition()
        var refused = exposition.add(visit.site.metrics.text + ProcessMetrics.text, of: "web")
        for (name, text) in await texts(of: visit.site.services) {
            let up = """
                # TYPE service_up gauge
                # HELP service_up 1 where the service answers, else 0.
                service_up \(text == nil ? 0 : 1)

                """
            refused += exposition.add(up, of: name) + exposition.add(text ?? "", of: name)
        }
        if !refused.isEmpty {
            visit.site.log.warning(
                "metrics left out, since another service has others of the same name",
                ["names": .text(refused.joined(separator: " "))])
        }
        return Answer(
            .ok, exposition.text, type: "application/openmetrics-text; version=1.0.0; charset=utf-8")
    }

    /// The metrics of each service, asked at the same time; nil of one that does not answer.
    private static func texts(of services: Services) async -> [(name: String, text: String?)] {
        let services = services.all
        var texts = services.map { (name: $0.name, text: String?.none) }
        await withTaskGroup(of: (Int, String?).self) { group in
            for (index, service) in services.enumerated() {
                group.addTask {
                    (index, try? await service.client.call(Common.Metrics(), within: milliseconds).text)
                }
            }
            for await (index, text) in group { texts[index].text = text }
        }
        return texts
    }
}

extension Visit {
    /// Whether a proxy hands this on for somebody else (RFC 7239, and what was there before it).
    var isForwarded: Bool {
        request.headers.contains { ["x-forwarded-for", "forwarded", "via"].contains($0.name.canonicalName) }
    }
}
