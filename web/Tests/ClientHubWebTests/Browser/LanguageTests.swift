import Testing

@testable import ClientHubWeb

@Suite("Language") struct LanguageTests {
    @Test(
        "is the first of the browser's that there is",
        arguments: [
            (nil, PageLanguage.english), ("", .english), ("es", .spanish),
            ("es-MX,es;q=0.9,en;q=0.8", .spanish),
            ("en-US,en;q=0.9,es;q=0.8", .english), ("fr,es;q=0.5,en;q=0.4", .spanish), ("fr, de", .english),
            ("en;q=0.2, es;q=0.8", .spanish), ("ES", .spanish), ("es;q=0, en", .english), ("*", .english),
            (";;;,,q=", .english), ("es ; q=1", .spanish),
        ] as [(String?, PageLanguage)])
    func wanted(header: String?, language: PageLanguage) {
        #expect(PageLanguage(acceptLanguage: header) == language)
    }
}
