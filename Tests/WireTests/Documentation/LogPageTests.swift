import Pages
import Testing

@Suite("The log lines in docs/operations.md")
struct LogPageTests {
    @Test("are written by the sources")
    func lines() throws {
        let table = try #require(try Page("docs/operations.md").section("Logs")?.table("line"))
        let named = table.rows.flatMap { row in
            row[0].split(separator: "`").map(String.init).filter { $0 != ", " }
        }
        let sources = try Repository.files(below: "Sources").filter { $0.hasSuffix(".swift") }
            .map { Array(try Repository.text(of: $0).utf8) }
        #expect(named.count >= table.rows.count)
        for line in named {
            let literal = Array("\"\(line)\"".utf8)
            #expect(sources.contains { contains($0, literal) }, "\(line)")
        }
    }

    private func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        text.indices.contains { text[$0] == part[0] && text[$0...].starts(with: part) }
    }
}
