import Testing

@testable import ClientHubWeb

@Suite("Addresses") struct AddressTests {
    @Test(
        "listens on this host alone",
        arguments: [
            ("127.0.0.1:8080", ListenAddress.loopback(host: "127.0.0.1", port: 8_080)),
            ("localhost:0", .loopback(host: "127.0.0.1", port: 0)),
            ("[::1]:443", .loopback(host: "::1", port: 443)),
            ("unix:/run/clienthub/web.sock", .unix(path: "/run/clienthub/web.sock")),
            ("0.0.0.0:8080", nil), ("192.168.0.1:80", nil), ("127.0.0.1", nil), ("127.0.0.1:65536", nil),
            ("127.0.0.1:-1", nil), ("unix:web.sock", nil), ("", nil), (":80", nil),
            ("unix:/" + String(repeating: "x", count: 107), nil),
        ])
    func listens(text: String, address: ListenAddress?) {
        #expect(ListenAddress(text) == address)
    }

    @Test(
        "takes an origin as browsers write it",
        arguments: [
            ("https://hub.example.com", true), ("http://localhost:8080", true),
            ("https://hub.example.com:8443", true),
            ("https://hub.example.com/", false), ("hub.example.com", false), ("https://", false),
            ("https://Hub.example.com", false), ("https://hub.example.com:0", false),
            ("https://hub.example.com:x", false),
            ("https://a@b", false), ("ftp://hub.example.com", false),
            ("https://hub.example.com:80:90", false),
        ])
    func origins(text: String, isOne: Bool) {
        #expect((Origin(text) != nil) == isOne)
    }

    @Test(
        "knows which addresses lie in a range",
        arguments: [
            ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.1", false),
            ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "192.0.2.8", false), ("192.0.2.128/25", "192.0.2.129", true),
            ("192.0.2.128/25", "192.0.2.127", false), ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "::1", false),
            ("2001:db8::/33", "2001:db8:7fff::1", true), ("2001:db8::/33", "2001:db8:8000::1", false),
            ("10.0.0.0/8", "::ffff:10.1.1.1", true),
        ])
    func ranges(range: String, address: String, isInside: Bool) throws {
        let range = try #require(AddressRange(range))
        #expect(range.contains(try #require(IPAddress(address))) == isInside)
    }

    @Test(
        "refuses what is no range",
        arguments: ["", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0/8", "host", "::/129"])
    func noRange(text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test(
        "believes a trusted proxy alone, and of its list only what it wrote itself",
        arguments: [
            // peer, X-Forwarded-For, who it is
            ("203.0.113.9", [], "203.0.113.9"),
            ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
            ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", ["6.6.6.6", "198.51.100.1,  10.0.0.7"], "198.51.100.1"),
            ("127.0.0.1", ["10.0.0.7"], "127.0.0.1"),
            ("127.0.0.1", ["198.51.100.1, nonsense"], "127.0.0.1"),
            ("127.0.0.1", [], "127.0.0.1"),
            (nil, ["198.51.100.1"], "198.51.100.1"),
            (nil, [], nil),
            ("::ffff:127.0.0.1", ["2001:db8::5"], "2001:db8::5"),
        ] as [(String?, [String], String?)])
    func clients(peer: String?, forwarded: [String], client: String?) {
        let trusted = ["127.0.0.1", "10.0.0.0/8"].compactMap(AddressRange.init)
        #expect(ClientAddress.find(peer: peer, forwarded: forwarded, trusted: trusted) == client)
    }

    @Test(
        "plays a file and frames a page",
        arguments: [
            ("https://cdn.example.com/setup.mp4", true, "https://cdn.example.com"),
            ("https://cdn.example.com/a/b.webm?x=1", true, "https://cdn.example.com"),
            ("https://video.example.com/embed/42", false, "https://video.example.com"),
        ])
    func videos(url: String, isFile: Bool, origin: String) throws {
        let video = try #require(HelpVideo(url))
        #expect(video.isFile == isFile)
        #expect(video.origin == origin)
    }

    @Test(
        "takes no video address that could widen the content policy",
        arguments: [
            "http://x.example/v.mp4", "https://", "https://x.example/;script-src *", "https://x.example/ *",
            "javascript:1",
        ])
    func noVideo(url: String) {
        #expect(HelpVideo(url) == nil)
    }
}
