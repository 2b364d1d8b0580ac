/// Reads JSON5 (spec.json5.org): JSON with comments, trailing commas, names without quotation marks.
///
/// Written out rather than left to `JSONDecoder` with `allowsJSON5`, for what an operator gets from it: the line and
/// column of a mistake; a name given twice in one object is refused, instead of one of the two being lost; a service that
/// does without Foundation is 5 MiB smaller. And Swift 6.3.1's decoder traps on some mistakes, such as `3e+`.
struct JSONParser {
    /// A mistake in the text, and where.
    struct Mistake: Error, Equatable, CustomStringConvertible {
        let line: Int
        let column: Int
        let problem: String

        var description: String { "line \(line), column \(column): \(problem)" }
    }

    /// How deep lists and objects may stand in each other.
    static let deepest = 32

    private let scalars: [Unicode.Scalar]
    private var at = 0

    private init(_ text: String) { scalars = Array(text.unicodeScalars) }

    /// The one value that `text` holds.
    static func parse(_ text: String) throws(Mistake) -> JSON {
        var parser = JSONParser(text)
        let value = try parser.value(depth: 0)
        try parser.skipBlanks()
        if parser.next != nil { throw parser.mistake("expected the end of the file, found \(parser.found)") }
        return value
    }

    private var next: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

    private mutating func value(depth: Int) throws(Mistake) -> JSON {
        try skipBlanks()
        guard depth <= Self.deepest else { throw mistake("more than \(Self.deepest) levels deep") }
        switch next {
        case "{": return try object(depth: depth)
        case "[": return try list(depth: depth)
        case "\"", "'": return .text(try string())
        case "-", "+", ".": return .number(try number())
        case .some(let scalar) where isDigit(scalar): return .number(try number())
        default: return try word()
        }
    }

    private mutating func object(depth: Int) throws(Mistake) -> JSON {
        var members: [JSON.Member] = []
        var names: Set<String> = []
        at += 1
        while true {
            try skipBlanks()
            if take("}") { return .object(members) }
            let start = at
            let name = try name()
            guard names.insert(name).inserted else {
                throw mistake("\(quoted(name)) is given twice", at: start)
            }
            try skipBlanks()
            guard take(":") else { throw mistake("expected a colon, found \(found)") }
            members.append(JSON.Member(name: name, value: try value(depth: depth + 1)))
            try skipBlanks()
            if !take(","), next != "}" { throw mistake("expected a comma or }, found \(found)") }
        }
    }

    private mutating func list(depth: Int) throws(Mistake) -> JSON {
        var items: [JSON] = []
        at += 1
        while true {
            try skipBlanks()
            if take("]") { return .list(items) }
            items.append(try value(depth: depth + 1))
            try skipBlanks()
            if !take(","), next != "]" { throw mistake("expected a comma or ], found \(found)") }
        }
    }

    /// A member's name: a string, or letters, digits, `_` and `$`.
    private mutating func name() throws(Mistake) -> String {
        if next == "\"" || next == "'" { return try string() }
        let name = letters()
        guard let first = name.unicodeScalars.first, !isDigit(first) else {
            at -= name.unicodeScalars.count
            throw mistake("expected a name or }, found \(found)")
        }
        return name
    }

    private mutating func word() throws(Mistake) -> JSON {
        let start = at
        switch letters() {
        case "true": return .flag(true)
        case "false": return .flag(false)
        case "null": return .null
        case "Infinity", "NaN": throw mistake("expected a finite number", at: start)
        default:
            at = start
            throw mistake("expected a value, found \(found)")
        }
    }

    private mutating func letters() -> String {
        let start = at
        while let scalar = next,
            scalar.properties.isAlphabetic || isDigit(scalar) || scalar == "_" || scalar == "$"
        {
            at += 1
        }
        return text(from: start)
    }

    /// The text of a number: a sign, then hexadecimal digits after `0x`, or decimal ones with a point and an exponent.
    private mutating func number() throws(Mistake) -> String {
        let start = at
        if !take("-") { _ = take("+") }
        if next == "I" || next == "N" { return "\(try word())" }
        if next == "0", at + 1 < scalars.count, scalars[at + 1] == "x" || scalars[at + 1] == "X" {
            at += 2
            guard digits(where: \.properties.isASCIIHexDigit) > 0 else {
                throw mistake("expected a hexadecimal digit, found \(found)")
            }
        } else {
            let zero = next == "0"
            let whole = digits()
            if zero, whole > 1 { throw mistake("a number does not begin with 0", at: start) }
            let fraction = take(".") ? digits() : 0
            guard whole + fraction > 0 else { throw mistake("expected a digit, found \(found)") }
            if take("e") || take("E") {
                if !take("-") { _ = take("+") }
                guard digits() > 0 else { throw mistake("expected a digit, found \(found)") }
            }
        }
        if let scalar = next, scalar.properties.isAlphabetic || scalar == "_" {
            throw mistake("expected the end of the number, found \(found)")
        }
        return text(from: start)
    }

