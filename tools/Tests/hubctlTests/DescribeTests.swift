import Testing
import Wire

@testable import hubctl

@Suite("Describe")
struct DescribeTests {
    /// A schema of the keyword `type` and more.
    private func schema(_ type: String, _ more: [String: Schema] = [:]) -> Schema {
        .object(more.merging(["type": .text(type)]) { own, _ in own })
    }

    @Test("says in words what a value is")
    func words() {
        let cases: [(Schema, String)] = [
            (schema("string"), "text"), (schema("string", ["format": .text("uuid")]), "id"),
            (schema("string", ["format": .text("date-time")]), "time"),
            (schema("string", ["contentEncoding": .text("base64")]), "base64"),
            (schema("string", ["enum": .list([.text("sms"), .text("recovery")])]), "one of: sms, recovery"),
            (schema("integer", ["minimum": .number(0)]), "integer"), (schema("boolean"), "true or false"),
            (schema("array", ["items": schema("string", ["format": .text("uuid")])]), "list of id"),
            (schema("object", ["additionalProperties": schema("string")]), "map of text"),
            (schema("object", ["additionalProperties": .flag(false)]), "object"),
            (schema("object", ["properties": .object([:])]), "object"), (.object([:]), "any"),
        ]
        for (schema, words) in cases { #expect(schema.words == words) }
    }

    @Test("lists the fields that are required first, each followed by those within it")
    func fields() {
        let owner = schema(
            "object",
            ["properties": .object(["email": schema("string")]), "required": .list([.text("email")])])
        let checks = schema(
            "array", ["items": schema("object", ["properties": .object(["ok": schema("boolean")])])])
        let request = schema(
            "object",
            [
                "properties": .object([
                    "a": schema("integer"), "owner": owner, "checks": checks, "slug": schema("string"),
                ]),
                "required": .list([.text("slug"), .text("owner")]),
            ])
        #expect(
            SchemaFields(request).rows == [
                ["owner", "object", ""], ["owner.email", "text", ""], ["slug", "text", ""],
                ["a", "integer", "optional"], ["checks", "list of object", "optional"],
                ["checks[].ok", "true or false", "optional"],
            ])
        #expect(SchemaFields(schema("object")).rows.isEmpty)
    }

    @Test("shows a method with its fields and its reasons")
    func method() {
        let request = schema(
            "object", ["properties": .object(["firm": schema("string")]), "required": .list([.text("firm")])])
        let method = Common.Describe.Method(
            name: "auth.VerifyAudit", summary: "Checks.", request: request, answer: schema("object"),
            reasons: [.init(.noSuchFirm)])
        #expect(
            DescribeCommand.text(of: method) == """
                auth.VerifyAudit: Checks.

                REQUEST  TYPE
                firm     text

                ANSWER
                no fields

                REASON        STATUS  MEANING
                NO_SUCH_FIRM       5  There is no such firm.
                """)
    }
}
