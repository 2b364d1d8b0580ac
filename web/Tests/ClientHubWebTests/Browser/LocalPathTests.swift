import Testing

@testable import ClientHubWeb

@Suite("Local path") struct LocalPathTests {
    @Test(
        "leads to a place of this site",
        arguments: ["/", "/clients?search=a%20b&state=active", "/a/../b", "/x:y@z"])
    func local(text: String) {
        #expect(LocalPath(text as String?)?.description == text)
    }

    @Test(
        "leads nowhere else",
        arguments: [
            "", "//evil.example", "/\\evil.example", "\\/evil.example", "https://evil.example", "evil",
            "javascript:alert(1)",
            "/a\nb", "/a\r\nSet-Cookie: x", "/a b", "/ä", "/\u{0}", "/a#b", "/\"", "/<",
            "/" + String(repeating: "x", count: 1_024),
        ])
    func elsewhere(text: String) {
        #expect(LocalPath(text as String?) == nil)
    }

    @Test("carries where to go on to, and what is asked, encoded")
    func carries() throws {
        let next = try #require(LocalPath("/clients?a=b&c=d" as String?))
        #expect(LocalPath("/log-in").then(next).description == "/log-in?next=%2Fclients%3Fa%3Db%26c%3Dd")
        #expect(LocalPath("/log-in").then(.home).description == "/log-in")
        #expect(LocalPath("/x?a=1").adding("b", "ä&").description == "/x?a=1&b=%C3%A4%26")
    }
}
