import Testing

@testable import Wire

struct CBORParserTests {
    @Test(
        "reads the examples of RFC 8949, appendix A",
        arguments: [
            ("00", "0"), ("01", "1"), ("0a", "10"), ("17", "23"), ("1818", "24"), ("1819", "25"),
            ("1864", "100"),
            ("1903e8", "1000"), ("1a000f4240", "1000000"), ("1b000000e8d4a51000", "1000000000000"),
            ("1bffffffffffffffff", "18446744073709551615"), ("3bffffffffffffffff", "-18446744073709551616"),
            ("20", "-1"), ("29", "-10"), ("3863", "-100"), ("3903e7", "-1000"),
            ("f90000", "0.0"), ("f98000", "-0.0"), ("f93c00", "1.0"), ("fb3ff199999999999a", "1.1"),
            ("f93e00", "1.5"), ("f97bff", "65504.0"), ("fa47c35000", "100000.0"),
            ("fa7f7fffff", "3.4028234663852886e+38"), ("fb7e37e43c8800759c", "1e+300"),
            ("f90001", "5.960464477539063e-08"), ("f90400", "6.103515625e-05"), ("f9c400", "-4.0"),
            ("fbc010666666666666", "-4.1"),
            ("f4", "false"), ("f5", "true"), ("f6", "null"), ("f7", "null"),
            ("40", "h''"), ("4401020304", "h'01020304'"), ("60", #""""#), ("6161", #""a""#),
            ("6449455446", #""IETF""#), ("62225c", #"""\""#), ("62c3bc", #""ü""#), ("63e6b0b4", #""水""#),
            ("64f0908591", #""𐅑""#),
            ("80", "[]"), ("83010203", "[1, 2, 3]"), ("8301820203820405", "[1, [2, 3], [4, 5]]"),
            (
                "98190102030405060708090a0b0c0d0e0f101112131415161718181819",
                "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]"
            ),
            ("a0", "{}"), ("a26161016162820203", #"{"a": 1, "b": [2, 3]}"#),
            ("826161a161626163", #"["a", {"b": "c"}]"#),
            (
                "a56161614161626142616361436164614461656145",
                #"{"a": "A", "b": "B", "c": "C", "d": "D", "e": "E"}"#
            ),
            ("5f42010243030405ff", "h'0102030405'"), ("7f657374726561646d696e67ff", #""streaming""#),
            ("9fff", "[]"), ("9f018202039f0405ffff", "[1, [2, 3], [4, 5]]"),
            ("9f01820203820405ff", "[1, [2, 3], [4, 5]]"), ("83018202039f0405ff", "[1, [2, 3], [4, 5]]"),
            ("83019f0203ff820405", "[1, [2, 3], [4, 5]]"),
            (
                "9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff",
                "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]"
            ),
            ("bf61610161629f0203ffff", #"{"a": 1, "b": [2, 3]}"#),
            ("826161bf61626163ff", #"["a", {"b": "c"}]"#),
            ("bf6346756ef563416d7421ff", #"{"Fun": true, "Amt": -2}"#),
        ])
    func examples(item: String, expected: String) throws {
        let message = try document(hex("a16176" + item))
        #expect(message.encoding == .cbor)
        #expect(message.notation(of: message.root) == "{\"v\": \(expected)}")
    }

    @Test(
        "refuses those of appendix A that no message has",
        arguments: [
            ("c249010000000000000000", "a tag, which no message has"),
            ("c349010000000000000000", "a tag, which no message has"),
            ("f97c00", "a number that is not finite"), ("f97e00", "a number that is not finite"),
            ("f9fc00", "a number that is not finite"), ("fa7f800000", "a number that is not finite"),
            ("fa7fc00000", "a number that is not finite"), ("faff800000", "a number that is not finite"),
            ("fb7ff0000000000000", "a number that is not finite"),
            ("fb7ff8000000000000", "a number that is not finite"),
            ("fbfff0000000000000", "a number that is not finite"),
            ("f0", "a simple value that has no meaning here"),
            ("f8ff", "a simple value that has no meaning here"),
            ("c074323031332d30332d32315432303a30343a30305a", "a tag, which no message has"),
            ("c11a514b67b0", "a tag, which no message has"),
            ("c1fb41d452d9e20000", "a tag, which no message has"),
            ("d74401020304", "a tag, which no message has"),
            ("d818456449455446", "a tag, which no message has"),
            ("d82076687474703a2f2f7777772e6578616d706c652e636f6d", "a tag, which no message has"),
        ])
    func refusedExamples(item: String, problem: String) {
        #expect(throws: MalformedMessage(problem: problem, offset: 3)) { try document(hex("a16176" + item)) }
    }

    @Test("refuses integers as keys, as in an example of appendix A")
    func integerKeys() {
        #expect(throws: MalformedMessage(problem: "a key is no text", offset: 1)) {
            try document(hex("a201020304"))
        }
    }

    @Test(
        "reads what is not the shortest form",
        arguments: [
            ("a17800 00", #"{"": 0}"#), ("b80161761817", #"{"v": 23}"#), ("b90001617619 0001", #"{"v": 1}"#),
            ("ba00000001 7b000000000000000176 1b0000000000000002", #"{"v": 2}"#),
            ("a1617698 01 9a00000000", #"{"v": [[]]}"#), ("a16176 3b0000000000000000", #"{"v": -1}"#),
            ("a16176 fa3f800000", #"{"v": 1.0}"#), ("bfff", "{}"), ("a16176 7fff", #"{"v": ""}"#),
            ("a16176 7f606178ff", #"{"v": "x"}"#), ("bf 7f61766176ff 00 ff", #"{"vv": 0}"#),
        ])
    func longForms(message: String, expected: String) throws {
        let read = try document(hex(message))
        #expect(read.notation(of: read.root) == expected)
    }

    @Test(
        "refuses hostile bytes, saying what is wrong and where",
        arguments: [
            ("", "the message is empty", 0), ("00", "the message is a map neither of JSON nor of CBOR", 0),
            ("80", "the message is a map neither of JSON nor of CBOR", 0),
            ("c0a0", "the message is a map neither of JSON nor of CBOR", 0),
            // Ends early.
            ("a1", "an array or map has more entries than the message has bytes", 0),
            ("a16176", "the message ends early", 3),
            ("a2617600", "an array or map has more entries than the message has bytes", 0),
            ("bf", "the message ends early", 1), ("bf6176", "the message ends early", 3),
            ("bf617600", "the message ends early", 4), ("a1617618", "the message ends early", 4),
            ("a161761b00000000000000", "the message ends early", 11),
            ("a16176f900", "the message ends early", 5),
            ("a161769f00", "the message ends early", 5), ("a161765f", "the message ends early", 4),
            ("a161765f40", "the message ends early", 5),
            // Lengths that lie.
            ("a1617662 61", "a string is longer than the message", 3),
            ("a17a7fffffff", "a string is longer than the message", 1),
            ("a161765bffffffffffffffff", "a string is longer than the message", 3),
            ("a161765f 43 00 ff", "a string is longer than the message", 4),
            ("a161769bffffffffffffffff", "an array or map has more entries than the message has bytes", 3),
            ("a161769a00000002 00", "an array or map has more entries than the message has bytes", 3),
            ("a16176bb7fffffffffffffff", "an array or map has more entries than the message has bytes", 3),
            ("bbffffffffffffffff", "an array or map has more entries than the message has bytes", 0),
            // Bytes that mean nothing.
            ("bc", "a reserved initial byte", 0), ("a161761c", "a reserved initial byte", 3),
            ("a161763d", "a reserved initial byte", 3), ("a161767e", "a reserved initial byte", 3),
            ("a16176fc", "a reserved initial byte", 3), ("a161761f", "a length is missing", 3),
            ("a161763f", "a length is missing", 3), ("a16176ff", "a break without an indefinite length", 3),
            ("a161ff00", "a text is not UTF-8", 2), ("bf6176ff", "a break without an indefinite length", 3),
            ("a16176f818", "a simple value that has no meaning here", 3),
            ("a16176df00", "a tag, which no message has", 3),
            // Chunks.
            ("a161767f 4161 ff", "a chunk of a string is something else", 4),
            ("a161767f 7f6161ff ff", "a chunk of a string is something else", 4),
            ("a161765f 00 ff", "a chunk of a string is something else", 4),
            ("a161767f 61c3 61bc ff", "a text is not UTF-8", 5),
            // Keys.
            ("a14176 00", "a key is no text", 1), ("a1f600", "a key is no text", 1),
            ("bf00 00ff", "a key is no text", 1),
            ("a2617600 617600", "a key stands twice in one map", 5),
            ("a2617600 78017600", "a key stands twice in one map", 6),
            ("a2617600 7f6176ff00", "a key stands twice in one map", 5),
            ("bf617600617701617602ff", "a key stands twice in one map", 8),
            ("a16176a2616100616100", "a key stands twice in one map", 8),
            ("a260006000", "a key stands twice in one map", 4),
            // More than one message.
            ("a000", "bytes follow the message", 1), ("a0a0", "bytes follow the message", 1),
            ("bfffff", "bytes follow the message", 2),
        ])
    func hostile(message: String, problem: String, offset: Int) {
        #expect(throws: MalformedMessage(problem: problem, offset: offset)) { try document(hex(message)) }
    }

    @Test(
        "refuses what is not UTF-8, at the byte where it goes wrong",
        arguments: [
            ("80", 0), ("bf", 0), ("c3", 0), ("c328", 0), ("c0af", 0), ("c1bf", 0), ("e28228", 0),
            ("e080af", 0),
            ("e09fbf", 0), ("eda080", 0), ("edbfbf", 0), ("f0808080", 0), ("f08fbfbf", 0), ("f4908080", 0),
            ("f5808080", 0), ("ff", 0), ("fe", 0), ("f0908591f09085", 4), ("61626364656667686970c3", 10),
            ("e6b0b461", nil), ("efbfbf", nil), ("f48fbfbf", nil), ("c280", nil), ("dfbf", nil),
            ("e0a080", nil),
            ("ed9fbf", nil), ("ee8080", nil), ("f0908080", nil), ("00", nil), ("7f", nil),
        ] as [(String, Int?)])
    func utf8(text: String, invalid: Int?) throws {
        let content = hex(text)
        let message = hex("a16176") + [0x60 + UInt8(content.count)] + content
        if let invalid {
            #expect(throws: MalformedMessage(problem: "a text is not UTF-8", offset: 4 + invalid)) {
                try document(message)
            }
        } else {
            let read = try document(message)
            #expect(
                read.member("v", of: read.root).flatMap(read.string)
                    == String(decoding: content, as: UTF8.self))
        }
    }

    @Test("gives every half-precision float the value that its bits say")
    func halves() throws {
        for bits in UInt16.min...UInt16.max where bits & 0x7C00 != 0x7C00 {
            let exponent = Int(bits >> 10 & 0x1F)
            let mantissa = Double(bits & 0x3FF)
            let magnitude =
                exponent == 0
                ? mantissa * 0x1p-24
                : (mantissa + 1_024) * Double(sign: .plus, exponent: exponent - 25, significand: 1)
            let message = try document([0xA1, 0x61, 0x76, 0xF9, UInt8(bits >> 8), UInt8(bits & 0xFF)])
            let value = try message.decode(Box<Double>.self, from: message.root).v
            try #require(value == (bits >> 15 == 1 ? -magnitude : magnitude))
        }
    }
}
