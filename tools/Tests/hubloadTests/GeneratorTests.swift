import Foundation
import Testing
import Wire

@testable import hubload

/// What is generated, as the services themselves see it.
@Suite("Generator", .timeLimit(.minutes(5)))
struct GeneratorTests {
    private let filling = Filling(
        population: Population(firms: 3, clients: 60, seed: 11), sessions: 5, events: 40)

    @Test("makes clients who log in with the secret that their seed gives, in a firm whose log is whole")
    func opens() async throws {
        let state = try State()
        let services = try Services(Programs.services, over: state)
        try await services.fill(filling, progress: Progress(title: "", isShown: false))
        try await services.start([.sms, .otp, .auth])
        defer { services.stop() }
        let auth = Client(path: state.sockets + "/auth.sock")
        let people = filling.population

        // The first of the last firm, who has an authenticator.
        let client = try #require((40..<60).first { people.method(of: $0) == .authenticator })
        #expect(people.firm(of: client) == 2)
        let entered = try await auth.call(
            Auth.LogIn(firm: "load-2", email: people.email(of: client), password: Population.password),
            within: 60_000)
        #expect(entered.actor.id == people.id(ofClient: client))
        #expect(entered.gate.state == .verify && entered.gate.required)
        let code = AuthenticatorCode.code(of: people.secret(of: client), at: .now)
        let proved = try await auth.call(
            Auth.Verify(session: entered.session, method: .authenticator, code: code))
        #expect(proved.gate.state == .open)

        // A session that was generated, and the owner's.
        let decision = try await auth.call(
            Auth.Authorize(session: people.token(ofSession: 4), path: "/documents"))
        #expect(decision.decision == .allow)
        #expect(decision.actor?.id == people.id(ofClient: 4))
        let owner = people.token(ofSession: Generator.ownersSession)
        #expect(try await auth.call(Auth.CountClients(session: owner)).clients == 20)

        // The chain of the generated events, and that of AuthService's own.
        let first = try await auth.call(Auth.VerifyAudit(firm: "load-0"))
        #expect(first.intact && first.events == 40)
        #expect(try await auth.call(Auth.VerifyAudit(firm: "load-2")).intact)
    }

    @Test("sends codes to the numbers that clients have")
    func texts() async throws {
        let state = try State()
        let services = try Services(Programs.services, over: state)
        try await services.fill(filling, progress: Progress(title: "", isShown: false))
        try await services.start([.sms, .otp])
        defer { services.stop() }
        let people = filling.population
        let client = try #require((0..<60).first { people.method(of: $0) == .sms })
        let otp = Client(path: state.sockets + "/otp.sock")
        let inbox = await Inbox(directory: state.outbox)
        let subject = people.id(ofClient: client)
        _ = try await otp.call(OTP.Send(subject: subject, firm: people.id(ofFirm: 0)))
        let code = try await inbox.code(to: people.phone(of: client), within: 60_000)
        let proved = try await otp.call(OTP.Verify(subject: subject, method: .sms, code: code))
        #expect(proved.method == .sms)
    }

    @Test("takes up a population again, and refuses to fill databases with another one")
    func again() async throws {
        let scratch = try Programs.Scratch()
        let progress = Progress(title: "", isShown: false)
        let state = try State(keeping: scratch.path)
        try await Services(Programs.services, over: state).fill(filling, progress: progress)
        try await Services(Programs.services, over: state).fill(filling, progress: progress)
        var other = filling
        other.population.seed = 12
        await #expect {
            try await Services(Programs.services, over: state).fill(other, progress: progress)
        } throws: {
            ($0 as? Problem)?.line.contains("holds another population: 60 clients of 3 firms") ?? false
        }
    }

    @Test("leaves the database of a running service alone")
    func running() async throws {
        let state = try State()
        let services = try Services(Programs.services, over: state)
        try await services.start([.auth])
        defer { services.stop() }
        let generator = Generator(
            population: filling.population, progress: Progress(title: "", isShown: false))
        #expect { try generator.fill(auth: state.database(of: .auth)) } throws: {
            ($0 as? Problem)?.line.hasSuffix("is in use; stop the service before its database is filled")
                ?? false
        }
    }
}
