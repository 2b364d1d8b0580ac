import Pages
import Testing

@Suite("The metrics in docs/operations.md")
struct MetricsPageTests {
    @Test("are those that the sources declare")
    func metrics() throws {
        let table = try #require(try Page("docs/operations.md").section("Metrics")?.table("metric"))
        let documented = table.rows.map { "\($0[0].bare) \($0[1])" }
        #expect(documented.count == Set(documented).count)
        var declared: Set<String> = []
        for file in try Repository.files(below: "Sources") where file.hasSuffix(".swift") {
            declared.formUnion(Self.metrics(in: try Repository.text(of: file)))
        }
        #expect(Set(documented) == declared)
    }

    @Test("are found in code as it is written")
    func reading() {
        let text = """
            metrics.gauge("one", "A gauge.") { 1 }
            metrics.counter(
                "two", "A counter.", labels: [:])
            declare(
                "three_seconds", "histogram", "A histogram.", "seconds")
            package func gauge(_ name: String)
            """
        #expect(Self.metrics(in: text) == ["one gauge", "two counter", "three_seconds histogram"])
    }

    /// The names and kinds of metrics that a file declares by literals.
    private static func metrics(in text: String) -> Set<String> {
        let bytes = Array(text.utf8)
        var found: Set<String> = []
        for method in ["gauge", "counter", "histogram", "declare"] {
            let opening = Array("\(method)(".utf8)
            for index in bytes.indices where bytes[index...].starts(with: opening) {
                let arguments = bytes[(index + opening.count)...].drop { $0 == 0x20 || $0 == 0x0A }
                guard arguments.first == UInt8(ascii: "\"") else { continue }
                let literals = arguments.prefix(200).split(
                    separator: UInt8(ascii: "\""), omittingEmptySubsequences: false
                ).map { String(decoding: $0, as: UTF8.self) }
                // Between the first two literals of `declare` stands a comma.
                found.insert("\(literals[1]) \(method == "declare" ? literals[3] : method)")
            }
        }
        return found
    }
}
