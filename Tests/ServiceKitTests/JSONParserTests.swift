import FoundationEssentials
import Testing

@testable import ServiceKit

@Suite("JSON parser") struct JSONParserTests {
    @Test(
        "reads JSON and what JSON5 adds to it",
        arguments: [
            ("{}", JSON.object([])),
            (" [ ] ", .list([])),
            ("null", .null),
            ("true", .flag(true)),
            ("false // no", .flag(false)),
            ("0", .number("0")),
            ("-12.5e+3", .number("-12.5e+3")),
            ("+.5", .number("+.5")),
            ("5.", .number("5.")),
            ("0xFf", .number("0xFf")),
            (#""a\"b\\c\/d\b\f\n\r\t\u00e9\x41\v\0""#, .text("a\"b\\c/d\u{8}\u{C}\n\r\téA\u{B}\0")),
            (#""\uD83D\uDE00""#, .text("😀")),
            (#"'it\'s "so"'"#, .text("it's \"so\"")),
            ("'two \\\nlines'", .text("two lines")),
            ("'two \\\r\nlines'", .text("two lines")),
            ("'naïve – ✓'", .text("naïve – ✓")),
            ("[1, 2,]", .list([.number("1"), .number("2")])),
            ("[/* a */1/**/,\n// b\n2/***/]", .list([.number("1"), .number("2")])),
            ("\u{FEFF}\u{A0}\t\r\n1", .number("1")),
            (
                "{a: 1, $b_2: 'x', \"c d\": {}, é: [],}",
                .object([
                    .init(name: "a", value: .number("1")), .init(name: "$b_2", value: .text("x")),
                    .init(name: "c d", value: .object([])), .init(name: "é", value: .list([])),
                ])
            ),
        ])
    func reads(text: String, expected: JSON) throws {
        #expect(try JSONParser.parse(text) == expected)
    }

    @Test(
        "says where a mistake is and what it is",
        arguments: [
            ("", "line 1, column 1: expected a value, found the end of the file"),
            ("{\n  a: 1\n  b: 2\n}", #"line 3, column 3: expected a comma or }, found "b""#),
            ("[1 2]", #"line 1, column 4: expected a comma or ], found "2""#),
            ("{a 1}", #"line 1, column 4: expected a colon, found "1""#),
            ("{,}", #"line 1, column 2: expected a name or }, found ",""#),
            ("{1: 2}", #"line 1, column 2: expected a name or }, found "1""#),
            ("{a: 1, b: 2, a: 3}", #"line 1, column 14: "a" is given twice"#),
            ("{a: 1, 'a': 1}", #"line 1, column 8: "a" is given twice"#),
            (#"{"a": 1, "\u0061": 1}"#, #"line 1, column 10: "a" is given twice"#),
            ("[,]", #"line 1, column 2: expected a value, found ",""#),
            ("[1,,2]", #"line 1, column 4: expected a value, found ",""#),
            ("{} {}", #"line 1, column 4: expected the end of the file, found "{""#),
            ("yes", #"line 1, column 1: expected a value, found "y""#),
            ("{a: True}", #"line 1, column 5: expected a value, found "T""#),
            ("[\n1,\n", "line 3, column 1: expected a value, found the end of the file"),
            ("'abc", "line 1, column 1: the string does not end"),
            ("'abc\\", "line 1, column 5: the string does not end"),
            ("[\"a\nb\"]", "line 1, column 2: the string does not end on its line"),
            (#""\u12""#, "line 1, column 2: expected 4 hexadecimal digits"),
            (#""\u-123""#, "line 1, column 2: expected 4 hexadecimal digits"),
            (#""\xg0""#, "line 1, column 2: expected 2 hexadecimal digits"),
            (#""\uD83D""#, "line 1, column 2: half of a surrogate pair"),
            (#""\uD83D\u0041""#, "line 1, column 2: half of a surrogate pair"),
            (#""\uDE00""#, "line 1, column 2: half of a surrogate pair"),
            (#""\1""#, #"line 1, column 2: expected an escape, found \1"#),
            (#""\01""#, #"line 1, column 2: expected an escape, found \0"#),
            ("/* a", "line 1, column 1: the comment does not end"),
            ("/*/", "line 1, column 1: the comment does not end"),
            ("1 / 2", #"line 1, column 3: expected a value or a comment, found "/""#),
            ("007", "line 1, column 1: a number does not begin with 0"),
            ("-", "line 1, column 2: expected a digit, found the end of the file"),
            (".", "line 1, column 2: expected a digit, found the end of the file"),
            ("1e", "line 1, column 3: expected a digit, found the end of the file"),
            ("0x", "line 1, column 3: expected a hexadecimal digit, found the end of the file"),
            ("12ab", #"line 1, column 3: expected the end of the number, found "a""#),
            ("NaN", "line 1, column 1: expected a finite number"),
            ("-Infinity", "line 1, column 2: expected a finite number"),
            ("{a: \u{202E}1}", #"line 1, column 5: expected a value, found "\u{202e}""#),
        ])
    func refuses(text: String, expected: String) {
        #expect(throws: JSONParser.Mistake.self) { try JSONParser.parse(text) }
        do throws(JSONParser.Mistake) {
            _ = try JSONParser.parse(text)
        } catch {
            #expect(error.description == expected)
        }
    }

    @Test("ends at 32 levels, long before the stack does")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONParser.parse(nested(33))
        #expect(throws: JSONParser.Mistake(line: 1, column: 34, problem: "more than 32 levels deep")) {
            try JSONParser.parse(nested(34))
        }
        #expect(throws: JSONParser.Mistake.self) { try JSONParser.parse(nested(100_000)) }
    }

    /// A document with one of each thing.
    static let sample = """
        // A configuration.
        { "socket": "/run/a.sock", limits: { perHour: 5, 'per day': 0x1F, }, /* none */
          list: [1, -2.5, +3e2, .5, true, null, "\\u00e9\\n"], }
        """

    /// Only strict JSON is compared on broken documents: with `allowsJSON5`, Foundation's decoder of Swift 6.3.1 traps on
    /// `3e+`, and keeps the end of a line that a string goes on after.
    @Test("reads whatever Foundation's strict decoder reads, and the same, in 5,000 broken documents")
    func agreesWithFoundation() {
        var random = Generator(state: 0x9E37_79B9_7F4A_7C15)
        let sample = Array(
            #"{"socket": "/run/a.sock", "limits": {"perHour": 5}, "list": [1, -2.5e+3, true, null, "\u00e9\n"]}"#
                .utf8)
        let letters = Array(" {}[]:,'\"\\/*.+-0x1aeEu\n".utf8)
        var compared = 0
        for _ in 0..<5_000 {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes.remove(at: place)
                case 1: bytes.insert(letters.randomElement(using: &random) ?? 32, at: place)
                default: bytes[place] = letters.randomElement(using: &random) ?? 32
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let theirs = try? JSONDecoder().decode(Tree.self, from: Data(bytes)) else { continue }
            compared += 1
            do {
                let ours = Tree(try JSONParser.parse(text))
                #expect(ours == theirs, "\(text)")
            } catch {
                Issue.record("\(error): \(text)")
            }
        }
        #expect(compared > 500)
    }

    @Test("reads the sample as Foundation does")
    func readsSample() throws {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        let theirs = try decoder.decode(Tree.self, from: Data(Self.sample.utf8))
        #expect(Tree(try JSONParser.parse(Self.sample)) == theirs)
    }
}

/// A JSON value as `Codable` sees it: numbers by value, members without order.
private indirect enum Tree: Decodable, Equatable {
    case null, flag(Bool), number(Double), text(String), list([Tree]), object([String: Tree])

    init(_ json: JSON) {
        switch json {
        case .null: self = .null
        case .flag(let flag): self = .flag(flag)
        case .number(let digits):
            let whole = JSON.number(digits).int.map(Double.init)
            self = .number(whole ?? Double(digits.hasSuffix(".") ? digits + "0" : digits) ?? .nan)
        case .text(let text): self = .text(text)
        case .list(let items): self = .list(items.map(Tree.init))
        case .object(let members):
            self = .object(Dictionary(uniqueKeysWithValues: members.map { ($0.name, Tree($0.value)) }))
        }
    }

    init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            self = .null
        } else if let flag = try? single.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? single.decode(Double.self) {
            self = .number(number)
        } else if let text = try? single.decode(String.self) {
            self = .text(text)
        } else if let items = try? single.decode([Tree].self) {
            self = .list(items)
        } else {
            self = .object(try single.decode([String: Tree].self))
        }
    }
}

/// A small generator whose numbers a seed repeats (xorshift64*).
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }
}
