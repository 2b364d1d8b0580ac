import ServiceKit
import Testing

@testable import SMSGateway

@Suite("Settings of Twilio") struct TwilioSettingsTests {
    let scratch: Scratch
    let token: String
    let keys: String

    init() throws {
        scratch = try Scratch()
        token = try scratch.write("secret-token\n", to: "token")
        keys = try scratch.write("# made 2026\nwebhooks_sharedkey_1 secret-key\n\n", to: "keys")
        _ = try scratch.write("two lines\nhere\n", to: "lines")
        _ = try scratch.write("only-a-name\n", to: "names")
        _ = try scratch.write("# nothing\n", to: "none")
    }

    func read(_ members: String) throws -> TwilioSettings {
        let text = members.split(separator: "@").enumerated().map { index, part in
            index == 0 ? String(part) : scratch.path + "/" + part
        }.joined()
        return try Settings.read(text: "{ \(text) }") { settings throws(SettingError) in
            try TwilioSettings(settings, name: "twilio")
        }
    }

    static let account = "account: 'AC00000000000000000000000000000001'"

    @Test("need an account, a secret and a sender")
    func least() throws {
        let settings = try read("\(Self.account), token: '@token', from: 'Hub'")
        #expect(settings.login.user == "AC00000000000000000000000000000001")
        #expect(settings.login.password.text == "secret-token")
        #expect(settings.sender == .number("Hub"))
        #expect(settings.callback == nil)
        #expect(settings.http.endpoint == nil && settings.http.authorities == nil)
        #expect(settings.http.connectTimeout == 2_000)
    }

    @Test("take shared keys for webhooks in place of the token")
    func keysAlone() throws {
        let settings = try read(
            """
            \(Self.account), apiKey: 'SK00000000000000000000000000000001', apiSecret: '@token', from: '+14155550000',
            callback: 'https://hub.example.com', webhookKeys: '@keys'
            """)
        #expect(settings.token == nil)
        #expect(settings.login.user == "SK00000000000000000000000000000001")
        #expect(settings.webhookKeys.mapValues(\.text) == ["webhooks_sharedkey_1": "secret-key"])
    }

    @Test(
        "say which of them is wrong, and show no secret",
        arguments: [
            ("token: '@token', from: '+14155550000'", "account"),
            ("account: 'AC1', token: '@token', from: '+14155550000'", "account"),
            (
                "account: 'XX00000000000000000000000000000001', token: '@token', from: '+14155550000'",
                "account"
            ),
            (
                "account: 'ACz0000000000000000000000000000001', token: '@token', from: '+14155550000'",
                "account"
            ),
            ("\(account), from: '+14155550000'", "token"),
            ("\(account), token: '@no', from: '+14155550000'", "token"),
            ("\(account), token: '@lines', from: '+14155550000'", "token"),
            ("\(account), token: 'secret-token', from: '+14155550000'", "token"),
            ("\(account), token: '@token'", "from"),
            (
                "\(account), token: '@token', from: '+14155550000', messagingService: 'MG00000000000000000000000000000001'",
                "from"
            ),
            ("\(account), token: '@token', messagingService: 'MG1'", "messagingService"),
            (
                "\(account), token: '@token', from: '+14155550000', apiKey: 'SK00000000000000000000000000000001'",
                "apiSecret"
            ),
            ("\(account), token: '@token', from: '+14155550000', apiSecret: '@token'", "apiKey"),
            (
                "\(account), token: '@token', from: '+14155550000', apiKey: 'SK00000000000000000000000000000001', apiSecret: '@lines'",
                "apiSecret"
            ),
            (
                "\(account), token: '@token', from: '+14155550000', callback: 'http://hub.example.com'",
                "callback"
            ),
            (
                "\(account), token: '@token', from: '+14155550000', callback: 'https://my_hub.example.com'",
                "callback"
            ),
            (
                "\(account), from: '+14155550000', apiKey: 'SK00000000000000000000000000000001', apiSecret: '@token', callback: 'https://a.b'",
                "callback"
            ),
            ("\(account), token: '@token', from: '+14155550000', webhookKeys: '@names'", "webhookKeys"),
            ("\(account), token: '@token', from: '+14155550000', webhookKeys: '@none'", "webhookKeys"),
            ("\(account), token: '@token', from: '+14155550000', endpoint: 'https://a?b'", "endpoint"),
            ("\(account), token: '@token', from: '+14155550000', connectTimeout: '1m'", "connectTimeout"),
            ("\(account), token: '@token', from: '+14155550000', receipts: true", "receipts"),
        ])
    func wrong(members: String, key: String) throws {
        let error = #expect(throws: SettingError.self) { try read(members) }
        #expect(error?.key == key, "\(error.map { "\($0)" } ?? "")")
        #expect(error.map { "\($0)".contains("secret-token") } == false)
    }
}
