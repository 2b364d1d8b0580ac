import Pages
import Testing
import Wire

@testable import AuthService

@Suite("docs/architecture.md")
struct ArchitecturePageTests {
    @Test("has every row of the gate's table, with the state that it leads to")
    func gate() throws {
        let table = try #require(try Page("docs/architecture.md").section("The gate")?.table("rule"))
        let documented = table.rows.map { row in
            [row[0].bare, row[4].split(separator: "`").first.map(String.init) ?? ""]
        }
        let rules = GatePolicy.Rule.allCases.map { ["\($0)", $0.state.rawValue] }
        #expect(documented == rules)
    }
}
