import Cryptography
import ServiceKit
import Testing
import Wire

@testable import SMSGateway

@Suite("Configuration") struct ConfigurationTests {
    func scratch() throws -> Scratch {
        let scratch = try Scratch()
        _ = try scratch.write(SealingKeys.generate().file, to: "key")
        return scratch
    }

    @Test("has a default for all but the providers")
    @Loop func defaults() throws {
        let configuration = try Bench.configuration(scratch())
        #expect(configuration.limits == SendLimits())
        #expect(configuration.queueLimit == 10_000)
        #expect(configuration.courier == Courier.Settings(sendTimeout: 30, retention: 30 * 86_400))
        #expect(configuration.providers.map(\.inFlight) == [8])
    }

    @Test("reads what is set")
    @Loop func set() throws {
        let configuration = try Bench.configuration(
            scratch(),
            settings: """
                "limits": { "numberPerTenMinutes": 1, "numberPerHour": 2, "numberPerDay": 3, "prefixPerHour": 4, "firmPerDay": 5,
                            "countryPerDay": 6, "countries": ["US", "PR"] },
                "queue": { "limit": 7, "sendTimeout": "8s", "retention": "9d" }
                """)
        #expect(
            configuration.limits
                == SendLimits(
                    numberPerTenMinutes: 1, numberPerHour: 2, numberPerDay: 3, prefixPerHour: 4,
                    firmPerDay: 5,
                    countryPerDay: 6, countries: ["US", "PR"]))
        #expect(configuration.queueLimit == 7)
        #expect(configuration.courier == Courier.Settings(sendTimeout: 8, retention: 9 * 86_400))
    }

    @Test(
        "says which setting is wrong",
        arguments: [
            (#""limits": { "numberPerDay": -1 }"#, "limits.numberPerDay"),
            (#""limits": { "countries": ["USA"] }"#, "limits.countries"),
            (#""limits": { "countries": [] }"#, "limits.countries"),
            (#""limits": { "perDay": 1 }"#, "limits.perDay"),
            (#""queue": { "limit": 0 }"#, "queue.limit"),
            (#""queue": { "sendTimeout": "1h" }"#, "queue.sendTimeout"),
            (#""queue": { "retention": "1h" }"#, "queue.retention"),
        ])
    @Loop func wrong(settings: String, key: String) throws {
        let scratch = try scratch()
        let error = #expect(throws: SettingError.self) {
            try Bench.configuration(scratch, settings: settings)
        }
        #expect(error?.key == key)
    }

    @Test(
        "says which provider is wrong",
        arguments: [
            ("[]", "providers"),
            (#"[{ "kind": "outbox", "directory": "/o" }]"#, "providers[0].name"),
            (#"[{ "name": "A b", "kind": "outbox", "directory": "/o" }]"#, "providers[0].name"),
            (#"[{ "name": "a", "kind": "pigeon", "directory": "/o" }]"#, "providers[0].kind"),
            (#"[{ "name": "a", "kind": "outbox" }]"#, "providers[0].directory"),
            (
                #"[{ "name": "a", "kind": "outbox", "directory": "/o", "inFlight": 0 }]"#,
                "providers[0].inFlight"
            ),
            (
                #"[{ "name": "a", "kind": "outbox", "directory": "/o" }, { "name": "a", "kind": "outbox", "directory": "/p" }]"#,
                "providers"
            ),
        ])
    func providers(list: String, key: String) throws {
        let scratch = try scratch()
        let text = """
            { "socket": "/s", "database": "\(scratch.file("db"))", "key": "\(scratch.file("key"))", "providers": \(list) }
            """
        let error = #expect(throws: SettingError.self) {
            try Settings.read(text: text) { settings throws(SettingError) in try SMSConfiguration(settings) }
        }
        #expect(error?.key == key, "\(error.map { "\($0)" } ?? "")")
    }

    @Test(
        "reads a carrier by SMPP, with the usual where nothing is set, and its window for what may be in flight"
    )
    func smpp() throws {
        let settings = SMPPSettings.test(#""rate": 10, "window": 10"#)
        #expect(settings.port == 2_775)
        #expect(settings.alphabet == .gsm7)
        #expect(settings.receiptIDs == .same)
        #expect(settings.answerTimeout == 20_000)
        #expect(settings.bind == PDU.Bind(systemID: "clienthub", password: "secret", systemType: ""))
        let scratch = try scratch()
        _ = try scratch.write("secret", to: "password")
        let text = """
            {
                socket: "/s", database: "\(scratch.file("db"))", key: "\(scratch.file("key"))",
                providers: [{ name: "a", kind: "smpp", host: "h", systemID: "i", source: "s", window: 30,
                    password: "\(scratch.file("password"))" }],
            }
            """
        let configuration = try Settings.read(text: text) { settings throws(SettingError) in
            try SMSConfiguration(settings)
        }
        #expect(configuration.providers.map(\.inFlight) == [30])
    }

    @Test(
        "says which setting of a carrier is wrong, and never the password",
        arguments: [
            (#""host": """#, "secret", "host"), (#""port": 0"#, "secret", "port"),
            (#""systemID": "clienthub-gateway""#, "secret", "systemID"),
            (#""systemID": "é""#, "secret", "systemID"),
            (#""systemType": "\u0001""#, "secret", "systemType"),
            (#""source": "ClientHub 2FA""#, "secret", "source"),
            (#""alphabet": "utf8""#, "secret", "alphabet"),
            (#""receiptIDs": "octal""#, "secret", "receiptIDs"),
            (#""window": 0"#, "secret", "window"), (#""rate": 0"#, "secret", "rate"),
            (#""answerTimeout": "2m""#, "secret", "answerTimeout"), (#""inFlight": 3"#, "secret", "inFlight"),
            (#""port": 1"#, "secrét", "password"), (#""port": 1"#, "\n", "password"),
            (#""port": 1"#, "much too long", "password"),
        ])
    @Loop func wrongCarrier(more: String, password: String, key: String) throws {
        let scratch = try scratch()
        let file = try scratch.write(password, to: "password")
        let error = #expect(throws: SettingError.self) { try SMPPSettings.read(file, more) }
        #expect(error?.key == key, "\(error.map { "\($0)" } ?? "")")
        #expect(error.map { "\($0)".contains(password) && password != "\n" } == false)
    }

    @Test("takes what it keeps secret from systemd's credentials, a provider's by its name")
    @Loop func credentials() throws {
        let scratch = try Scratch()
        _ = try scratch.write(SealingKeys.generate().file, to: "sms.key")
        for name in ["first.token", "second.secretKey", "third.password"] {
            _ = try scratch.write(String(name.prefix(8)), to: name)
        }
        let text = """
            {
                socket: "/s", database: "\(scratch.file("db"))",
                providers: [
                    { name: "first", kind: "twilio", account: "\(TwilioBench.account)", from: "+14155550000" },
                    { name: "second", kind: "sns", region: "us-east-1", accessKey: "AKIATEST" },
                    { name: "third", kind: "smpp", host: "h", systemID: "i", source: "s" },
                ],
            }
            """
        let configuration = try Settings.read(text: text, credentials: scratch.path) {
            settings throws(SettingError) in try SMSConfiguration(settings)
        }
        #expect(configuration.keys != nil)
        let providers = configuration.providers
        #expect(providers.compactMap { $0.twilio?.token?.text } == ["first.to"])
        #expect(providers.compactMap { $0.sns?.secretKey.text } == ["second.s"])
        #expect(providers.compactMap { $0.smpp?.password.text } == ["third.pa"])
    }

    @Test("refuses a file that has no keys, without showing what it has")
    @Loop func badKey() throws {
        let scratch = try Scratch()
        _ = try scratch.write("1 not-a-key\n", to: "key")
        let error = #expect(throws: SettingError.self) { try Bench.configuration(scratch) }
        #expect(error?.key == "key")
        #expect(error.map { "\($0)".contains("not-a-key") } == false)
    }
}
