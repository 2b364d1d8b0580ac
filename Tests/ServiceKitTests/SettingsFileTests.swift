import Glibc
import Testing

@testable import ServiceKit

@Suite("Settings files") struct SettingsFileTests {
    private func line(reading file: String) -> String? {
        do throws(SettingError) {
            _ = try Settings.read(file) { settings throws(SettingError) in
                try settings.int("a", in: 1...9, meaning: "A.")
            }
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("reads a file")
    func reads() throws {
        let scratch = try Scratch()
        let file = try scratch.file("a.json", "{ a: 7 } // seven", mode: 0o644)
        let seven = try Settings.read(file) { settings throws(SettingError) in
            try settings.int("a", in: 1...9, meaning: "A.")
        }
        #expect(seven == 7)
    }

    @Test("says why a file cannot be read")
    func unreadable() throws {
        let scratch = try Scratch()
        let none = scratch.path + "/none.json"
        #expect(line(reading: none) == "\(none): cannot be read: No such file or directory")
        #expect(line(reading: scratch.path) == "\(scratch.path): is not a file")
        #expect(line(reading: "/dev/null") == "/dev/null: is not a file")

        let latin = try scratch.file("latin.json", [0x7B, 0xE9, 0x7D])
        #expect(line(reading: latin) == "\(latin): is not UTF-8 text")
        let long = try scratch.file("long.json", [UInt8](repeating: 0x20, count: 1 << 20 + 1))
        #expect(line(reading: long) == "\(long): is longer than 1048576 bytes")
        let full = try scratch.file(
            "full.json", [UInt8](repeating: 0x20, count: 1 << 20 - 6) + Array("{a: 1}".utf8))
        #expect(line(reading: full) == nil)

        let pipe = scratch.path + "/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        #expect(line(reading: pipe) == "\(pipe): is not a file")
    }
}

@Suite("Secrets") struct SecretTests {
    private func read(
        _ text: String, credentials: String? = nil, size: ClosedRange<Int> = 4...16
    ) throws(SettingError) -> Secret {
        try Settings.read(text: text, file: "otp.json", credentials: credentials) {
            settings throws(SettingError) in
            try settings.secret("keys.seal", credential: "otp.key", size: size, meaning: "Seals secrets.")
        }
    }

    private func line(_ text: String, credentials: String? = nil) -> String? {
        do throws(SettingError) {
            _ = try read(text, credentials: credentials)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("come from the file that the setting names")
    func fromFile() throws {
        let scratch = try Scratch()
        let secret = try read("{keys: {seal: '\(try scratch.file("key", [0, 1, 254, 255]))'}}")
        #expect(secret.bytes == [0, 1, 254, 255])
        #expect(secret.text == nil)
        #expect(try read("{keys: {seal: '\(try scratch.file("pin", "hunter2\n"))'}}").text == "hunter2")
    }

    @Test(
        "come from systemd's credential where the setting is absent, and from the setting's file where it is not"
    )
    func fromCredential() throws {
        let scratch = try Scratch()
        _ = try scratch.file("otp.key", "from systemd", mode: 0o440)
        #expect(try read("{}", credentials: scratch.path).text == "from systemd")
        let own = try scratch.file("own", "from file", mode: 0o400)
        #expect(try read("{keys: {seal: '\(own)'}}", credentials: scratch.path).text == "from file")
    }

    @Test("are refused with a line that says why")
    func refused() throws {
        let scratch = try Scratch()
        let wanted = "the absolute path of a file, or else the systemd credential otp.key"
        #expect(line("{}") == "otp.json: keys.seal: expected \(wanted), found nothing")
        #expect(
            line("{}", credentials: scratch.path) == "otp.json: keys.seal: expected \(wanted), found nothing")

        for mode: mode_t in [0o644, 0o640, 0o604, 0o620, 0o601] {
            let open = try scratch.file("open", "abcdef", mode: mode)
            #expect(
                line("{keys: {seal: '\(open)'}}")
                    == "otp.json: keys.seal: \(open) is open to others than its owner (mode 0\(String(mode, radix: 8))): "
                    + "chmod 600 it")
        }
        let short = try scratch.file("short", "abc")
        #expect(
            line("{keys: {seal: '\(short)'}}")
                == "otp.json: keys.seal: \(short) has 3 bytes, expected 4 to 16")
        let long = try scratch.file("long", "01234567890123456")
        #expect(line("{keys: {seal: '\(long)'}}") == "otp.json: keys.seal: \(long) is longer than 16 bytes")
        #expect(
            line("{keys: {seal: '/none'}}")
                == "otp.json: keys.seal: /none cannot be read: No such file or directory")
    }

    @Test(
        "written into the configuration by mistake are not shown",
        arguments: [
            "'hunter2hunter2'", "12345678", "['hunter2']", "null",
        ])
    func pasted(value: String) {
        #expect(
            line("{keys: {seal: \(value)}}")
                == "otp.json: keys.seal: expected the absolute path of a file, or else the systemd credential otp.key"
        )
    }

    @Test("do not show themselves")
    func hidden() {
        let secret = Secret(Array("hunter2".utf8))
        var dumped = ""
        dump(secret, to: &dumped)
        let shown =
            "\(secret) \(String(reflecting: secret)) \(String(describing: Optional(secret))) \([secret]) \(dumped)"
        #expect(!shown.contains("hunter2") && !shown.contains("104"))
        #expect(shown.contains("(secret)"))
    }

    @Test("in the catalogue say where else they may come from")
    func catalogue() throws {
        let scratch = try Scratch()
        _ = try scratch.file("otp.key", "from systemd")
        let rows = try Settings.read(text: "{}", credentials: scratch.path) { settings throws(SettingError) in
            _ = try settings.secret("key", credential: "otp.key", meaning: "Seals secrets.")
            return settings.catalogue
        }
        #expect(
            rows == [
                Setting(
                    name: "key", fallback: "required",
                    bounds: "the absolute path of a file, or else the systemd credential otp.key",
                    meaning: "Seals secrets.")
            ])
    }
}
