import HTTPTypes
import Wire

/// New recovery codes, until the person says that they are kept: to copy, to print, to download.
enum RecoveryCodesPage {
    static let routes: [Route] = [
        .get("/two-factor/recovery-codes", show),
        .get("/two-factor/recovery-codes/download", download),
        .post("/two-factor/recovery-codes", done),
    ]

    @Sendable static func show(_ visit: Visit) async throws -> Answer {
        guard let codes = visit.browser.notes.recoveryCodes else { return .redirect(to: visit.next) }
        return visit.page("recovery-codes", view(visit, codes))
    }

    @Sendable static func done(_ visit: Visit) async throws -> Answer {
        guard let codes = visit.browser.notes.recoveryCodes else { return .redirect(to: visit.next) }
        guard visit.form.has("kept") else {
            let problem = FormProblem("keepCodes", field: "kept", visit.texts)
            return visit.page(
                "recovery-codes", view(visit, codes).merging(problem.view) { $1 }, problem.status)
        }
        var notes = visit.browser.notes
        notes.recoveryCodes = nil
        return Answer.redirect(to: visit.next).leaving(notes)
    }

    @Sendable static func download(_ visit: Visit) async throws -> Answer {
        guard let codes = visit.browser.notes.recoveryCodes else {
            return .redirect(to: LocalPath("/security"))
        }
        let texts = visit.texts
        let lines = [
            texts("recovery", "fileTitle", ["brand": visit.site.configuration.brand]),
            visit.site.configuration.origin.text, visit.actor?.email ?? "", "",
        ]
        var answer = Answer(
            .ok, (lines + codes + ["", texts("recovery", "fileNote"), ""]).joined(separator: "\n"))
        answer.headers[.contentDisposition] = "attachment; filename=\"recovery-codes.txt\""
        return answer
    }

    private static func view(_ visit: Visit, _ codes: [String]) -> View {
        ["title": visit.texts("recovery", "title"), "next": visit.next.description, "codes": codes]
    }
}
