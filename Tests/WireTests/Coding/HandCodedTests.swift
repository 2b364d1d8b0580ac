import Testing

@testable import Wire

/// Types coded by hand are found wherever they stand, and are coded as `Codable` does.
struct HandCodedTests {
    enum Colour: String, Word { case red, green }

    struct Hand: HandCoded, Hashable, Sendable {
        var text = "x"
        var maybeText: String?
        var flag = true
        var maybeFlag: Bool?
        var number = -5
        var small: UInt8?
        var id = ID(high: 1, low: 2)
        var maybeID: ID?
        var at = Timestamp(milliseconds: 5)
        var maybeAt: Timestamp?
        var colour = Colour.red
        var maybeColour: Colour?
        var colours: [Colour] = []
        var inner = Inner()
        var maybeInner: Inner?

        struct Inner: HandCoded, Hashable, Sendable {
            var a = 1

            init(a: Int = 1) { self.a = a }
            init(_ fields: Fields) throws(FieldFault) { a = try fields.integer("a") }
            func write(to writer: MessageWriter) {
                writer.beginMap()
                writer.key("a")
                writer.int(Int64(a))
                writer.endMap()
            }
        }

        init() {}

        init(_ fields: Fields) throws(FieldFault) {
            text = try fields.string("text")
            maybeText = try fields.stringIfPresent("maybeText")
            flag = try fields.bool("flag")
            maybeFlag = try fields.boolIfPresent("maybeFlag")
            number = try fields.integer("number")
            small = try fields.integerIfPresent("small")
            id = try fields.id("id")
            maybeID = try fields.idIfPresent("maybeID")
            at = try fields.timestamp("at")
            maybeAt = try fields.timestampIfPresent("maybeAt")
            colour = try fields.word("colour")
            maybeColour = try fields.wordIfPresent("maybeColour")
            colours = try fields.words("colours")
            inner = try Inner(fields.map("inner"))
            maybeInner = if let map = try fields.mapIfPresent("maybeInner") { try Inner(map) } else { nil }
        }

        func write(to writer: MessageWriter) {
            writer.beginMap()
            writer.key("text")
            writer.string("by hand")
            writer.endMap()
        }
    }

    /// The same fields, through `Codable`.
    struct Mirror: Codable, Hashable {
        var text: String?
        var maybeText: String?
        var flag: Bool?
        var maybeFlag: Bool?
        var number: Int?
        var small: UInt8?
        var id: ID?
        var maybeID: ID?
        var at: Timestamp?
        var maybeAt: Timestamp?
        var colour: Colour?
        var maybeColour: Colour?
        var colours: [Colour]?
        var inner: [String: Int]?
        var maybeInner: [String: Int]?
    }

    private var full: Mirror {
        Mirror(
            text: "t", maybeText: "m", flag: false, maybeFlag: true, number: 77, small: 255,
            id: ID(high: 3, low: 4),
            maybeID: ID(high: 5, low: 6), at: Timestamp(milliseconds: 7), maybeAt: Timestamp(milliseconds: 8),
            colour: .green, maybeColour: .red, colours: [.red, .green], inner: ["a": 9], maybeInner: ["a": 10]
        )
    }

