import Cryptography
import Pages
import ServiceKit
import Testing

@testable import SMSGateway

@Suite("docs/operations.md")
struct OperationsPageTests {
    @Test("lists every setting of SMSGateway with its default and bounds, and no other")
    func settings() throws {
        let scratch = try Scratch()
        _ = try scratch.write(SealingKeys.generate().file, to: "key")
        let secret = try scratch.write("secret", to: "secret")
        let text = """
            {
                socket: 'sms.sock', database: 'sms.db', key: '\(scratch.file("key"))',
                providers: [
                    { name: 'outbox', kind: 'outbox', directory: 'outbox' },
                    {
                        name: 'twilio', kind: 'twilio', account: 'AC00000000000000000000000000000001',
                        token: '\(scratch.file("key"))', apiKey: 'SK00000000000000000000000000000001',
                        apiSecret: '\(secret)', from: 'Hub',
                    },
                    { name: 'sns', kind: 'sns', region: 'us-east-1', accessKey: 'AKIA', secretKey: '\(secret)' },
                    {
                        name: 'carrier', kind: 'smpp', host: 'smsc.example', systemID: 'clienthub',
                        password: '\(secret)', source: '32665',
                    },
                ],
            }
            """
        let catalogue = try Settings.read(text: text) { (settings: Settings) throws(SettingError) in
            _ = try SMSConfiguration(settings)
            return settings.catalogue
        }
        let documented = try Page("docs/operations.md").settings(
            "Settings of every service", "Settings of SMSGateway")
        #expect(documented == catalogue.map { [$0.name, $0.fallback, $0.bounds] })
    }
}
