import Glibc
import Testing

@testable import ServiceKit

private enum Kind: String, CaseIterable { case outbox, twilio, smpp }

/// One setting of each kind, as a service would read them.
private struct Sample {
    let common: CommonSettings
    let socket: String
    let database: String
    let perHour: Int
    let strict: Bool
    let brand: String
    let countries: [String]
    let patience: Duration
    let kinds: [Kind]
    let callers: Set<UInt32>
    let monitors: Set<UInt32>
    let port: Int?
    let providers: [Provider]

    struct Provider {
        let name: String
        let kind: Kind

        init(_ settings: Settings) throws(SettingError) {
            name = try settings.string("name", length: 1...8, meaning: "What logs call it.")
            kind = try settings.choice("kind", meaning: "How it is spoken to.")
        }
    }

    init(_ settings: Settings) throws(SettingError) {
        common = try CommonSettings(settings)
        socket = try settings.socket("socket", meaning: "Where it listens.")
        database = try settings.path("database", default: "auth.db", meaning: "The SQLite file.")
        perHour = try settings.int(
            "limits.numberPerHour", default: 5, in: 1...1000, meaning: "Codes an hour.")
        strict = try settings.flag("limits.strict", default: false, meaning: "No step before.")
        brand = try settings.string("brand", default: "Client Hub", meaning: "The name in messages.")
        countries = try settings.strings("limits.countries", default: ["US", "CA"], meaning: "Where to.")
        patience = try settings.duration(
            "patience", default: .seconds(300), in: .milliseconds(250)...(.seconds(3_600)),
            meaning: "How long.")
        kinds = try settings.choices("kinds", default: [.outbox], meaning: "The kinds in use.")
        callers = try settings.users("callers", meaning: "Who may call.")
        monitors = try settings.usersOrNone("monitors", meaning: "Who may look.")
        port = try settings.optional(settings.int("port", in: 1...65_535, meaning: "Of the carrier."))
        providers = try settings.list("providers", count: 0...2, meaning: "The carriers.") {
            item throws(SettingError) in try Provider(item)
        }
    }
}

/// The line an operator gets for `text`, nil where it is good.
private func line(_ text: String, file: String = "/etc/clienthub/auth.json") -> String? {
    do throws(SettingError) {
        _ = try Settings.read(text: text, file: file) { settings throws(SettingError) in try Sample(settings)
        }
        return nil
    } catch {
        return "\(error)"
    }
}

@Suite("Settings") struct SettingsTests {
    @Test("takes every default where the file gives only what is required")
    func defaults() throws {
        let sample = try Settings.read(text: "{socket: 'a.sock'}", file: "/etc/clienthub/auth.json") {
            settings throws(SettingError) in try Sample(settings)
        }
        #expect(sample.common.level == .info)
        #expect(sample.socket == "/etc/clienthub/a.sock")
        #expect(sample.database == "/etc/clienthub/auth.db")
        #expect(sample.perHour == 5)
        #expect(!sample.strict)
        #expect(sample.brand == "Client Hub")
        #expect(sample.countries == ["US", "CA"])
        #expect(sample.patience == .seconds(300))
        #expect(sample.kinds == [.outbox])
        #expect(sample.callers == [geteuid(), 0])
        #expect(sample.monitors.isEmpty)
        #expect(sample.port == nil)
        #expect(sample.providers.isEmpty)
    }

    @Test("takes what the file gives")
    func given() throws {
        let text = """
            {
                // Comments and trailing commas are welcome.
                log: { level: "debug" }, socket: "/run/a.sock", database: "/var/lib/a.db",
                limits: { numberPerHour: 1000, strict: true, countries: ["US"], },
                brand: "Acme", patience: "250ms", kinds: ["smpp", "twilio"], callers: ["root", 12345, "23456"],
                monitors: ["root"],
                port: 0x1bb,
                providers: [{ name: "a", kind: "twilio" }, { kind: "outbox", name: "b" }],
            }
            """
        let sample = try Settings.read(text: text) { settings throws(SettingError) in try Sample(settings) }
        #expect(sample.common.level == .debug)
        #expect(sample.socket == "/run/a.sock")
        #expect(sample.database == "/var/lib/a.db")
        #expect(sample.perHour == 1000)
        #expect(sample.strict)
        #expect(sample.brand == "Acme")
        #expect(sample.countries == ["US"])
        #expect(sample.patience == .milliseconds(250))
        #expect(sample.kinds == [.smpp, .twilio])
        #expect(sample.callers == [0, 12345, 23456])
        #expect(sample.monitors == [0])
        #expect(sample.port == 443)
        #expect(sample.providers.map(\.name) == ["a", "b"])
        #expect(sample.providers.map(\.kind) == [.twilio, .outbox])
    }

