import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceKit
import Testing
import Wire

@testable import ClientHubWeb

/// A browser before the site: it keeps cookies, and sends forms with the proof that they are its own.
actor TestBrowser {
    /// An answer as a browser sees it.
    struct Page: Sendable {
        let status: Int
        let location: String?
        let text: String
        let headers: HTTPFields
        /// `Set-Cookie`, by name.
        let cookies: [String: String]

        /// The hidden fields, as the browser would send them.
        var hidden: [String: String] {
            Dictionary(
                text.matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)">/)
                    .map { (String($0.1), Self.unescaped(String($0.2))) }
            ) { first, _ in first }
        }

        private static func unescaped(_ text: String) -> String {
            [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
                .reduce(text) { $0.replacing($1.0, with: $1.1) }
        }
    }

    let auth: ScriptedAuth
    let site: Site
    private let responder: SiteResponder
    var cookies: [String: String]
    private let secret = FormToken()

    /// The settings of a demonstration, whose AuthService is the scripted one.
    static let demo = #"{ "demo": true, "origin": "http://localhost", "auth": "/nowhere/auth.sock" }"#

    init(
        _ auth: ScriptedAuth, session: String? = "session-1", settings: String = demo, client: Client? = nil
    ) async throws {
        self.auth = auth
        let configuration = try Settings.read(text: settings) { (settings: Settings) throws(SettingError) in
            try WebConfiguration(settings)
        }
        site = Site(
            configuration, services: Services(auth: client ?? Client(to: auth.server)),
            resources: try Resources.shared.get(), log: Log("test", level: .critical))
        responder = site.responder()
        cookies = [BrowserCookie.form.name: secret.cookie]
        cookies[BrowserCookie.session.name] = session
    }

    /// Puts a cookie there, or takes it away.
    func keep(_ cookie: BrowserCookie, _ value: String?) { cookies[cookie.name] = value }

    func get(_ path: String, _ headers: HTTPFields = [:], host: String = "localhost") async throws -> Page {
        try await send(.get, path, headers, "", host: host)
    }

    func post(
        _ path: String, _ fields: [String: String] = [:], headers: HTTPFields = [:],
        host: String = "localhost"
    ) async throws -> Page {
        var fields = fields
        fields[Form.token] = fields[Form.token] ?? secret.masked()
        let body = fields.map { percentEncoded($0.key) + "=" + percentEncoded($0.value) }.joined(
            separator: "&")
        return try await post(path, body: body, headers: headers, host: host)
    }

    /// Sends a body as it is.
    func post(
        _ path: String, body: String, type: String = "application/x-www-form-urlencoded",
        headers: HTTPFields = [:], host: String = "localhost"
    ) async throws -> Page {
        var headers = headers
        headers[.contentType] = type
        return try await send(.post, path, headers, body, host: host)
    }

    private func send(
        _ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields, _ body: String, host: String
    ) async throws -> Page {
        var headers = headers
        headers[.cookie] = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        let request = Request(
            head: HTTPRequest(
                method: method, scheme: "http", authority: host, path: path, headerFields: headers),
            body: RequestBody(buffer: ByteBuffer(string: body)))
        let context = VisitContext(peer: nil, logger: Logger(label: "test"))
        let response = try await responder.respond(to: request, context: context)
        let written = Written()
        try await response.body.write(written)
        var set: [String: String] = [:]
        for line in response.headers[values: .setCookie] {
            let pair = line.prefix { $0 != ";" }.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            set[String(pair[0])] = String(pair[1])
            cookies[String(pair[0])] = pair[1].isEmpty ? nil : String(pair[1])
        }
        return Page(
            status: response.status.code, location: response.headers[.location], text: await written.text,
            headers: response.headers, cookies: set)
    }
}

/// Takes a response's body.
private actor Text {
    var buffer = ByteBuffer()
    func add(_ more: ByteBuffer) { buffer.writeImmutableBuffer(more) }
}

private struct Written: ResponseBodyWriter {
    private let all = Text()
    var text: String { get async { String(buffer: await all.buffer) } }
    func write(_ buffer: ByteBuffer) async throws { await all.add(buffer) }
    consuming func finish(_ trailers: HTTPFields?) async throws {}
}

extension Resources {
    /// Read once for all tests.
    static let shared = Result { try Resources() }
}
