import Pages
import Testing

@Suite("docs/architecture.md")
struct ArchitecturePageTests {
    @Test("has a code map of exactly the files that there are")
    func codeMap() throws {
        let page = try Page("docs/architecture.md")
        let listed = page.sections.flatMap { section in
            section.table("file").map { table in
                table.rows.map { "Sources/\(section.title)/\($0[0].bare)" }
            } ?? []
        }
        let files = try Repository.files(below: "Sources")
        #expect(Set(files).subtracting(listed) == [], "files that the map lacks")
        #expect(Set(listed).subtracting(files) == [], "files of the map that are not there")
        #expect(listed.count == Set(listed).count)
    }

    @Test("says of every module and file what it is for")
    func sentences() throws {
        let page = try Page("docs/architecture.md")
        for section in page.sections {
            guard let table = section.table("file") else { continue }
            #expect(section.lines.contains { !$0.isEmpty && !$0.hasPrefix("|") }, "\(section.title)")
            for row in table.rows { #expect(row[1].hasSuffix("."), "\(section.title)/\(row[0])") }
        }
    }
}
