import Cryptography
import FoundationEssentials
import Pages
import ServiceKit
import Testing

@testable import OTPService

@Suite("docs/operations.md")
struct OperationsPageTests {
    @Test("lists every setting of OTPService with its default and bounds, and no other")
    func settings() throws {
        let key = URL(filePath: try Bench.newPath()).deletingLastPathComponent().appending(path: "otp.key")
        try Data(testKeys.file.utf8).write(to: key)
        let text = "{ socket: 'otp.sock', database: 'otp.db', sms: 'sms.sock' }"
        let catalogue = try Settings.read(text: text, credentials: key.deletingLastPathComponent().path) {
            (settings: Settings) throws(SettingError) in
            _ = try OTPConfiguration(settings)
            return settings.catalogue
        }
        let documented = try Page("docs/operations.md").settings(
            "Settings of every service", "Settings of OTPService")
        #expect(documented == catalogue.map { [$0.name, $0.fallback, $0.bounds] })
    }
}
