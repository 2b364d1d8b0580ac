import Wire

/// A JSON Schema as rows of a table: a field's path, its type in words, and whether it may be left out.
struct SchemaFields {
    private(set) var rows: [[String]] = []

    init(_ schema: Schema) { add(schema, under: "") }

    /// Adds the fields of an object: those that must be there first, each followed by the fields within it.
    private mutating func add(_ schema: Schema, under path: String) {
        guard case .object(let properties)? = schema["properties"] else { return }
        let required = schema["required"]?.texts ?? []
        let fields = properties.sorted { one, other in
            let (first, second) = (required.contains(one.key), required.contains(other.key))
            return first == second ? one.key < other.key : first
        }
        for (name, field) in fields {
            rows.append([path + name, field.words, required.contains(name) ? "" : "optional"])
            add(field, under: path + name + ".")
            if let item = field["items"] { add(item, under: path + name + "[].") }
        }
    }
}

extension Schema {
    fileprivate subscript(keyword: String) -> Schema? {
        if case .object(let members) = self { members[keyword] } else { nil }
    }

    fileprivate var text: String? { if case .text(let text) = self { text } else { nil } }

    fileprivate var texts: [String] {
        if case .list(let items) = self { items.compactMap(\.text) } else { [] }
    }

    /// What a value is, in words: `text`, `time`, `one of: sms, authenticator`, `list of id`.
    var words: String {
        if let choices = self["enum"]?.texts, !choices.isEmpty {
            return "one of: " + choices.joined(separator: ", ")
        }
        if let items = self["items"] { return "list of " + items.words }
        if let values = self["additionalProperties"], values != .flag(false) {
            return "map of " + values.words
        }
        if self["properties"] != nil { return "object" }
        switch (self["type"]?.text, self["format"]?.text) {
        case ("string", "uuid"): return "id"
        case ("string", "date-time"): return "time"
        case ("string", _): return self["contentEncoding"]?.text ?? "text"
        case ("boolean", _): return "true or false"
        case (let type?, _): return type
        case (nil, _): return "any"
        }
    }
}
