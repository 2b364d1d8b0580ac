import FoundationEssentials
import Testing

@testable import Wire

struct SchemaTests {
    enum Colour: String, Word { case red, darkBlue }

    struct Part: Codable {
        var name: String
        var parent: [Part]?
    }

    struct Example: Codable {
        var id: ID
        var at: Timestamp?
        var count: UInt32
        var port: Int16?
        var size: Int
        var total: UInt64
        var ratio: Double
        var flag: Bool?
        var colour: Colour
        var status: Status
        var parts: [Part]
        var byName: [String: [Int]]
        var data: Data?
        var nothing: Nothing
    }

    @Test("describes a type as JSON Schema does")
    func golden() throws {
        let expected = """
            {"properties":{\
            "at":{"format":"date-time","type":"string"},\
            "byName":{"additionalProperties":{"items":{"type":"integer"},"type":"array"},"type":"object"},\
            "colour":{"enum":["red","darkBlue"],"type":"string"},\
            "count":{"maximum":4294967295,"minimum":0,"type":"integer"},\
            "data":{"contentEncoding":"base64","type":"string"},\
            "flag":{"type":"boolean"},\
            "id":{"format":"uuid","type":"string"},\
            "nothing":{"type":"object"},\
            "parts":{"items":{"properties":{"name":{"type":"string"},"parent":{"items":{},"type":"array"}},\
            "required":["name"],"type":"object"},"type":"array"},\
            "port":{"maximum":32767,"minimum":-32768,"type":"integer"},\
            "ratio":{"type":"number"},\
            "size":{"type":"integer"},\
            "status":{"enum":[0,1,3,4,5,6,7,8,9,10,12,13,14,16],"type":"integer"},\
            "total":{"minimum":0,"type":"integer"}},\
            "required":["id","count","size","total","ratio","colour","status","parts","byName","nothing"],\
            "type":"object"}
            """
        let schema = try json(Schema(describing: Example.self))
        #expect(schema == expected)
    }

    @Test("lists the paths of a type's fields")
    func fieldNames() {
        #expect(
            Schema(describing: Example.self).fieldNames == [
                "at", "byName", "byName.*", "colour", "count", "data", "flag", "id", "nothing", "parts",
                "parts[].name",
                "parts[].parent", "port", "ratio", "size", "status", "total",
            ])
        #expect(
            Schema(describing: Common.Health.Reply.self).fieldNames == [
                "checks", "checks[].detail", "checks[].name", "checks[].ok", "service", "since", "status",
                "version",
            ])
        #expect(Schema(describing: Nothing.self).fieldNames.isEmpty)
    }

    /// A type that reads itself by hand, as one does whose fields depend on one another.
    struct Custom: Decodable {
        enum Key: String, CodingKey { case kind, value, inner, list, either }

        init(from decoder: any Decoder) throws {
            let map = try decoder.container(keyedBy: Key.self)
            if map.contains(.kind), try !map.decodeNil(forKey: .kind) {
                _ = try map.decode(Colour.self, forKey: .kind)
            }
            _ = try map.decodeIfPresent(UInt8.self, forKey: .value)
            let inner = try map.nestedContainer(keyedBy: Key.self, forKey: .inner)
            _ = try inner.decode(String.self, forKey: .value)
            var list = try map.nestedUnkeyedContainer(forKey: .list)
            while !list.isAtEnd { _ = try list.decode(Bool.self) }
            // The first way of reading that works is the one described.
            if (try? map.decode(Int.self, forKey: .either)) == nil {
                _ = try map.decode(String.self, forKey: .either)
            }
        }
    }

    @Test("describes a type that reads itself by hand")
    func custom() throws {
        #expect(
            try json(Schema(describing: Custom.self)) == """
                {"properties":{"either":{"type":"integer"},\
                "inner":{"properties":{"value":{"type":"string"}},"required":["value"],"type":"object"},\
                "kind":{"enum":["red","darkBlue"],"type":"string"},\
                "list":{"items":{"type":"boolean"},"type":"array"},\
                "value":{"maximum":255,"minimum":0,"type":"integer"}},\
                "required":["kind","inner","list","either"],"type":"object"}
                """)
    }

    /// A text that not every text is.
    struct Phone: Codable {
        var text: String
        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            text = try container.decode(String.self)
            guard text.hasPrefix("+") else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "no number")
            }
        }
    }

    @Test("describes a type that refuses the value made up for it, and goes on where it is optional")
    func choosy() throws {
        struct Outer: Codable {
            var phone: Phone?
            var name: String
        }
        #expect(
            try json(Schema(describing: Outer.self)) == """
                {"properties":{"name":{"type":"string"},"phone":{"type":"string"}},"required":["name"],"type":"object"}
                """)
    }

    @Test("describes types that hold themselves")
    func recursion() throws {
        #expect(try json(Schema(describing: Schema.self)) == #"{"additionalProperties":{},"type":"object"}"#)
        #expect(
            try json(Schema(describing: Part.self)) == """
                {"properties":{"name":{"type":"string"},"parent":{"items":{},"type":"array"}},\
                "required":["name"],"type":"object"}
                """)
    }

    @Test("describes what the services say of themselves")
    func describe() {
        let names = Schema(describing: Common.Describe.Reply.self).fieldNames
        #expect(names.contains("methods[].request"))
        #expect(names.contains("methods[].reasons[].status"))
    }
}
