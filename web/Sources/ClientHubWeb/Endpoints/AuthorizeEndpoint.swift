import HTTPTypes
import Hummingbird
import Wire

/// `/_authorize`: the gate for pages of others. nginx asks here before it lets a request through (`auth_request`), so that a
/// portal that exists already can put any of its pages behind the gate; deploy/nginx has the configuration for it.
///
/// It is for programs: the path to decide on is another than its own, and the answer is a status and headers. Whoever asks is
/// on this host, for the front end listens nowhere else (``ListenAddress``), and nginx keeps outsiders from asking.
enum AuthorizeEndpoint {
    static let routes: [Route] = [.get("/_authorize", for: .machine, decide)]

    /// 204 with who it is, 401 with where to send the visitor, or 403. That AuthService is out of reach is ``Site``'s to
    /// answer, with 503: nothing but 204 opens the gate.
    @Sendable static func decide(_ visit: Visit) async throws -> Answer {
        let uris = visit.request.headers[values: .xOriginalURI]
        guard uris.count == 1, let uri = uris.first, uri.utf8.first == UInt8(ascii: "/") else {
            return Answer(.badRequest, "X-Original-URI must have the path that the visitor asks for, once.\n")
        }
        let reply = try await visit.call(
            Auth.Authorize(
                session: visit.session, path: path(of: uri), address: visit.address, agent: visit.agent))
        if reply.decision == .allow { return open(for: reply.actor) }
        guard let page = reply.decision.place(then: place(of: uri, visit)) else { return Answer(.forbidden) }
        var answer = Answer(.unauthorized)
        answer.headers[.xGate] = reply.decision.rawValue
        answer.headers[.xGateLocation] = page.description
        return answer
    }

    /// The path without the query, and without one slash at its end: to AuthService no segment is empty, portals have such
    /// paths everywhere, and what a rule says of `/a` it says of all that lies below.
    private static func path(of uri: String) -> String {
        let path = uri.utf8.prefix { $0 != UInt8(ascii: "?") }
        let hasSlash = path.count > 1 && path.last == UInt8(ascii: "/")
        return String(decoding: hasSlash ? path.dropLast() : path, as: UTF8.self)
    }

    /// Who it is, for the page behind the gate; nobody on the few paths that are open to all.
    private static func open(for actor: Auth.Actor?) -> Answer {
        var answer = Answer(.noContent)
        guard let actor else { return answer }
        answer.headers[.xClientID] = "\(actor.id)"
        answer.headers[.xClientRole] = actor.role.rawValue
        answer.headers[.xClientFirm] = actor.firm
        // An address is UTF-8 as it is (RFC 6532). A name may be of any characters, so it is encoded as in a URL.
        answer.headers[.xClientEmail] = actor.email
        answer.headers[.xClientName] = percentEncoded(actor.name)
        return answer
    }

    /// Where the visitor comes back to: the page that was asked for. What was sent to it is gone by then, so for anything
    /// but a page it is home.
    private static func place(of uri: String, _ visit: Visit) -> LocalPath {
        let method = visit.request.headers[.xOriginalMethod] ?? "GET"
        guard method == "GET" || method == "HEAD" else { return .home }
        return LocalPath(uri) ?? .home
    }
}

extension HTTPField.Name {
    fileprivate static let xOriginalURI = header("X-Original-URI")
    fileprivate static let xOriginalMethod = header("X-Original-Method")
    fileprivate static let xGate = header("X-Gate")
    fileprivate static let xGateLocation = header("X-Gate-Location")
    fileprivate static let xClientID = header("X-Client-Id")
    fileprivate static let xClientRole = header("X-Client-Role")
    fileprivate static let xClientFirm = header("X-Client-Firm")
    fileprivate static let xClientEmail = header("X-Client-Email")
    fileprivate static let xClientName = header("X-Client-Name")

    private static func header(_ text: StaticString) -> HTTPField.Name {
        guard let name = HTTPField.Name("\(text)") else { preconditionFailure("\(text) is no field's name") }
        return name
    }
}
