import Cryptography
import Glibc
import ServiceKit
import Testing

@testable import SMSGateway

@Suite("The gateway's own key") struct OwnKeyTests {
    @Test("is made once, readable by its owner alone, and found again")
    func made() throws {
        let scratch = try Scratch()
        let sealed = try OwnKey.load(beside: scratch.file("sms.db")).seal([1, 2, 3], for: [4])
        #expect(try OwnKey.load(beside: scratch.file("sms.db")).open(sealed, for: [4]) == [1, 2, 3])
        var information = stat()
        #expect(stat(scratch.file("sms.db.key"), &information) == 0)
        #expect(information.st_mode & 0o777 == 0o600)
    }

    @Test("is refused where others can read it, or where it is none, by the file's name and without its text")
    func refused() throws {
        let scratch = try Scratch()
        _ = try scratch.write("1 not-a-key\n", to: "sms.db.key")
        let wrong = #expect(throws: OwnKeyError.self) { try OwnKey.load(beside: scratch.file("sms.db")) }
        #expect(wrong?.path == scratch.file("sms.db.key"))
        #expect(wrong?.description.contains("not-a-key") == false)
        chmod(scratch.file("sms.db.key"), 0o644)
        let open = #expect(throws: OwnKeyError.self) { try OwnKey.load(beside: scratch.file("sms.db")) }
        #expect(open?.problem.contains("chmod 600") == true)
    }

    @Test("is used where the configuration names none")
    func configured() throws {
        let scratch = try Scratch()
        let text = """
            { "socket": "/s", "database": "\(scratch.file("db"))",
              "providers": [{ "name": "a", "kind": "outbox", "directory": "/o" }] }
            """
        let configuration = try Settings.read(text: text) { settings throws(SettingError) in
            try SMSConfiguration(settings)
        }
        #expect(configuration.keys == nil)
    }
}
