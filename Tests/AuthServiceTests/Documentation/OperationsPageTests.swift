import Pages
import ServiceKit
import Testing

@testable import AuthService

@Suite("docs/operations.md")
struct OperationsPageTests {
    @Test("lists every setting of AuthService with its default and bounds, and no other")
    func settings() throws {
        let text = "{ socket: 'auth.sock', database: 'auth.db', otp: 'otp.sock' }"
        let catalogue = try Settings.read(text: text) { (settings: Settings) throws(SettingError) in
            _ = try AuthConfiguration(settings)
            return settings.catalogue
        }
        let documented = try Page("docs/operations.md").settings(
            "Settings of every service", "Settings of AuthService")
        #expect(documented == catalogue.map { [$0.name, fallback(of: $0), $0.bounds] })
    }

    /// The default as the page has it: one of them is not the same on every host.
    private func fallback(of setting: Setting) -> String {
        setting.name == "passwords.threads" ? "processors" : setting.fallback
    }
}
