import Testing

@testable import SMSGateway

@Suite("Forms and URLs") struct FormAndURLTests {
    @Test("writes all but unreserved characters by their bytes")
    func encodes() {
        #expect(
            FormText.encode([("To", "+1415"), ("Body", "é & ü=1\n~._-")])
                == "To=%2B1415&Body=%C3%A9%20%26%20%C3%BC%3D1%0A~._-")
        #expect(FormText.encode([]) == "")
    }

    @Test("reads what it writes, for every byte", arguments: 0..<128)
    func roundTrip(byte: Int) throws {
        let text = "a\(Character(Unicode.Scalar(UInt8(byte))))ü"
        let fields = try FormText.decode(FormText.encode([(text, text), ("", text)]))
        #expect(fields.map(\.name) == [text, ""])
        #expect(fields.map(\.value) == [text, text])
    }

    @Test("reads what browsers and servers write")
    func decodes() throws {
        let fields = try FormText.decode("a=1+2&b=&c&a=%2b&&d=x=y")
        #expect(fields.map(\.name) == ["a", "b", "c", "a", "d"])
        #expect(fields.map(\.value) == ["1 2", "", "", "+", "x=y"])
    }

    @Test("refuses what is no form", arguments: ["a=%", "a=%1", "a=%zz", "a=%-1", "%C3=1", "a=%FF"])
    func malformed(text: String) {
        #expect(throws: FormText.Malformed.self) { try FormText.decode(text) }
    }

    @Test(
        "takes an https URL that others can begin with",
        arguments: [
            ("https://hub.example.com", "https://hub.example.com", "hub.example.com", "hub.example.com"),
            ("https://hub.example.com/", "https://hub.example.com", "hub.example.com", "hub.example.com"),
            ("https://h:8443/a/b//", "https://h:8443/a/b", "h:8443", "h"),
            ("https://127.0.0.1:1", "https://127.0.0.1:1", "127.0.0.1:1", "127.0.0.1"),
            ("https://[::1]:8443", "https://[::1]:8443", "[::1]:8443", "[::1]"),
            ("https://[::1]", "https://[::1]", "[::1]", "[::1]"),
        ])
    func base(text: String, shown: String, authority: String, host: String) throws {
        let url = try #require(BaseURL(text))
        #expect(url.text == shown)
        #expect(url.authority == authority)
        #expect(url.host == host)
    }

    @Test(
        "refuses any other",
        arguments: [
            "", "https://", "http://a", "a", "https:/a", "https:///a", "https://u@a", "https://a?b",
            "https://a#b",
            "https://a b", "https://a:", "https://a:0", "https://a:65536", "https://a:x", "https://a:1:2",
            "https://ä", "https://a/%20", "https://[x]", "https://[::1", "HTTPS://a",
        ])
    func noBase(text: String) { #expect(BaseURL(text) == nil) }
}
