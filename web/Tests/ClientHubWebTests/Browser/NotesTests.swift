import Cryptography
import Hummingbird
import Testing
import Wire

@testable import ClientHubWeb

@Suite("Notes") struct NotesTests {
    private let seal = NoteSeal(keys: .generate())
    private let browser = FormToken()

    private var notes: Notes {
        var notes = Notes()
        notes.recoveryCodes = ["AAAA-BBBB", "CCCC-DDDD"]
        notes.setUp = Notes.SetUp(method: .sms, phone: "(415) 555-2671", expires: .now + 600)
        return notes
    }

    @Test("open in the browser that they were made for, and show nothing in the clear")
    func opens() throws {
        let cookie = try seal.seal(notes, for: browser)
        #expect(seal.open(cookie, for: browser)?.recoveryCodes == notes.recoveryCodes)
        #expect(seal.open(cookie, for: browser)?.setUp?.phone == "(415) 555-2671")
        #expect(!String(decoding: try #require(Base64URL.decode(cookie)), as: UTF8.self).contains("AAAA"))
    }

    @Test("do not open in another browser, under another key, changed, or late")
    func opensNot() throws {
        let cookie = try seal.seal(notes, for: browser)
        #expect(seal.open(cookie, for: FormToken()) == nil)
        #expect(NoteSeal(keys: .generate()).open(cookie, for: browser) == nil)
        #expect(seal.open(String(cookie.reversed()), for: browser) == nil)
        #expect(seal.open(cookie, for: browser, now: .now + 3_600) == nil)
        #expect(seal.open(nil, for: browser) == nil)
    }

    @Test("fit in a cookie with all that they can hold")
    func fitsInACookie() throws {
        var notes = notes
        notes.recoveryCodes = Array(repeating: "ABCD-EFGH-IJKL-MNOP", count: 10)
        notes.setUp?.uri = "otpauth://totp/" + String(repeating: "x", count: 400)
        notes.invitation = Notes.Invitation(
            name: String(repeating: "n", count: 100), email: String(repeating: "e", count: 254),
            link: String(repeating: "l", count: 200), expires: .now)
        let cookie = BrowserCookie.notes.holding(try seal.seal(notes, for: browser)).description
        // What browsers take of a name, a value and their attributes (RFC 6265bis, section 5.6).
        #expect(cookie.utf8.count < 4_096)
    }
}
