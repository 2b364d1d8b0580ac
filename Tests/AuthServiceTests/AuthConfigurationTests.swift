import ServiceKit
import Testing

@testable import AuthService

@Suite("AuthService's settings")
struct AuthConfigurationTests {
    private func read(_ more: String) throws(SettingError) -> AuthConfiguration {
        try Settings.read(text: "{ socket: 'auth.sock', database: 'auth.db', \(more) }") {
            (settings: Settings) throws(SettingError) in try AuthConfiguration(settings)
        }
    }

    @Test("everything but the sockets and the database has a default")
    func defaults() throws {
        let configuration = try read("otp: '/run/otp.sock'")
        #expect(configuration.otp == "/run/otp.sock")
        #expect(configuration.domain == nil)
        #expect(configuration.passwords.threads >= 1 && configuration.passwords.queue == 64)
        #expect(configuration.cachedSessions == 100_000)
    }

    @Test("what is given is taken")
    func given() throws {
        let configuration = try read(
            "otp: '/run/otp.sock', domain: 'hub.example', passwords: { threads: 3, queue: 9 }, cachedSessions: 500"
        )
        #expect(configuration.domain == "hub.example" && configuration.cachedSessions == 500)
        #expect(configuration.passwords.threads == 3 && configuration.passwords.queue == 9)
    }

    @Test(
        "what cannot be used is named",
        arguments: [
            ("", "otp"), ("otp: 1", "otp"), ("otp: 'o', passwords: { threads: 0 }", "passwords.threads"),
            ("otp: 'o', passwords: { queue: 0 }", "passwords.queue"),
            ("otp: 'o', cachedSessions: 1", "cachedSessions"), ("otp: 'o', domain: ''", "domain"),
            ("otp: 'o', cachedSession: 500", "cachedSession"),
        ])
    func named(text: String, key: String) throws {
        let error = #expect(throws: SettingError.self) { try read(text) }
        #expect(error?.key == key, "\(error.map(String.init(describing:)) ?? "")")
    }
}
