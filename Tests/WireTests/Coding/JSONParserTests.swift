import Testing

@testable import Wire

struct JSONParserTests {
    @Test(
        "reads what RFC 8259 allows",
        arguments: [
            ("{}", "{}"), ("{ }", "{}"), ("{\t\r\n }", "{}"), ("{} ", "{}"), ("{}\n", "{}"),
            (#"{"a":1}"#, #"{"a": 1}"#), (#"{ "a" : 1 , "b" : [ ] }"#, #"{"a": 1, "b": []}"#),
            (#"{"":0}"#, #"{"": 0}"#), (#"{"a":[]}"#, #"{"a": []}"#), (#"{"a":[ 1 ,2]}"#, #"{"a": [1, 2]}"#),
            (#"{"a":{"a":{"a":null}}}"#, #"{"a": {"a": {"a": null}}}"#),
            (#"{"a":true,"b":false,"c":null}"#, #"{"a": true, "b": false, "c": null}"#),
            (#"{"a":0,"b":-0,"c":-1,"d":10}"#, #"{"a": 0, "b": -0.0, "c": -1, "d": 10}"#),
            (#"{"a":9223372036854775807}"#, #"{"a": 9223372036854775807}"#),
            (#"{"a":18446744073709551615}"#, #"{"a": 18446744073709551615}"#),
            (#"{"a":18446744073709551616}"#, #"{"a": 1.8446744073709552e+19}"#),
            (#"{"a":-9223372036854775808}"#, #"{"a": -9223372036854775808}"#),
            (#"{"a":-18446744073709551615}"#, #"{"a": -18446744073709551615}"#),
            (#"{"a":-18446744073709551616}"#, #"{"a": -1.8446744073709552e+19}"#),
            (#"{"a":123456789012345678901234567890}"#, #"{"a": 1.2345678901234568e+29}"#),
            (#"{"a":0.5,"b":1.0,"c":-2.25}"#, #"{"a": 0.5, "b": 1.0, "c": -2.25}"#),
            (
                #"{"a":1e2,"b":1E2,"c":1e+2,"d":1e-2,"e":0e0,"f":0.0e+00}"#,
                #"{"a": 100.0, "b": 100.0, "c": 100.0, "d": 0.01, "e": 0.0, "f": 0.0}"#
            ),
            (#"{"a":1e-400}"#, #"{"a": 0.0}"#),
            (#"{"a":0.1000000000000000055511151231257827}"#, #"{"a": 0.1}"#),
            (#"{"a":"\u0061\u00e4\u20ac\ud834\udd1e"}"#, #"{"a": "aä€𝄞"}"#),
            (#"{"a":"\u0041\uD834\uDD1E\uFFFF"}"#, "{\"a\": \"A𝄞\u{FFFF}\"}"),
            (#"{"a":"\"\\\/\b\f\n\r\t"}"#, "{\"a\": \"\"\\/\u{8}\u{C}\n\r\t\"}"),
            (#"{"a":"before\nbetween\nafter and more"}"#, "{\"a\": \"before\nbetween\nafter and more\"}"),
            (#"{"\u0061":1}"#, #"{"a": 1}"#), (#"{"a":"\u0000"}"#, "{\"a\": \"\u{0}\"}"),
            ("{\"a\":\"\u{7F}\"}", "{\"a\": \"\u{7F}\"}"),
            ("{\"a\":\"€𝄞\u{2028}\"}", "{\"a\": \"€𝄞\u{2028}\"}"),
            (#"{"a":"12345678\"12345678"}"#, "{\"a\": \"12345678\"12345678\"}"),
            (#"{"a":"\\u0061"}"#, #"{"a": "\u0061"}"#), (#"{"a":"[{,]}:"}"#, #"{"a": "[{,]}:"}"#),
        ])
    func allowed(message: String, expected: String) throws {
        let read = try document(message)
        #expect(read.encoding == .json)
        #expect(read.notation(of: read.root) == expected)
    }

    @Test(
        "refuses everything else, saying what is wrong and where",
        arguments: [
            // Messages that are no object.
            ("[]", "the message is a map neither of JSON nor of CBOR", 0),
            (" {}", "the message is a map neither of JSON nor of CBOR", 0),
            ("\u{FEFF}{}", "the message is a map neither of JSON nor of CBOR", 0),
            ("1", "the message is a map neither of JSON nor of CBOR", 0),
            // Objects.
            ("{", "a key must stand here", 1), ("{,}", "a key must stand here", 1),
            (#"{"a":1,}"#, "a key must stand here", 7), (#"{"a":1,,"b":2}"#, "a key must stand here", 7),
            ("{a:1}", "a key must stand here", 1), ("{1:1}", "a key must stand here", 1),
            ("{'a':1}", "a key must stand here", 1), ("{null:1}", "a key must stand here", 1),
            (#"{"a"}"#, "a colon must stand here", 4), (#"{"a",1}"#, "a colon must stand here", 4),
            (#"{"a" 1}"#, "a colon must stand here", 5), (#"{"a"::1}"#, "no value begins so", 5),
            (#"{"a":}"#, "no value begins so", 5), (#"{"a":"#, "the message ends early", 5),
            (#"{"a":1"#, "a comma or } must stand here", 6),
            (#"{"a":1 "b":2}"#, "a comma or } must stand here", 7),
            (#"{"a":1]"#, "a comma or } must stand here", 6), (#"{"a":1}}"#, "bytes follow the message", 7),
            ("{}{}", "bytes follow the message", 2), ("{} x", "bytes follow the message", 3),
            ("{}/**/", "bytes follow the message", 2), ("{/**/}", "a key must stand here", 1),
            ("{}\u{C}", "bytes follow the message", 2), ("{\u{A0}}", "a key must stand here", 1),
            ("{\u{0}}", "a key must stand here", 1),
            // Arrays.
            (#"{"a":["#, "the message ends early", 6), (#"{"a":[1"#, "a comma or ] must stand here", 7),
            (#"{"a":[1,]}"#, "no value begins so", 8), (#"{"a":[,1]}"#, "no value begins so", 6),
            (#"{"a":[1 2]}"#, "a comma or ] must stand here", 8),
            (#"{"a":[1}"#, "a comma or ] must stand here", 7),
            (#"{"a":]}"#, "no value begins so", 5),
            // Words.
            (#"{"a":nul}"#, "no value begins so", 5), (#"{"a":True}"#, "no value begins so", 5),
            (#"{"a":tru"#, "no value begins so", 5), (#"{"a":nullx}"#, "a comma or } must stand here", 9),
            (#"{"a":NaN}"#, "no value begins so", 5), (#"{"a":Infinity}"#, "no value begins so", 5),
            (#"{"a":-Infinity}"#, "a digit must stand here", 6),
            (#"{"a":undefined}"#, "no value begins so", 5),
            // Numbers.
            (#"{"a":01}"#, "a number begins with a zero too many", 5),
            (#"{"a":-01}"#, "a number begins with a zero too many", 5),
            (#"{"a":00}"#, "a number begins with a zero too many", 5),
            (#"{"a":-}"#, "a digit must stand here", 6),
            (#"{"a":+1}"#, "no value begins so", 5), (#"{"a":.5}"#, "no value begins so", 5),
            (#"{"a":1.}"#, "a digit must stand here", 7), (#"{"a":1.e1}"#, "a digit must stand here", 7),
            (#"{"a":1e}"#, "a digit must stand here", 7), (#"{"a":1e+}"#, "a digit must stand here", 8),
            (#"{"a":1e1.5}"#, "a comma or } must stand here", 8),
            (#"{"a":0x1}"#, "a comma or } must stand here", 6),
            (#"{"a":1_000}"#, "a comma or } must stand here", 6),
            (#"{"a":1e309}"#, "a number is too large", 5),
            (#"{"a":-1e999}"#, "a number is too large", 5), (#"{"a":--1}"#, "a digit must stand here", 6),
            // Strings.
            (#"{"a":"b"#, "a string does not end", 7), (#"{"a":"b\"#, "the message ends early", 8),
            (#"{"a":"b\""#, "a string does not end", 9),
            ("{\"a\":\"\n\"}", "a control character in a string", 6),
            ("{\"a\":\"\u{0}\"}", "a control character in a string", 6),
            ("{\"a\":\"12345678\u{1F}2345678\"}", "a control character in a string", 14),
            ("{\"a\":\"\\n\t\"}", "a control character in a string", 8),
            (#"{"a":"\x41"}"#, "an escape that JSON has not", 6),
            (#"{"a":"\'"}"#, "an escape that JSON has not", 6),
            (#"{"a":"\U0041"}"#, "an escape that JSON has not", 6),
            (#"{"a":"\u12"}"#, "a hexadecimal digit must stand here", 10),
            (#"{"a":"\u00G0"}"#, "a hexadecimal digit must stand here", 10),
            (#"{"a":"\ud834"}"#, "half of a surrogate pair", 6),
            (#"{"a":"\udd1e"}"#, "half of a surrogate pair", 6),
            (#"{"a":"\ud834\ud834"}"#, "half of a surrogate pair", 6),
            (#"{"a":"\ud834x"}"#, "half of a surrogate pair", 6),
            (#"{"a":"\ud834\n"}"#, "half of a surrogate pair", 6),
            (#"{"a":"\udd1e\ud834"}"#, "half of a surrogate pair", 6),
            (#"{"a":'b'}"#, "no value begins so", 5),
            // Keys that stand twice.
            (#"{"a":1,"a":1}"#, "a key stands twice in one map", 8),
            (#"{"a":1,"b":2,"\u0061":3}"#, "a key stands twice in one map", 14),
            (#"{"b":{"a":1,"a":2}}"#, "a key stands twice in one map", 13),
            (#"{"":1,"":2}"#, "a key stands twice in one map", 7),
            (#"{"\n":1,"\u000A":2}"#, "a key stands twice in one map", 9),
        ])
    func refused(message: String, problem: String, offset: Int) {
        #expect(throws: MalformedMessage(problem: problem, offset: offset)) { try document(message) }
    }

    @Test(
        "refuses what is not UTF-8",
        arguments: [
            ("ff", 6), ("c3", 6), ("61c0af", 7), ("eda080", 6), ("e282", 6), ("f4908080", 6),
            ("6162636465666768e28228", 14), ("5c6ec3", 8),
        ])
    func utf8(text: String, offset: Int) {
        let message = Array(#"{"a":""#.utf8) + hex(text) + Array(#""}"#.utf8)
        #expect(throws: MalformedMessage(problem: "a text is not UTF-8", offset: offset)) {
            try document(message)
        }
    }

    @Test("takes each character below 8 bytes' alignment for what it is", arguments: 0..<24)
    func alignment(padding: Int) throws {
        // The quote, the escape and the control character each come to stand at every offset of a word.
        let before = String(repeating: "x", count: padding)
        let read = try document(#"{"a":"\#(before)","b":"\#(before)\tz\#(before)"}"#)
        #expect(read.member("a", of: read.root).flatMap(read.string) == before)
        #expect(read.member("b", of: read.root).flatMap(read.string) == before + "\tz" + before)
        #expect(throws: MalformedMessage(problem: "a control character in a string", offset: 6 + padding)) {
            try document("{\"a\":\"\(before)\u{1}\(before)\"}")
        }
    }
}
