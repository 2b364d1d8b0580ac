import Pages
import Testing

@testable import Wire

@Suite("docs/wire-protocol.md")
struct WireProtocolPageTests {
    private static let read = Result { try Page("docs/wire-protocol.md") }
    let page: Page

    init() throws { page = try Self.read.get() }

    @Test("has a section for every method, and for no other")
    func methods() {
        let documented = page.sections.map(\.title).filter { title in
            ["wire.", "auth.", "otp.", "sms."].contains { title.hasPrefix($0) }
        }
        #expect(documented.sorted() == allCalls.map { $0.method }.sorted())
    }

    @Test("lists the fields of every request with their types", arguments: allCalls.map { $0.method })
    func requests(method: String) throws {
        let call = try #require(allCalls.first { $0.method == method })
        let section = try #require(page.section(method))
        let documented = try section.table("request").map { try page.fields($0) } ?? []
        #expect(documented.sorted() == schema(of: call).documentedFields().sorted())
        #expect(documented.isEmpty == section.lines.contains("The request has no fields."))
    }

    @Test("lists the fields of every answer with their types", arguments: allCalls.map { $0.method })
    func answers(method: String) throws {
        let call = try #require(allCalls.first { $0.method == method })
        let documented = try answer(#require(page.section(method)))
        #expect(documented.sorted() == replySchema(of: call).documentedFields().sorted())
    }

    @Test("lists the reasons of every method", arguments: allCalls.map { $0.method })
    func reasons(method: String) throws {
        let call = try #require(allCalls.first { $0.method == method })
        let section = try #require(page.section(method))
        let line = section.lines.first { $0.hasPrefix("Reasons: ") }
        let documented = line?.split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }.map {
            String($0.element)
        }
        #expect((documented ?? []).sorted() == call.reasons.map(\.name).sorted())
    }

    @Test("gives each reason its status and meaning")
    func statuses() throws {
        let common = try #require(page.section("Common reasons")?.table("reason"))
        #expect(common.rows.map { "\($0[0].bare) \($0[1])" }.sorted() == lines(Reason.common))
        let others = try #require(page.section("Reasons of the methods")?.table("reason"))
        let declared = Array(Set(allCalls.flatMap { $0.reasons }))
        #expect(
            others.rows.map { "\($0[0].bare) \($0[1]) \($0[2])" }.sorted() == lines(declared, meaning: true))
    }

    @Test("lists every status by its name")
    func statusNames() throws {
        let table = try #require(page.section("Status and reasons")?.table("status"))
        let documented = table.rows.flatMap { [[$0[0], $0[1]], [$0[3], $0[4]]] }.filter { $0 != ["", ""] }
        #expect(
            documented.map { $0.joined(separator: " ") }.sorted()
                == Status.allCases.map { "\($0.rawValue) \($0.word)" }.sorted())
    }

    @Test("tells every limit of a server, with its default")
    func limits() throws {
        let table = try #require(page.section("What a server promises")?.table("limit"))
        let limits = ServerLimits()
        let defaults = [
            limits.requestBytes, limits.answerBytes, limits.connections, limits.callsPerConnection,
            limits.calls, limits.unreadBytes, limits.frameSeconds, limits.unreadSeconds, limits.idleSeconds,
            limits.drainSeconds, limits.defaultTimeout,
        ]
        #expect(defaults.count == Mirror(reflecting: limits).children.count)
        #expect(table.rows.map { Int($0[1].filter { $0 != "," }) } == defaults)
    }

    @Test("has no shared type that nothing refers to")
    func orphans() {
        let types = page.sections.filter { $0.table("field") != nil || $0.table("word") != nil }
        for section in types where section.title != "Messages" {
            #expect(page.text.contains("[\(section.title)](#\(section.anchor))"), "\(section.title)")
        }
    }

    private func lines(_ reasons: [Reason], meaning: Bool = false) -> [String] {
        reasons.map { "\($0.name) \($0.status.rawValue)" + (meaning ? " \($0.meaning)" : "") }.sorted()
    }

    private func schema<C: Call>(of call: C.Type) -> Schema { Schema(describing: C.self) }

    private func replySchema<C: Call>(of call: C.Type) -> Schema { Schema(describing: C.Reply.self) }

    /// The fields of an answer: a table of its own, those of a shared type, those of another call, or none.
    private func answer(_ section: Page.Section) throws -> [DocumentedField] {
        if let table = section.table("answer") { return try page.fields(table) }
        if section.lines.contains("The answer has no fields.") { return [] }
        let line = try #require(section.lines.first { $0.hasPrefix("Answer: ") })
        let name = try #require(line.split(whereSeparator: { "[]".contains($0) }).dropFirst().first)
        let other = try #require(page.section(String(name)))
        return try page.fields(#require(other.table("field") ?? other.table("answer")))
    }
}
