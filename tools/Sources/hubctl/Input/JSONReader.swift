extension JSON {
    /// Reads `text` (RFC 8259).
    /// - Throws: ``Problem`` with what is wrong, and where.
    init(parsing text: String) throws(Problem) {
        var reader = JSONReader(text)
        self = try reader.document()
    }
}

/// Reads one JSON value, and tells the line and column of what is none.
private struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// How many lists and objects may stand within each other; a service takes fewer.
    private static let deepest = 128

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func document() throws(Problem) -> JSON {
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw problem("nothing may follow the value") }
        return value
    }

    private mutating func value() throws(Problem) -> JSON {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return try nested { reader throws(Problem) in .object(try reader.members()) }
        case UInt8(ascii: "["): return try nested { reader throws(Problem) in .list(try reader.items()) }
        case UInt8(ascii: "\""): return .text(try string())
        case let byte? where byte == UInt8(ascii: "-") || 0x30...0x39 ~= byte: return .number(try number())
        default:
            for (word, value) in [("true", JSON.flag(true)), ("false", .flag(false)), ("null", .null)]
            where bytes[position...].starts(with: word.utf8) {
                position += word.utf8.count
                return value
            }
            throw problem("a value is missing")
        }
    }

    private mutating func nested(
        _ read: (inout JSONReader) throws(Problem) -> JSON
    ) throws(Problem) -> JSON {
        guard depth < Self.deepest else {
            throw problem("the value is nested more than \(Self.deepest) deep")
        }
        depth += 1
        position += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func members() throws(Problem) -> [JSON.Member] {
        var members: [JSON.Member] = []
        guard !take("}") else { return [] }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw problem("a name in double quotes is missing") }
            let name = try string()
            guard !members.contains(where: { $0.name == name }) else {
                throw problem("\"\(name)\" is there twice")
            }
            guard take(":") else { throw problem("a colon is missing") }
            members.append(JSON.Member(name: name, value: try value()))
        } while take(",")
        guard take("}") else { throw problem("a comma or } is missing") }
        return members
    }

    private mutating func items() throws(Problem) -> [JSON] {
        var items: [JSON] = []
        guard !take("]") else { return [] }
        repeat { items.append(try value()) } while take(",")
        guard take("]") else { throw problem("a comma or ] is missing") }
        return items
    }

    /// A string, the first quote of which comes next.
    private mutating func string() throws(Problem) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = peek, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw problem("a control character in a string must be escaped") }
            position += 1
            if byte == UInt8(ascii: "\\") {
                text += Array(String(try escaped()).utf8)
            } else {
                text.append(byte)
            }
        }
        guard peek != nil else { throw problem("a string has no closing quote") }
        position += 1
        return String(decoding: text, as: UTF8.self)
    }

    /// What stands after a backslash.
    private mutating func escaped() throws(Problem) -> Unicode.Scalar {
        let simple: [UInt8: Unicode.Scalar] = [
            UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
            UInt8(ascii: "n"): "\n",
            UInt8(ascii: "t"): "\t", UInt8(ascii: "r"): "\r", UInt8(ascii: "b"): "\u{8}",
            UInt8(ascii: "f"): "\u{C}",
        ]
        if let byte = peek, let scalar = simple[byte] {
            position += 1
            return scalar
        }
        var code = try unit()
        if 0xD800..<0xDC00 ~= code, peek == UInt8(ascii: "\\") {
            position += 1
            let low = try unit()
            guard 0xDC00..<0xE000 ~= low else { throw problem("half of a surrogate pair stands alone") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else {
            throw problem("half of a surrogate pair stands alone")
        }
        return scalar
    }

    /// `u` and four hexadecimal digits.
    private mutating func unit() throws(Problem) -> UInt32 {
        guard peek == UInt8(ascii: "u") else { throw problem("there is no such escape") }
        let digits = bytes[(position + 1)...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw problem("\\u needs four hexadecimal digits") }
        position += 5
        return code
    }

    /// A number, kept as it is written.
    private mutating func number() throws(Problem) -> String {
        let start = position
        func digits() throws(Problem) {
            let first = position
            while let byte = peek, 0x30...0x39 ~= byte { position += 1 }
            guard position > first else { throw problem("a digit is missing") }
        }
        if peek == UInt8(ascii: "-") { position += 1 }
        if peek == UInt8(ascii: "0") { position += 1 } else { try digits() }
        if peek == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            position += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    /// Goes past `mark`, and space before it, where that comes next.
    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        skipSpace()
        guard peek == UInt8(ascii: mark) else { return false }
        position += 1
        return true
    }

    private func problem(_ what: String) -> Problem {
        let before = bytes[..<position]
        let line = before.count { $0 == 0x0A } + 1
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let column = String(decoding: before[start...], as: UTF8.self).count + 1
        return .usage("this is no JSON: line \(line), column \(column): \(what)")
    }
}
