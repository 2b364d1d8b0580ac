import Testing
import Wire

@testable import AuthService

@Suite("auth.GetFirm", .timeLimit(.minutes(2)))
struct GetFirmTests {
    @Test("gives the name of each firm to whoever has no session")
    @Loop func name() async throws {
        let world = try await World()
        _ = try await world.makeOtherFirm()
        #expect(
            try await world.call(Auth.GetFirm(firm: "acme"))
                == Auth.GetFirm.Reply(slug: "acme", name: "Acme Tax"))
        #expect(
            try await world.call(Auth.GetFirm(firm: "other"))
                == Auth.GetFirm.Reply(slug: "other", name: "Other Tax"))
    }

    @Test(
        "knows no firm but by its whole slug",
        arguments: [
            "", "acm", "acme ", "ACME", "acme%", "Acme Tax", "a'me", "\0",
            String(repeating: "a", count: 9_000),
        ])
    @Loop func none(slug: String) async throws {
        let world = try await World()
        expect(await refusal { try await world.call(Auth.GetFirm(firm: slug)) }, .noSuchFirm)
    }
}