    @Test("reads every kind of field", arguments: WireEncoding.allCases)
    func reading(encoding: WireEncoding) throws {
        let hand = try decode(Hand.self, encode(full, encoding))
        var expected = Hand()
        (expected.text, expected.maybeText, expected.flag, expected.maybeFlag) = ("t", "m", false, true)
        (expected.number, expected.small, expected.id, expected.maybeID) = (
            77, 255, ID(high: 3, low: 4), ID(high: 5, low: 6)
        )
        (expected.at, expected.maybeAt) = (Timestamp(milliseconds: 7), Timestamp(milliseconds: 8))
        (expected.colour, expected.maybeColour, expected.colours) = (.green, .red, [.red, .green])
        (expected.inner, expected.maybeInner) = (Hand.Inner(a: 9), Hand.Inner(a: 10))
        #expect(hand == expected)

        let nulls =
            #"{"text":"","flag":true,"number":0,"id":"\#(ID(high: 0, low: 0))","at":"1970-01-01T00:00:00Z","#
            + #""colour":"red","colours":[],"inner":{"a":1},"maybeText":null,"small":null,"maybeInner":null}"#
        let sparse = try decode(Hand.self, nulls)
        #expect(
            sparse.maybeText == nil && sparse.small == nil && sparse.maybeInner == nil
                && sparse.maybeAt == nil)
    }

    @Test("is found within arrays, maps and optionals", arguments: WireEncoding.allCases)
    func nesting(encoding: WireEncoding) throws {
        let bytes = try encode(["a": [Hand(), Hand()]], encoding)
        #expect(
            try decode([String: [[String: String]]].self, bytes) == [
                "a": [["text": "by hand"], ["text": "by hand"]]
            ])
        let optional: Box<Hand?> = Box(v: Hand())
        #expect(try decode(Box<[String: String]>.self, encode(optional, encoding)).v == ["text": "by hand"])
        #expect(try decode(Box<[Hand]>.self, encode(Box(v: [full, full]), encoding)).v.count == 2)
        #expect(try decode(Box<Hand?>.self, encode(Box(v: full), encoding)).v?.number == 77)
    }

    @Test(
        "names the field at fault as Codable does",
        arguments: [
            ("text", nil, "is missing"), ("colour", "7", "must be a string, not a number"),
            ("colour", #""blue""#, "must be one of red, green"),
            ("maybeColour", #""blue""#, "must be one of red, green"),
            ("small", "256", "must be a whole number from 0 to 255"), ("id", #""x""#, "must be a UUID"),
            ("inner", "[]", "must be a map, not an array"),
            ("maybeInner", "1", "must be a map, not a number"),
            ("colours", "{}", "must be an array, not a map"),
            ("flag", "null", "must be true or false, not null"),
        ] as [(String, String?, String)])
    func faults(field: String, value: String?, message: String) throws {
        let whole = try json(full)
        let read = try document(whole)
        // Every other field as it is, this one as told.
        let members = try read.decode([String: Skipped].self, from: read.root).keys.filter { $0 != field }
        let others = members.map { name in
            let start = whole.ranges(of: "\"\(name)\":")[0].lowerBound
            let rest = whole[start...].dropFirst(name.count + 3)
            return "\"\(name)\":" + firstValue(of: String(rest))
        }
        let text = "{" + (others + (value.map { ["\"\(field)\":\($0)"] } ?? [])).joined(separator: ",") + "}"
        #expect(throws: BadField(path: field, message: message)) { try decode(Hand.self, text) }
        #expect(throws: BadField(path: "v[1].\(field)", message: message)) {
            try decode(Box<[Hand]>.self, "{\"v\":[\(whole),\(text)]}")
        }
    }

    /// A value of which nothing is read.
    struct Skipped: Decodable { init(from decoder: any Decoder) {} }

    /// The value that a text of JSON begins with.
    private func firstValue(of text: String) -> String {
        var depth = 0
        var end = text.startIndex
        var inString = false
        while end < text.endIndex {
            let character = text[end]
            if character == "\"" { inString.toggle() }
            if !inString, "{[".contains(character) { depth += 1 }
            if !inString, depth == 0, ",}".contains(character) { break }
            if !inString, "}]".contains(character) { depth -= 1 }
            end = text.index(after: end)
        }
        return String(text[..<end])
    }

    @Test("names items and inner fields at fault")
    func innerFaults() throws {
        var broken = try json(full)
        broken = broken.replacing(#"["red","green"]"#, with: #"["red","grue"]"#)
        #expect(throws: BadField(path: "colours[1]", message: "must be one of red, green")) {
            try decode(Hand.self, broken)
        }
        broken = try json(full).replacing(#"{"a":9}"#, with: "{}")
        #expect(throws: BadField(path: "inner.a", message: "is missing")) { try decode(Hand.self, broken) }
        #expect(throws: BadField(path: "v", message: "must be a map, not a number")) {
            try decode(Box<Hand>.self, #"{"v":1}"#)
        }
    }

    /// Generic types are as many as one likes.
    struct Wrapper<Inside: Codable>: Codable { var v: Inside }

    @Test("remembers hundreds of types")
    func manyTypes() {
        let types = HandCodedTypes()
        func nest<T: Codable>(_ type: T.Type, _ depth: Int) {
            #expect(types.find(type) == nil)
            if depth > 0 { nest(Wrapper<T>.self, depth - 1) }
        }
        for _ in 0..<2 {
            nest(Int.self, 60)
            nest(String.self, 60)
            nest([Int].self, 60)
            #expect(types.find(Hand.self) == Hand.self)
            #expect(types.find(Hand.Inner.self) == Hand.Inner.self)
            #expect(types.find([Hand].self) == nil)
        }
    }
}
