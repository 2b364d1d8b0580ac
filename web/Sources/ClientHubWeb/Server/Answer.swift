import HTTPTypes
import Hummingbird
import NIOCore

/// What a visit is answered with, before cookies are sealed and the headers of every answer are added.
struct Answer: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields = [:]
    var body = ""
    /// What the browser is to keep from now on; nil takes a cookie away.
    var cookies: [(cookie: BrowserCookie, value: String?)] = []
    /// What is left for the next page; nil leaves what there is.
    var notes: Notes?

    init(_ status: HTTPResponse.Status, _ body: String = "", type: String = "text/plain; charset=utf-8") {
        self.status = status
        self.body = body
        if !body.isEmpty { headers[.contentType] = type }
    }

    static func html(_ page: String, _ status: HTTPResponse.Status = .ok) -> Answer {
        Answer(status, page, type: "text/html; charset=utf-8")
    }

    /// Sends the visitor on, by GET.
    static func redirect(to place: LocalPath) -> Answer {
        var answer = Answer(.seeOther)
        answer.headers[.location] = place.description
        return answer
    }

    /// Has the browser send the same form again, to `place` (RFC 9110, section 15.4.8).
    static func resend(to place: LocalPath) -> Answer {
        var answer = Answer(.temporaryRedirect)
        answer.headers[.location] = place.description
        return answer
    }

    /// The same answer, with which the browser keeps `value`, or nothing any more.
    func setting(_ cookie: BrowserCookie, _ value: String?) -> Answer {
        var answer = self
        answer.cookies.append((cookie, value))
        return answer
    }

    func leaving(_ notes: Notes) -> Answer {
        var answer = self
        answer.notes = notes
        return answer
    }

    /// The same answer, after which the next page says the text `said.NAME`.
    func saying(_ name: StaticString, _ visit: Visit) -> Answer { saying(name, notes ?? visit.browser.notes) }

    func saying(_ name: StaticString, _ notes: Notes) -> Answer {
        var notes = notes
        notes.said = "\(name)"
        return leaving(notes)
    }

    /// As the server sends it.
    var response: Response {
        var response = Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
        for (cookie, value) in cookies { response.setCookie(cookie.holding(value)) }
        return response
    }
}
