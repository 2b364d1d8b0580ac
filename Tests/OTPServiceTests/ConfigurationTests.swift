import Cryptography
import FoundationEssentials
import ServiceKit
import Testing
import Wire

@testable import OTPService

@Suite("The configuration", .timeLimit(.minutes(1)))
struct ConfigurationTests {
    @Test("needs sockets, a database and keys; the rest has defaults")
    func defaults() throws {
        let folder = try Folder(keys: testKeys.file)
        let read = try folder.configuration()
        #expect(read.sms == folder.path + "/sms.sock" && read.keys.versions == [1])
        #expect(read.service.database == folder.path + "/otp.db")
        #expect(read.options == OTPOptions())
        let given = try folder.configuration(#", "brand": "Smith & Co", "setUpLife": "1h""#)
        #expect(given.options == OTPOptions(brand: "Smith & Co", setUpLife: 3_600))
    }

    @Test("takes the keys from systemd's credential")
    func credential() throws {
        let folder = try Folder(keys: testKeys.file, name: "otp.key")
        let read = try Settings.read(
            text: #"{"socket": "/s", "sms": "/t", "database": "/d"}"#, credentials: folder.path,
            OTPConfiguration.init)
        #expect(read.keys.versions == [1])
    }

    @Test(
        "says what is wrong with it, and shows no key",
        arguments: [
            // the key file's text, more settings, the error's beginning
            (nil, "", "key: /"),
            ("", "", "key: "),
            ("# none\n", "", "key: the key file is of no use: there is no key in the file"),
            ("1 c2VjcmV0\n", "", "key: the key file is of no use: line 1: the key has 6 bytes, expected 32"),
            ("1\n", "", "key: the key file is of no use: line 1: expected a version and a key"),
            (testKeys.file, #", "brand": """#, "brand: expected a text of 1 to 40 characters"),
            (testKeys.file, #", "setUpLife": "1m""#, "setUpLife: expected a time from"),
            (testKeys.file, #", "setuplife": "1h""#, "setuplife: unknown setting; did you mean setUpLife?"),
        ])
    func wrong(keys: String?, more: String, error: String) throws {
        let folder = try Folder(keys: keys)
        let thrown = try #require(throws: SettingError.self) { try folder.configuration(more) }
        #expect("\(thrown)".hasPrefix(folder.path + "/otp.json: " + error))
        #expect(!"\(thrown)".contains("c2VjcmV0"))
    }

    @Test("starts a service, which is backed up and stopped")
    func start() async throws {
        let folder = try Folder(keys: testKeys.file)
        let log = Log("otp", level: .critical)
        let service = try await OTPService(folder.configuration(), log: log)
        let server = await Server(service: "otp", version: "test")
        await service.register(on: server)
        await service.started()
        let client = Client(to: server)
        let subject = ID()
        _ = try await client.call(
            OTP.Begin(subject: subject, method: .authenticator, firm: ID()), within: 60_000)
        let backup = folder.path + "/copy.db"
        #expect(try await service.picture().copy(backup) > 0)
        #expect(FileManager.default.fileExists(atPath: backup))
        await service.stop()
    }

    @Test("does not start a service whose keys are not those of its database")
    func wrongKeys() async throws {
        let folder = try Folder(keys: testKeys.file)
        let log = Log("otp", level: .critical)
        let first = try await OTPService(folder.configuration(), log: log)
        _ = try await first.begin(
            OTP.Begin(subject: ID(), method: .authenticator, firm: ID()),
            Caller(user: 0, deadline: .after(milliseconds: 60_000)))
        await first.stop()

        try folder.write(SealingKeys.generate().file)
        await #expect(throws: KeyMismatch(wrong: [1])) {
            _ = try await OTPService(folder.configuration(), log: log)
        }
        #expect(KeyMismatch(wrong: [1]).exit == .config)
    }
}

/// A directory for one configuration.
private struct Folder {
    let path: String
    private let keyFile: String

    init(keys: String?, name: String = "keys") throws {
        path = String(try Bench.newPath().dropLast("/otp.db".count))
        keyFile = path + "/" + name
        if let keys { try write(keys) }
    }

    /// Writes the key file, for its owner alone.
    func write(_ keys: String) throws {
        try Data(keys.utf8).write(to: URL(filePath: keyFile))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: keyFile)
    }

    func configuration(_ more: String = "") throws(SettingError) -> OTPConfiguration {
        let text =
            #"{"socket": "otp.sock", "sms": "sms.sock", "database": "otp.db", "key": "\#(keyFile)"\#(more)}"#
        return try Settings.read(text: text, file: path + "/otp.json", OTPConfiguration.init)
    }
}
