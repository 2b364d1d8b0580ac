import HTTPTypes
import Hummingbird
import Wire

/// The pages that say why there is no other.
enum ProblemPage {
    static func notFound(_ visit: Visit) -> Answer { page(visit, "notFound", .notFound) }
    static func forbidden(_ visit: Visit) -> Answer { page(visit, "forbidden", .forbidden) }
    static func fault(_ visit: Visit) -> Answer { page(visit, "fault", .internalServerError) }
    static func tooLarge(_ visit: Visit) -> Answer { page(visit, "tooLarge", .contentTooLarge) }
    /// A body that is no form of ours.
    static func badForm(_ visit: Visit) -> Answer { page(visit, "badForm", .badRequest) }

    /// A form from another site, or from a page that was open for too long.
    static func outdated(_ visit: Visit) -> Answer {
        page(visit, "outdated", .forbidden, back: LocalPath(visit.path) ?? .home)
    }

    static func plain(_ visit: Visit, _ status: HTTPResponse.Status) -> Answer {
        page(visit, status.kind == .clientError ? "badForm" : "fault", status)
    }

    /// A service is down. The page holds on to a form that was being sent, so that nothing has to be typed again.
    static func outage(_ visit: Visit, _ refusal: Refusal) -> Answer {
        var more: View = [:]
        if visit.request.method == .post, !visit.form.hasSecrets, !visit.form.kept.isEmpty {
            more["again"] =
                [
                    "path": visit.path,
                    "fields": visit.form.kept.map { ["name": $0.name, "value": $0.value] as View },
                ] as View
        }
        var answer = page(
            visit, "outage", .serviceUnavailable, back: LocalPath(visit.request.head.path) ?? .home, more)
        answer.headers[.retryAfter] = "\(max(refusal.retryAfter ?? 0, 5))"
        return answer
    }

    private static func page(
        _ visit: Visit, _ name: String, _ status: HTTPResponse.Status, back: LocalPath = .home,
        _ more: View = [:]
    ) -> Answer {
        let texts = visit.texts
        let view: View = [
            "title": texts("problemPage", "\(name).title"), "text": texts("problemPage", "\(name).text"),
            "back": back.description,
            "action": texts("problemPage", back == .home ? "home" : "again"),
        ]
        return visit.page("problem", view.merging(more) { $1 }, status)
    }
}
