import Cryptography
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit
import Wire

/// The whole site: its routes behind the gate. Each request of each page asks AuthService, and nothing here decides who may
/// see what.
final class Site: Sendable {
    let configuration: WebConfiguration
    let services: Services
    let renderer: Renderer
    let metrics: WebMetrics
    let log: Log
    private let firms: FirmNames
    private let seal: NoteSeal
    /// Paths that have a page, and so may be gone back to.
    private let pages: Set<String>
    let routes: [Route]

    init(_ configuration: WebConfiguration, services: Services, resources: Resources, log: Log) {
        self.configuration = configuration
        self.services = services
        self.log = log
        renderer = Renderer(configuration: configuration, resources: resources)
        metrics = WebMetrics()
        firms = FirmNames(services.auth)
        seal = NoteSeal(keys: configuration.keys ?? .generate())
        routes = Routes.all(configuration)
        pages = Set(routes.filter { $0.method == .get && $0.access != .machine }.map(\.path))
    }

    /// What answers requests: the routes, and for all other paths a page that says so, behind the gate as well.
    func responder() -> SiteResponder {
        let router = Router(context: VisitContext.self, options: [.autoGenerateHeadEndpoints])
        for route in routes {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                await self.respond(to: request, context, by: route)
            }
        }
        return SiteResponder(site: self, router: router.buildResponder())
    }

    /// Answers a request by `route`: who is it, may they, and then the handler.
    func respond(to request: Request, _ context: VisitContext, by route: Route) async -> Response {
        let start = ContinuousClock.now
        var visit = visit(request, context)
        visit.here = place(of: visit, route)
        var answer: Answer
        do {
            answer =
                if let elsewhere = turnAway(visit, route) { elsewhere } else {
                    try await answerThroughGate(visit, route)
                }
        } catch {
            answer = self.answer(to: error, visit, route)
        }
        finish(&answer, visit)
        metrics.count(route, answer.status, start.duration(to: .now))
        return answer.response
    }

    private func visit(_ request: Request, _ context: VisitContext) -> Visit {
        let browser = Browser(request.cookies, seal: seal)
        return Visit(
            site: self, request: request, parameters: context.parameters, browser: browser,
            address: ClientAddress.find(
                peer: context.peer, forwarded: request.headers[values: .xForwardedFor],
                trusted: configuration.trustedProxies),
            language: browser.language ?? PageLanguage(acceptLanguage: request.headers[.acceptLanguage]))
    }

    /// What keeps a visit from its route before anybody is asked: another host's name, another site's form.
    private func turnAway(_ visit: Visit, _ route: Route) -> Answer? {
        guard route.access != .machine else { return nil }
        let origin = configuration.origin
        guard let authority = visit.request.head.authority, origin.text.hasSuffix("://" + authority) else {
            guard visit.request.method != .post else {
                return Answer(.misdirectedRequest, "This is \(origin.text).\n")
            }
            var answer = Answer(.permanentRedirect)
            answer.headers[.location] = origin.text + (LocalPath(visit.request.head.path)?.description ?? "/")
            return answer
        }
        if visit.request.method == .post, let sender = visit.request.headers[.origin], sender != origin.text {
            return ProblemPage.outdated(visit)
        }
        return nil
    }

    private func answerThroughGate(_ visit: Visit, _ route: Route) async throws -> Answer {
        guard route.access != .machine else { return try await route.handler(visit) }
        var visit = visit
        if route.method == .post {
            guard let form = try await form(of: visit) else { return ProblemPage.badForm(visit) }
            guard visit.browser.form.fits(form[Form.token]) else { return ProblemPage.outdated(visit) }
            visit.form = form
        }
        do {
            let decision = try await authorize(&visit, route)
            if let firm = visit.actor?.firm ?? configuration.firm {
                visit.firmName = await firms.name(of: firm)
            }
            if route.access == .gated, decision != .allow { return turnBack(visit, decision, route) }
            return try await route.handler(visit)
        } catch let refusal as Refusal {
            return try answer(to: refusal, visit, route)
        }
    }

    /// Asks AuthService. Pages for everybody are shown while it is out of reach too, as to a stranger.
    private func authorize(_ visit: inout Visit, _ route: Route) async throws -> Auth.Decision {
        do {
            let answer = try await visit.call(
                Auth.Authorize(
                    session: visit.session, path: visit.path, address: visit.address, agent: visit.agent))
            visit.actor = answer.actor
            visit.gate = answer.gate
            return answer.decision
        } catch let refusal as Refusal where refusal.isOutage && route.access == .everybody {
            return .logIn
        }
    }

    /// A form's fields, nil where the body is none.
    private func form(of visit: Visit) async throws -> Form? {
        let type = visit.request.headers[.contentType] ?? ""
        guard type.hasPrefix("application/x-www-form-urlencoded") else { return nil }
        return Form(parsing: String(buffer: try await body(of: visit)))
    }

    /// The body of a request, within the limit.
    func body(of visit: Visit) async throws -> ByteBuffer {
        try await visit.request.body.collect(upTo: configuration.limits.bodyBytes)
    }

    // MARK: what is not let through

    /// Where the gate's decision leads.
    private func turnBack(_ visit: Visit, _ decision: Auth.Decision, _ route: Route) -> Answer {
        decision.place(then: place(of: visit, route)).map { .redirect(to: $0) }
            ?? ProblemPage.forbidden(visit)
    }

    /// The page to come back to: this one, or for a form the page that it stands on.
    private func place(of visit: Visit, _ route: Route) -> LocalPath {
        guard route.method == .get || pages.contains(route.path) else { return .home }
        return LocalPath(visit.request.head.path) ?? .home
    }

    /// Refusals that are about who it is, or about nobody being there to ask.
    private func answer(to refusal: Refusal, _ visit: Visit, _ route: Route) throws -> Answer {
        switch refusal {
        case _ where refusal.isFor(.noSession): return turnBack(visit, .logIn, route)
        case _ where refusal.isFor(.locked):
            return .redirect(to: LocalPath("/two-factor").then(place(of: visit, route)))
        case _ where refusal.isFor(.stepUp): return StepUpPage.ask(visit)
        case _ where refusal.isFor(.notAPro) || refusal.isFor(.notTheOwner):
            return ProblemPage.forbidden(visit)
        case _ where refusal.status == .notFound: return ProblemPage.notFound(visit)
        case _ where refusal.isOutage: return ProblemPage.outage(visit, refusal)
        default: throw refusal
        }
    }

    /// What no page foresaw. It is logged; the visitor learns that it is our fault.
    private func answer(to error: any Error, _ visit: Visit, _ route: Route) -> Answer {
        if let refusal = error as? Refusal, refusal.isOutage {
            log.warning(
                "service out of reach", ["path": .text(route.path), "problem": .text(refusal.message)])
            return ProblemPage.outage(visit, refusal)
        }
        if error is NIOTooManyBytesError { return ProblemPage.tooLarge(visit) }
        if let error = error as? any HTTPResponseError { return ProblemPage.plain(visit, error.status) }
        log.error("page failed", ["path": .text(route.path), "error": .error(error)])
        return ProblemPage.fault(visit)
    }

    // MARK: every answer

    /// Adds what every answer has: the headers that keep browsers safe, and the cookies.
    private func finish(_ answer: inout Answer, _ visit: Visit) {
        SecurityHeaders.add(to: &answer.headers, configuration)
        if let notes = answer.notes {
            let sealed = notes.isEmpty ? nil : try? seal.seal(notes, for: visit.browser.form)
            answer.cookies.append((.notes, sealed))
        }
        // A browser that shows a form for the first time gets the secret that its token was made from.
        if visit.browser.isNew,
            answer.headers[.contentType]?.hasPrefix("text/html") == true || answer.notes != nil
        {
            answer.cookies.append((.form, visit.browser.form.cookie))
        }
    }
}

/// The router, and behind it the page for paths that are none.
struct SiteResponder: HTTPResponder {
    let site: Site
    let router: RouterResponder<VisitContext>

    func respond(to request: Request, context: VisitContext) async throws -> Response {
        let response = try await router.respond(to: request, context: context)
        // The router answers by itself where it has no route, and only there.
        guard context.endpointPath == Self.noEndpoint else { return response }
        let route = Route(method: request.method, path: Self.noEndpoint, access: .gated) {
            ProblemPage.notFound($0)
        }
        return await site.respond(to: request, context, by: route)
    }

    private static let noEndpoint = "NotFound"
}