    @Test(
        "answers a bad file with one line that names file, setting and fault",
        arguments: [
            // Out of bounds, of the wrong type, absent.
            (
                #"limits: {numberPerHour: "5"}"#,
                #"limits.numberPerHour: expected a whole number from 1 to 1000, found "5""#
            ),
            (
                "limits: {numberPerHour: 0}",
                "limits.numberPerHour: expected a whole number from 1 to 1000, found 0"
            ),
            (
                "limits: {numberPerHour: 1001}",
                "limits.numberPerHour: expected a whole number from 1 to 1000, found 1001"
            ),
            (
                "limits: {numberPerHour: 5.0}",
                "limits.numberPerHour: expected a whole number from 1 to 1000, found 5.0"
            ),
            (
                "limits: {numberPerHour: 1e2}",
                "limits.numberPerHour: expected a whole number from 1 to 1000, found 1e2"
            ),
            (
                "limits: {numberPerHour: null}",
                "limits.numberPerHour: expected a whole number from 1 to 1000, found null"
            ),
            (
                "limits: {numberPerHour: 99999999999999999999}",
                "limits.numberPerHour: expected a whole number from 1 to 1000, found 99999999999999999999"
            ),
            (
                "limits: {numberPerHour: \(String(repeating: "9", count: 500))}",
                "limits.numberPerHour: expected a whole number from 1 to 1000, found a number of 500 digits"
            ),
            ("limits: []", "limits: expected an object, found a list of 0"),
            ("limits: 3", "limits: expected an object, found 3"),
            ("limits: {strict: 1}", "limits.strict: expected true or false, found 1"),
            (#"limits: {strict: "yes"}"#, #"limits.strict: expected true or false, found "yes""#),
            ("brand: ''", #"brand: expected a text of 1 to 255 characters, found """#),
            ("brand: {}", "brand: expected a text of 1 to 255 characters, found an object"),
            (
                "brand: '\(String(repeating: "x", count: 256))'",
                "brand: expected a text of 1 to 255 characters, found \"\(String(repeating: "x", count: 40))…\""
            ),
            (#"brand: ["a\nb"]"#, "brand: expected a text of 1 to 255 characters, found a list of 1"),
            (
                "limits: {countries: 'US'}",
                #"limits.countries: expected a list of 0 to 1000 texts, found "US""#
            ),
            (
                "limits: {countries: ['US', 1]}",
                "limits.countries[1]: expected a text of 1 to 255 characters, found 1"
            ),
            ("patience: 30", #"patience: expected a time from "250ms" to "1h", found 30"#),
            ("patience: '30'", #"patience: expected a time from "250ms" to "1h", found "30""#),
            ("patience: '2h'", #"patience: expected a time from "250ms" to "1h", found "2h""#),
            ("patience: '-1s'", #"patience: expected a time from "250ms" to "1h", found "-1s""#),
            ("patience: '1 s'", #"patience: expected a time from "250ms" to "1h", found "1 s""#),
            ("patience: '1w'", #"patience: expected a time from "250ms" to "1h", found "1w""#),
            (
                "patience: '9223372036854775807d'",
                #"patience: expected a time from "250ms" to "1h", found "9223372036854775807d""#
            ),
            (
                "log: {level: 'loud'}",
                #"log.level: expected one of "debug", "info", "notice", "warning", "error", "critical", found "loud""#
            ),
            ("kinds: ['smtp']", #"kinds[0]: expected one of "outbox", "twilio", "smpp", found "smtp""#),
            ("kinds: ['smpp', 'smpp']", #"kinds[1]: "smpp" is given twice"#),
            ("kinds: 'smpp'", #"kinds: expected a list, each of "outbox", "twilio", "smpp", found "smpp""#),
            ("callers: 'root'", #"callers: expected a list of user names or numbers, found "root""#),
            ("callers: ['no-such-user']", #"callers[0]: there is no user "no-such-user" on this host"#),
            ("callers: [0, '']", #"callers[1]: there is no user "" on this host"#),
            (#"callers: ["root\0"]"#, #"callers[0]: there is no user "root\u{0}" on this host"#),
            ("monitors: ['no-such-user']", #"monitors[0]: there is no user "no-such-user" on this host"#),
            ("callers: [true]", "callers[0]: expected a user name or number, found true"),
            ("callers: [-1]", "callers[0]: expected a user name or number, found -1"),
            ("callers: [4294967295]", "callers[0]: expected a user name or number, found 4294967295"),
            ("port: 70000", "port: expected a whole number from 1 to 65535, found 70000"),
            ("port: null", "port: expected a whole number from 1 to 65535, found null"),
            ("database: ''", #"database: expected a path, found """#),
            ("database: 5", "database: expected a path, found 5"),
            (#"database: "a\0b""#, #"database: expected a path, found "a\u{0}b""#),
            ("providers: {}", "providers: expected a list of 0 to 2 objects, found an object"),
            ("providers: [{}, {}, {}]", "providers: expected a list of 0 to 2 objects, found a list of 3"),
            ("providers: ['twilio']", #"providers[0]: expected an object, found "twilio""#),
            (
                "providers: [{name: 'a', kind: 'smpp'}, {name: 'b'}]",
                #"providers[1].kind: expected one of "outbox", "twilio", "smpp", found nothing"#
            ),
            (
                "providers: [{name: 'too long a name'}]",
                #"providers[0].name: expected a text of 1 to 8 characters, found "too long a name""#
            ),
            // Unknown.
            (
                "limits: {numberPerHuor: 5}",
                "limits.numberPerHuor: unknown setting; did you mean numberPerHour?"
            ),
            (
                "limits: {NUMBERPERHOUR: 5}",
                "limits.NUMBERPERHOUR: unknown setting; did you mean numberPerHour?"
            ),
            ("timeout: 5", "timeout: unknown setting"),
            ("b: 5", "b: unknown setting"),
            (#""a b\n": 5"#, #"a b\n: unknown setting"#),
            (#""limits.numberPerHour": 5"#, "limits.numberPerHour: unknown setting"),
            ("providers: [{name: 'a', kind: 'smpp', host: 'h'}]", "providers[0].host: unknown setting"),
            (
                "providers: [{name: 'a', kind: 'smpp'}, {name: 'a', kind: 'smpp', knd: 'h'}]",
                "providers[1].knd: unknown setting; did you mean kind?"
            ),
        ])
    func badSettings(member: String, expected: String) {
        #expect(line("{socket: '/a', \(member)}") == "/etc/clienthub/auth.json: " + expected)
    }

    @Test(
        "answers a bad document with one line",
        arguments: [
            ("", "line 1, column 1: expected a value, found the end of the file"),
            ("[]", "expected an object, found a list of 0"),
            ("'secret'", #"expected an object, found "secret""#),
            ("{socket: 'a',\n socket: 'b'}", #"line 2, column 2: "socket" is given twice"#),
            ("{}", "socket: expected a path of at most 107 bytes, found nothing"),
            (
                "{sockt: 'a'}",
                "socket: expected a path of at most 107 bytes, found nothing; is sockt a misspelling of it?"
            ),
            (
                "{socket: '/\(String(repeating: "s", count: 107))'}",
                "socket: expected a path of at most 107 bytes, found \"/\(String(repeating: "s", count: 39))…\""
            ),
        ])
    func badDocuments(text: String, expected: String) {
        #expect(line(text, file: "auth.json") == "auth.json: " + expected)
    }

    @Test("lists every setting with its default, bounds and meaning, an item's once")
    func catalogue() throws {
        let text = """
            {socket: 'a', port: 5, providers: [{name: 'a', kind: 'smpp'}, {name: 'b', kind: 'smpp'}]}
            """
        let rows = try Settings.read(text: text) { settings throws(SettingError) in
            _ = try Sample(settings)
            return settings.catalogue
        }
        #expect(
            rows.map { "\($0.name) | \($0.fallback) | \($0.bounds)" } == [
                #"log.level | "info" | one of "debug", "info", "notice", "warning", "error", "critical""#,
                "socket | required | a path of at most 107 bytes",
                #"database | "auth.db" | a path"#,
                "limits.numberPerHour | 5 | a whole number from 1 to 1000",
                "limits.strict | false | true or false",
                #"brand | "Client Hub" | a text of 1 to 255 characters"#,
                #"limits.countries | ["US", "CA"] | a list of 0 to 1000 texts"#,
                #"patience | "5m" | a time from "250ms" to "1h""#,
                #"kinds | ["outbox"] | a list, each of "outbox", "twilio", "smpp""#,
                "callers | [] | a list of user names or numbers",
                "monitors | [] | a list of user names or numbers",
                "port | none | a whole number from 1 to 65535",
                "providers | [] | a list of 0 to 2 objects",
                "providers[].name | required | a text of 1 to 8 characters",
                #"providers[].kind | required | one of "outbox", "twilio", "smpp""#,
            ])
        #expect(rows.first { $0.name == "port" }?.meaning == "Of the carrier.")
    }

    @Test("tells what the file gives, and lets a service add rules of its own")
    func rules() throws {
        let error = try Settings.read(text: "{a: {b: 1}}") { settings throws(SettingError) in
            let given = (try settings.has("a.b"), try settings.has("a.c"), try settings.has("x.y"))
            #expect(given == (true, false, false))
            #expect(throws: SettingError.self) { try settings.has("a.b.c") }
            let a = try settings.object("a")
            _ = try a.int("b", in: 0...9, meaning: "B.")
            return a.error("b", "must be less than c")
        }
        #expect(error.description == "settings.json: a.b: must be less than c")
        #expect(error.exit == .config)
    }

    @Test(
        "writes a time in its largest whole unit and reads it back",
        arguments: [
            (Duration.zero, "\"0s\""), (.milliseconds(1), "\"1ms\""), (.milliseconds(1_500), "\"1500ms\""),
            (.seconds(90), "\"90s\""), (.seconds(3_600), "\"1h\""), (.seconds(86_400 * 30), "\"30d\""),
        ])
    func durations(duration: Duration, text: String) {
        #expect(duration.setting == text)
        #expect(Duration(setting: String(text.dropFirst().dropLast())) == duration)
    }

    @Test("takes a default out of its bounds for a fault of the program")
    func badDefault() async {
        await #expect(processExitsWith: .failure) {
            _ = try Settings.read(text: "{}") { settings throws(SettingError) in
                try settings.int("a", default: 10, in: 1...9, meaning: "A.")
            }
        }
    }
}
