import Testing

@testable import ClientHubWeb

@Suite("Form token") struct FormTokenTests {
    @Test("fits every text that was made from its secret, and no two are alike")
    func fits() {
        let token = FormToken()
        let texts = (0..<100).map { _ in token.masked() }
        #expect(texts.allSatisfy { token.fits($0) })
        #expect(Set(texts).count == 100)
    }

    @Test("fits no text of another secret, of a changed character, or of none")
    func fitsNot() {
        let token = FormToken()
        let text = token.masked()
        let changed = (text.first == "A" ? "B" : "A") + text.dropFirst()
        for other in [FormToken().masked(), changed, String(text.dropLast()), text + "A", "", token.cookie] {
            #expect(!token.fits(other))
        }
        #expect(!token.fits(nil))
    }

    @Test("comes back from its cookie, and from nothing else")
    func cookie() throws {
        let token = FormToken()
        #expect(try #require(FormToken(cookie: token.cookie)).fits(token.masked()))
        for cookie in [nil, "", "AAAA", token.cookie + "A", "=" + token.cookie] {
            #expect(FormToken(cookie: cookie) == nil)
        }
    }
}
