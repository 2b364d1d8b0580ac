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

    @Test("refuses a file that has no keys, without showing what it has")
    @Loop func badKey() throws {
        let scratch = try Scratch()
        _ = try scratch.write("1 not-a-key\n", to: "key")
        let error = #expect(throws: SettingError.self) { try Bench.configuration(scratch) }
        #expect(error?.key == "key")
        #expect(error.map { "\($0)".contains("not-a-key") } == false)
    }
}
