import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceKit
import Testing
import Wire

@testable import ClientHubWeb

/// A program that asks the site: nginx, Prometheus, Twilio. It keeps no cookies and fills in no forms.
struct AskingProgram {
    let site: Site

    static let settings = #"{ "origin": "https://hub.example.com", "auth": "/nowhere/auth.sock" }"#
    /// A service whose socket is not there.
    static var nobody: Client { Client(path: "/nowhere/service.sock") }

    init(auth: Client = nobody, otp: Client? = nil, sms: Client? = nil, settings: String = settings) throws {
        let configuration = try Settings.read(text: settings) { (settings: Settings) throws(SettingError) in
            try WebConfiguration(settings)
        }
        site = Site(
            configuration, services: Services(auth: auth, otp: otp, sms: sms),
            resources: try Resources.shared.get(), log: Log("test", level: .critical))
    }

    /// Headers by name; a name may stand several times.
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ headers: [(String, String)] = [], body: String = ""
    ) async throws -> ProgramAnswer {
        var fields = HTTPFields()
        for (name, value) in headers {
            fields.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value))
        }
        let request = Request(
            head: HTTPRequest(
                method: method, scheme: "http", authority: "127.0.0.1", path: path, headerFields: fields),
            body: RequestBody(buffer: ByteBuffer(string: body)))
        let context = VisitContext(peer: nil, logger: Logger(label: "test"))
        let response = try await site.responder().respond(to: request, context: context)
        let body = ProgramAnswer.Body()
        try await response.body.write(ProgramAnswer.Writer(body: body))
        return ProgramAnswer(
            status: response.status, headers: response.headers, text: String(buffer: await body.bytes))
    }

    func get(_ path: String, _ headers: [(String, String)] = []) async throws -> ProgramAnswer {
        try await send(.get, path, headers)
    }
}

/// What a program gets.
struct ProgramAnswer: Sendable {
    let status: HTTPResponse.Status
    let headers: HTTPFields
    let text: String

    subscript(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

    /// Takes a response's body.
    fileprivate actor Body {
        var bytes = ByteBuffer()
        func add(_ more: ByteBuffer) { bytes.writeImmutableBuffer(more) }
    }

    fileprivate struct Writer: ResponseBodyWriter {
        let body: Body
        func write(_ buffer: ByteBuffer) async throws { await body.add(buffer) }
        consuming func finish(_ trailers: HTTPFields?) async throws {}
    }
}

/// A service of a test, which answers one kind of call, and the calls that it got.
@Loop final class AnsweringService<C: Call> {
    let server = Server(service: "auth", version: "0.0.0")
    private(set) var calls: [C] = []

    init(_ kind: C.Type, _ answer: @escaping @Loop (C) throws -> C.Reply) {
        server.handle(kind) { [self] call, _ in
            calls.append(call)
            return try answer(call)
        }
    }

    var client: Client { Client(to: server) }
}
