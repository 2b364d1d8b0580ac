import HTTPTypes
import Testing
import Wire

@testable import ClientHubWeb

@Suite("The gate for nginx", .timeLimit(.minutes(5)))
struct AuthorizeEndpointTests {
    static let carla = Auth.Actor(
        id: ID(now: .now), role: .client, name: "Ana Núñez, CPA", email: "ána@demo.example", firm: "demo")

    /// AuthService that decides the same of everything.
    @Loop static func service(_ decision: Auth.Decision, _ actor: Auth.Actor? = carla)
        -> AnsweringService<Auth.Authorize>
    {
        AnsweringService(Auth.Authorize.self) { _ in Auth.Authorize.Reply(decision: decision, actor: actor) }
    }

    @Test(
        "a decision is a status and a place to go",
        arguments: [
            (Auth.Decision.logIn, 401, "/log-in?next=%2Fportal%2Fa%3Fyear%3D2025" as String?),
            (.setUp, 401, "/two-factor/set-up?next=%2Fportal%2Fa%3Fyear%3D2025"),
            (.verify, 401, "/two-factor/verify?next=%2Fportal%2Fa%3Fyear%3D2025"),
            (.stepUp, 401, "/two-factor/step-up?next=%2Fportal%2Fa%3Fyear%3D2025"),
            (.forbid, 403, nil), (.allow, 204, nil),
        ])
    func decides(decision: Auth.Decision, status: Int, place: String?) async throws {
        let program = try AskingProgram(auth: await Self.service(decision).client)
        let answer = try await program.get("/_authorize", [("X-Original-URI", "/portal/a?year=2025")])
        #expect(answer.status.code == status)
        #expect(answer["X-Gate-Location"] == place)
        #expect(answer["X-Gate"] == (place == nil ? nil : decision.rawValue))
        #expect((answer["X-Client-Id"] != nil) == (decision == .allow))
        #expect(answer["Set-Cookie"] == nil)
    }

    @Test("the page behind the gate learns who it is")
    func identity() async throws {
        let program = try AskingProgram(auth: await Self.service(.allow).client)
        let answer = try await program.get("/_authorize", [("X-Original-URI", "/portal/")])
        #expect(answer["X-Client-Id"] == "\(Self.carla.id)")
        #expect(answer["X-Client-Role"] == "client")
        #expect(answer["X-Client-Firm"] == "demo")
        #expect(answer["X-Client-Email"] == "ána@demo.example")
        #expect(answer["X-Client-Name"] == "Ana%20N%C3%BA%C3%B1ez%2C%20CPA")
    }

    @Test("a path that is open to strangers has no identity")
    func stranger() async throws {
        let program = try AskingProgram(auth: await Self.service(.allow, nil).client)
        let answer = try await program.get("/_authorize", [("X-Original-URI", "/help")])
        #expect(answer.status == .noContent)
        #expect(answer.headers.allSatisfy { !$0.name.canonicalName.hasPrefix("x-client-") })
    }

    @Test(
        "AuthService is asked about the path as it was sent, without the query and one slash at its end",
        arguments: [
            ("/portal/a?x=1", "/portal/a"), ("/portal/", "/portal"), ("/portal/?x", "/portal"), ("/", "/"),
            ("/?", "/"), ("/portal//", "/portal/"), ("//", "/"), ("/a?/b/", "/a"),
            ("/help/../portal", "/help/../portal"),
            ("/%2e%2e/x", "/%2e%2e/x"), ("/a#b?c", "/a#b"),
        ])
    func path(sent: String, asked: String) async throws {
        let service = await Self.service(.allow)
        _ = try await AskingProgram(auth: service.client).get("/_authorize", [("X-Original-URI", sent)])
        #expect(await service.calls.map(\.path) == [asked])
    }

    @Test("AuthService learns the session, the visitor's address and the browser")
    func visitor() async throws {
        let service = await Self.service(.allow)
        _ = try await AskingProgram(auth: service.client).get(
            "/_authorize",
            [
                ("X-Original-URI", "/portal/"), ("Cookie", "__Host-session=token; other=1"),
                ("X-Forwarded-For", "198.51.100.1, 203.0.113.9"), ("User-Agent", "Firefox"),
            ])
        let call = try #require(await service.calls.first)
        #expect(call.session == "token")
        #expect(call.address == "203.0.113.9")
        #expect(call.agent == "Firefox")
    }

    @Test(
        "a question without exactly one path is a mistake of the proxy's",
        arguments: [[], ["portal"], [""], ["*"], ["/portal", "/help"]])
    func malformed(uris: [String]) async throws {
        let service = await Self.service(.allow)
        let answer = try await AskingProgram(auth: service.client)
            .get("/_authorize", uris.map { ("X-Original-URI", $0) })
        #expect(answer.status == .badRequest)
        #expect(await service.calls.isEmpty)
    }

    @Test(
        "only a page of this host is led back to",
        arguments: [
            ("//evil.example/x", "GET", "/log-in"), ("/\\evil.example", "GET", "/log-in"),
            ("/portal/a", "HEAD", "/log-in?next=%2Fportal%2Fa"), ("/portal/a", "POST", "/log-in"),
            ("/portal/a", "DELETE", "/log-in"),
        ])
    func back(uri: String, method: String, place: String) async throws {
        let program = try AskingProgram(auth: await Self.service(.logIn, nil).client)
        let answer = try await program.get(
            "/_authorize", [("X-Original-URI", uri), ("X-Original-Method", method)])
        #expect(answer.status == .unauthorized)
        #expect(answer["X-Gate-Location"] == place)
    }

    @Test("while AuthService is out of reach the gate is closed, with 503")
    func outage() async throws {
        let answer = try await AskingProgram().get("/_authorize", [("X-Original-URI", "/portal/")])
        #expect(answer.status == .serviceUnavailable)
        #expect(answer["Retry-After"].flatMap { Int($0) } ?? 0 > 0)
        #expect(answer["X-Client-Id"] == nil)
    }
}
