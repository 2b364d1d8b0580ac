import HTTPTypes
import Synchronization

/// What the front end counts of its requests, for Prometheus.
final class WebMetrics: Sendable {
    private struct Key: Hashable {
        let method: String
        let path: String
        let status: Int
    }

    private struct Tally {
        var requests: [Key: Int] = [:]
        var buckets = [Int](repeating: 0, count: WebMetrics.bounds.count + 1)
        var seconds = 0.0
    }

    private static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
    private let tally = Mutex(Tally())

    /// Counts an answer. Paths and methods are those of the routes, so that nobody can make up new ones.
    func count(_ route: Route, _ status: HTTPResponse.Status, _ took: Duration) {
        let (whole, attoseconds) = took.components
        let seconds = Double(whole) + Double(attoseconds) / 1e18
        tally.withLock { tally in
            let method = route.method == .get || route.method == .post ? route.method.rawValue : "other"
            tally.requests[Key(method: method, path: route.path, status: status.code), default: 0] += 1
            tally.buckets[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
            tally.seconds += seconds
        }
    }

    /// All of it in OpenMetrics' text format, without the mark of its end.
    var text: String {
        let tally = tally.withLock { $0 }
        var lines = [
            "# TYPE web_requests counter", "# HELP web_requests Requests answered, by route and status.",
        ]
        for (key, count) in tally.requests.sorted(by: {
            ($0.key.path, $0.key.status) < ($1.key.path, $1.key.status)
        }) {
            lines.append(
                "web_requests_total{method=\"\(key.method)\",route=\"\(key.path)\",status=\"\(key.status)\"} \(count)"
            )
        }
        lines += [
            "# TYPE web_request_seconds histogram",
            "# HELP web_request_seconds How long requests took, from their head to their answer.",
        ]
        var sum = 0
        for (bound, count) in zip(Self.bounds.map { "\($0)" } + ["+Inf"], tally.buckets) {
            sum += count
            lines.append("web_request_seconds_bucket{le=\"\(bound)\"} \(sum)")
        }
        lines += ["web_request_seconds_sum \(tally.seconds)", "web_request_seconds_count \(sum)"]
        return lines.joined(separator: "\n") + "\n"
    }
}
