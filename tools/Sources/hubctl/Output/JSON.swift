import FoundationEssentials

/// Any JSON value: a body as a person writes it, an answer of any shape. Members keep their order, numbers their digits.
indirect enum JSON: Hashable {
    case null
    case flag(Bool)
    /// As it is written.
    case number(String)
    case text(String)
    case list([JSON])
    case object([Member])

    struct Member: Hashable {
        let name: String
        let value: JSON
    }

    /// What `value` is as JSON, in lines, members sorted by name so that the same answer gives the same text.
    static func text(of value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try JSON(parsing: String(decoding: try encoder.encode(value), as: UTF8.self)).pretty
    }

    /// The member called `name`; nil where this is no object, or has no such member.
    subscript(name: String) -> JSON? {
        if case .object(let members) = self { members.first { $0.name == name }?.value } else { nil }
    }

    var string: String? { if case .text(let text) = self { text } else { nil } }
    var int: Int? { if case .number(let digits) = self { Int(digits) } else { nil } }
}

extension JSON {
    /// On one line, for the wire.
    var compact: String { written(indentation: nil) }

    /// In lines, for people.
    var pretty: String { written(indentation: "") }

    /// Writes the value; with an indentation in lines, of which all but the first begin with it.
    private func written(indentation: String?) -> String {
        switch self {
        case .null: "null"
        case .flag(let flag): flag ? "true" : "false"
        case .number(let digits): digits
        case .text(let text): Self.quoted(text)
        case .list(let items):
            Self.enclosed("[", items, "]", indentation) { $0.written(indentation: $1) }
        case .object(let members):
            Self.enclosed("{", members, "}", indentation) { member, inner in
                Self.quoted(member.name) + (inner == nil ? ":" : ": ")
                    + member.value.written(indentation: inner)
            }
        }
    }

    private static func enclosed<Item>(
        _ open: String, _ items: [Item], _ close: String, _ indentation: String?,
        write: (Item, String?) -> String
    ) -> String {
        guard let indentation, !items.isEmpty else {
            return open + items.map { write($0, indentation) }.joined(separator: ",") + close
        }
        let inner = indentation + "  "
        let lines = items.map { inner + write($0, inner) }
        return open + "\n" + lines.joined(separator: ",\n") + "\n" + indentation + close
    }

    /// `text` as a JSON string. What could play tricks on a terminal is escaped, as is what must be.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where isTrick(scalar):
                // All such characters are in the first plane, so that one escape holds each.
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
