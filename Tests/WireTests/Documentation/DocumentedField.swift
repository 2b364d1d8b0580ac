import Pages

@testable import Wire

/// A field as it is documented, or as a type's schema has it: both are brought to this form, and compared.
struct DocumentedField: Hashable, Comparable, CustomStringConvertible {
    /// Such as `clients[].twoFactor.state`.
    let path: String
    /// `string`, `integer`, `boolean`, `time`, `id`, `object`, the words that there are, or `list of` or `map of` one of these.
    let type: String
    let isOptional: Bool

    var description: String { "\(path): \(type)" + (isOptional ? ", optional" : "") }

    static func < (one: Self, other: Self) -> Bool { one.path < other.path }
}

extension Schema {
    /// The fields of an object, and those of the objects within it.
    func documentedFields(_ prefix: String = "") -> [DocumentedField] {
        guard case .object(let members) = self, case .object(let properties) = members["properties"] else {
            return []
        }
        var required: [Schema] = []
        if case .list(let names) = members["required"] { required = names }
        return properties.flatMap { name, schema in
            [
                DocumentedField(
                    path: prefix + name, type: schema.documentedType,
                    isOptional: !required.contains(.text(name)))
            ] + schema.innermost.documentedFields(prefix + name + (schema.items == nil ? "." : "[]."))
        }
    }

    private func member(_ name: String) -> Schema? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    private var items: Schema? { member("items") }
    private var innermost: Schema { items ?? self }

    private var documentedType: String {
        if let items { return "list of \(items.documentedType)" }
        if let values = member("additionalProperties") { return "map of \(values.documentedType)" }
        if case .list(let words) = member("enum") {
            return words.map { if case .text(let word) = $0 { word } else { "?" } }.joined(separator: " ")
        }
        switch (member("type"), member("format")) {
        case (_, .text("date-time")): return "time"
        case (_, .text("uuid")): return "id"
        case (.text(let type), _): return type
        default: return "object"
        }
    }
}

extension Page {
    /// The fields that a table of the page lists, with those of the types that it links to.
    func fields(_ table: Table, _ prefix: String = "") throws -> [DocumentedField] {
        try table.rows.flatMap { row in
            let path = prefix + row[0].bare
            var type = row[1]
            // An answer's field that may be null is, to a decoder, one that may be absent.
            let isOptional = type.hasSuffix(", optional") || type.hasSuffix(" or null")
            for mark in [", optional", " or null"] where type.hasSuffix(mark) {
                type = String(type.dropLast(mark.count))
            }
            let container = ["list of ", "map of "].first(where: type.hasPrefix) ?? ""
            let (name, inner) = try resolve(String(type.dropFirst(container.count)))
            let own = DocumentedField(path: path, type: container + name, isOptional: isOptional)
            return try [own]
                + (inner.map { try fields($0, path + (container == "list of " ? "[]." : ".")) } ?? [])
        }
    }

    /// What a type's name stands for: itself, the words of the section that it links to, or an object with its table.
    private func resolve(_ type: String) throws -> (type: String, fields: Table?) {
        guard type.hasPrefix("[") else { return (type == "schema" ? "map of object" : type, nil) }
        let name = String(type.dropFirst().prefix { $0 != "]" })
        guard let section = section(name), type == "[\(name)](#\(section.anchor))" else {
            throw Dangling(link: type)
        }
        if let words = section.table("word") {
            return (words.rows.map { $0[0].bare }.joined(separator: " "), nil)
        }
        guard let fields = section.table("field") else { throw Dangling(link: type) }
        return ("object", fields)
    }

    /// A link that leads to no type.
    struct Dangling: Error {
        let link: String
    }
}