    private mutating func digits(where isDigit: (Unicode.Scalar) -> Bool = isDigit)
        -> Int
    {
        let start = at
        while let scalar = next, isDigit(scalar) { at += 1 }
        return at - start
    }

    private mutating func string() throws(Mistake) -> String {
        let start = at
        let mark = scalars[at]
        var result = String.UnicodeScalarView()
        at += 1
        while let scalar = next {
            at += 1
            switch scalar {
            case mark: return String(result)
            case "\n", "\r": throw mistake("the string does not end on its line", at: start)
            case "\\": if let escaped = try escape() { result.append(escaped) }
            default: result.append(scalar)
            }
        }
        throw mistake("the string does not end", at: start)
    }

    /// What stands after a backslash; nil for the end of a line, which the string goes on after.
    private mutating func escape() throws(Mistake) -> Unicode.Scalar? {
        let start = at - 1
        guard let scalar = next else { throw mistake("the string does not end", at: start) }
        at += 1
        switch scalar {
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "v": return "\u{B}"
        case "x": return Unicode.Scalar(try hexadecimal(2, from: start))
        case "u": return try utf16(from: start)
        case "\n", "\u{2028}", "\u{2029}": return nil
        case "\r":
            _ = take("\n")
            return nil
        case "0" where next.map(isDigit) != true: return "\0"
        case _ where isDigit(scalar): throw mistake("expected an escape, found \\\(scalar)", at: start)
        default: return scalar
        }
    }

    /// The scalar of `\uHHHH`, or of two of them that are a surrogate pair.
    private mutating func utf16(from start: Int) throws(Mistake) -> Unicode.Scalar {
        let high = try hexadecimal(4, from: start)
        if let scalar = Unicode.Scalar(high) { return scalar }
        if high < 0xDC00, take("\\"), take("u") {
            let low = try hexadecimal(4, from: start)
            if (0xDC00...0xDFFF).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
            {
                return scalar
            }
        }
        throw mistake("half of a surrogate pair", at: start)
    }

    private mutating func hexadecimal(_ count: Int, from start: Int) throws(Mistake) -> UInt32 {
        let end = at + count
        guard end <= scalars.count, scalars[at..<end].allSatisfy(\.properties.isASCIIHexDigit),
            let value = UInt32(text(from: at, to: end), radix: 16)
        else { throw mistake("expected \(count) hexadecimal digits", at: start) }
        at = end
        return value
    }

    /// Passes white space and comments.
    private mutating func skipBlanks() throws(Mistake) {
        while let scalar = next {
            if scalar.properties.isWhitespace || scalar == "\u{FEFF}" {
                at += 1
            } else if scalar == "/" {
                try skipComment()
            } else {
                return
            }
        }
    }

    private mutating func skipComment() throws(Mistake) {
        let start = at
        at += 1
        if take("/") {
            while let scalar = next, scalar != "\n", scalar != "\r" { at += 1 }
        } else if take("*") {
            repeat {
                while next != nil, next != "*" { at += 1 }
                guard take("*") else { throw mistake("the comment does not end", at: start) }
            } while !take("/")
        } else {
            throw mistake("expected a value or a comment, found \"/\"", at: start)
        }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        at += 1
        return true
    }

    private func text(from start: Int, to end: Int? = nil) -> String {
        String(String.UnicodeScalarView(scalars[start..<(end ?? at)]))
    }

    private var found: String { next.map { quoted(String($0)) } ?? "the end of the file" }

    private func mistake(_ problem: String, at place: Int? = nil) -> Mistake {
        let before = scalars[..<(place ?? at)]
        let lineStart = before.lastIndex(of: "\n").map { $0 + 1 } ?? 0
        return Mistake(
            line: before.count { $0 == "\n" } + 1, column: before.count - lineStart + 1, problem: problem)
    }
}

private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
