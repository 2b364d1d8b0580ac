import Testing

@testable import hubctl

@Suite("JSON")
struct JSONTests {
    @Test("keeps every kind of value, the order of members and the digits of numbers")
    func roundTrip() throws {
        let text =
            #"{"z":null,"b":true,"c":-7,"d":1.50e+2,"e":"x/y é","f":[1,[],{}],"h":9007199254740993,"a":false}"#
        let value = try JSON(parsing: text)
        #expect(value.compact == text)
        #expect(try JSON(parsing: value.pretty) == value)
        #expect(value["z"] == .null)
        #expect(value["c"]?.int == -7)
        #expect(value["e"]?.string == "x/y é")
        #expect(value["h"]?.int == 9_007_199_254_740_993)
    }

    @Test("is written in lines for people")
    func pretty() throws {
        #expect(
            try JSON(parsing: #"{"path":"/a/b","a":[1,{"b":2}],"none":{},"empty":[]}"#).pretty == """
                {
                  "path": "/a/b",
                  "a": [
                    1,
                    {
                      "b": 2
                    }
                  ],
                  "none": {},
                  "empty": []
                }
                """)
    }

    @Test("is sorted by name where it comes from a type")
    func encoded() throws {
        struct Answer: Encodable {
            let path = "/a"
            let ok = true
        }
        #expect(try JSON.text(of: Answer()) == "{\n  \"ok\": true,\n  \"path\": \"/a\"\n}")
    }

    @Test(
        "reads escapes",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u00E9""#, "éé"),
            (#""\ud83d\uDE00""#, "😀"),
        ])
    func escapes(text: String, value: String) throws {
        #expect(try JSON(parsing: text) == .text(value))
    }

    @Test("writes what plays tricks on a terminal, or must be escaped, as escapes")
    func tricks() {
        #expect(JSON.text("a\u{1B}[1m\"\\\n\t\u{202E}é").compact == #""a\u001b[1m\"\\\n\t\u202eé""#)
    }

    @Test(
        "says what is no JSON, and where",
        arguments: [
            ("", "line 1, column 1: a value is missing"), ("  ", "line 1, column 3: a value is missing"),
            ("{", "line 1, column 2: a name in double quotes is missing"),
            ("{\"a\":}", "line 1, column 6: a value is missing"),
            ("{'a':1}", "line 1, column 2: a name in double quotes is missing"),
            ("nul", "line 1, column 1: a value is missing"),
            ("{\"a\":1} x", "line 1, column 9: nothing may follow the value"),
            ("{\"a\":1,}", "line 1, column 8: a name in double quotes is missing"),
            ("{\n\"é\": 1\n\"b\": 2}", "line 3, column 1: a comma or } is missing"),
            ("{\"a\" 1}", "line 1, column 6: a colon is missing"),
            ("[1 2]", "line 1, column 4: a comma or ] is missing"),
            ("[1,]", "line 1, column 4: a value is missing"),
            ("{\"a\":1,\"a\":2}", "line 1, column 11: \"a\" is there twice"),
            ("\"a", "line 1, column 3: a string has no closing quote"),
            ("\"a\nb\"", "line 1, column 3: a control character in a string must be escaped"),
            (#""\x""#, "line 1, column 3: there is no such escape"),
            (#""\u12""#, "line 1, column 3: \\u needs four hexadecimal digits"),
            (#""\ud83d""#, "line 1, column 8: half of a surrogate pair stands alone"),
            (#""\ud83d\u0041""#, "line 1, column 14: half of a surrogate pair stands alone"),
            ("01", "line 1, column 2: nothing may follow the value"),
            ("-", "line 1, column 2: a digit is missing"),
            ("1.", "line 1, column 3: a digit is missing"), ("1e+", "line 1, column 4: a digit is missing"),
            (
                String(repeating: "[", count: 200),
                "line 1, column 129: the value is nested more than 128 deep"
            ),
        ])
    func malformed(text: String, problem: String) {
        #expect(throws: Problem.usage("this is no JSON: " + problem)) { try JSON(parsing: text) }
    }

    @Test("has members only where it is an object")
    func members() throws {
        let list = try JSON(parsing: "[1]")
        #expect(list["a"] == nil)
        #expect(list.string == nil)
        #expect(JSON.text("1").int == nil)
    }
}
