import Pages
import ServiceKit
import Testing

@testable import ClientHubWeb

@Suite("docs/web.md") struct WebPageTests {
    @Test("has a code map of exactly the files that there are, each with a sentence")
    func codeMap() throws {
        let page = try Page("docs/web.md")
        var listed: [String] = []
        for section in page.sections {
            for row in section.table("file")?.rows ?? [] {
                listed.append("web/Sources/\(section.title)/\(row[0].bare)")
                #expect(row[1].hasSuffix("."), "\(section.title)/\(row[0])")
            }
        }
        let files = try Repository.files(below: "web/Sources").filter { !$0.contains("/Resources/") }
        #expect(Set(files).symmetricDifference(listed).sorted() == [])
        #expect(listed.count == Set(listed).count)
    }

    @Test("lists every route, and who reaches it")
    func routes() throws {
        let text = "{ demo: true, origin: 'http://localhost', auth: 'auth.sock', phone: 'outbox' }"
        let configuration = try Settings.read(text: text) { (settings: Settings) throws(SettingError) in
            try WebConfiguration(settings)
        }
        let words: [Route.Access: String] = [
            .gated: "whom the gate lets through", .everybody: "everybody", .machine: "programs",
        ]
        let there = Routes.all(configuration).map { "\($0.method) \($0.path): \(words[$0.access] ?? "")" }
        let table = try #require(try Page("docs/web.md").section("Routes")?.table("path"))
        let listed = table.rows.flatMap { row in
            row[1].split(separator: ", ").map { "\($0) \(row[0].bare): \(row[2])" }
        }
        #expect(Set(there).symmetricDifference(listed).sorted() == [])
    }

    @Test("lists every cookie")
    func cookies() throws {
        let table = try #require(try Page("docs/web.md").section("What a browser keeps")?.table("cookie"))
        #expect(Set(table.rows.map { $0[0].bare }) == Set(BrowserCookie.allCases.map(\.name)))
    }
}
