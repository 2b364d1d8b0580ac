import Pages
import ServiceKit
import Testing

@testable import ClientHubWeb

@Suite("docs/operations.md") struct OperationsPageTests {
    @Test("lists every setting of the front end with its default and bounds, and no other")
    func settings() throws {
        let text = """
            { demo: true, origin: 'http://localhost', auth: 'auth.sock', help: { video: 'https://v.example/v.mp4' } }
            """
        let catalogue = try Settings.read(text: text) { (settings: Settings) throws(SettingError) in
            _ = try WebConfiguration(settings)
            return settings.catalogue
        }
        let page = try Page("docs/operations.md")
        let common = page.settings("Settings of every service").filter { $0[0] == "log.level" }
        #expect(
            common + page.settings("Settings of the front end")
                == catalogue.map { [$0.name, $0.fallback, $0.bounds] })
    }

    @Test("lists every metric of the front end, and no other")
    @MainActor func metrics() async throws {
        let auth = await ScriptedAuth()
        let browser = try await TestBrowser(auth)
        _ = try await browser.get("/help")
        let text = try await browser.get("/metrics").text
        let families = text.matches(of: /# TYPE (\S+) \S+/).map { String($0.1) }.filter {
            !$0.hasPrefix("wire_")
        }
        let table = try Page("docs/operations.md").section("Metrics")?.table("metric of the front end")
        #expect(Set(families) == Set(try #require(table).rows.map { $0[0].bare }))
    }
}
