/// Finds out what a type decodes, by letting it decode: from a decoder that answers every question with a value made up,
/// and writes down what was asked for.
struct SchemaProbe {
    /// What a type turned out to be, and a made-up value of it, or why there is none.
    struct Finding<Value> {
        let shape: Shape
        let value: Result<Value, any Error>
    }

    /// A type that holds itself cannot be made up. Whatever holds the inner one does without it: an optional field is
    /// nil, an array empty.
    struct Recursion: Error {}

    /// What a value was asked to be, as the keywords of JSON Schema and what they apply to.
    final class Shape {
        var keywords: [String: Schema]
        /// What stands in an array, under `items`, or in a dictionary, under `additionalProperties`.
        var inner: (keyword: String, shape: Shape)?
        private var properties: [String: Shape] = [:]
        private var required: [String] = []

        init(_ keywords: [String: Schema] = [:]) { self.keywords = keywords }

        var schema: Schema {
            var members = keywords
            if let inner { members[inner.keyword] = inner.shape.schema }
            if !properties.isEmpty { members["properties"] = .object(properties.mapValues(\.schema)) }
            if !required.isEmpty { members["required"] = .list(required.map { .text($0) }) }
            return .object(members)
        }

        /// Takes over what another shape is.
        func become(_ other: Shape) {
            keywords = other.keywords
            inner = other.inner
            properties = other.properties
            required = other.required
        }

        /// Takes a field down; one that is asked for more than once is what it was the first time.
        func add(_ name: String, _ shape: Shape, isRequired: Bool) {
            if properties[name] == nil { properties[name] = shape }
            if isRequired, !required.contains(name) { required.append(name) }
        }
    }

    /// The types that are being decoded, the outermost first, without arrays and the like: no type holds itself by
    /// those alone.
    private var trail: [ObjectIdentifier] = []

    func describe<T: Decodable>(_ type: T.Type) -> Finding<T> {
        if let known = exemplary(type) ?? enumeration(type) { return known }
        let shape = Shape()
        guard !trail.contains(ObjectIdentifier(type)) else {
            return Finding(shape: shape, value: .failure(Recursion()))
        }
        var inner = self
        if !(type is any Holder.Type) { inner.trail.append(ObjectIdentifier(type)) }
        var value = Result { try T(from: ProbeDecoder(probe: inner, shape: shape, isEmpty: false)) }
        if case .failure(let error) = value, error is Recursion {
            value = Result { try T(from: ProbeDecoder(probe: inner, shape: shape, isEmpty: true)) }
        }
        // A type without fields may ask for nothing at all.
        if case .success = value, shape.keywords.isEmpty { shape.keywords = ["type": .text("object")] }
        return Finding(shape: shape, value: value)
    }

    /// A type that has an example ready.
    private func exemplary<T>(_ type: T.Type) -> Finding<T>? {
        guard let exemplary = type as? any Exemplary.Type, let example = exemplary.example as? T else {
            return nil
        }
        return Finding(shape: Shape(exemplary.keywords), value: .success(example))
    }

    /// An enumeration of words or of numbers, with all that there are.
    private func enumeration<T>(_ type: T.Type) -> Finding<T>? {
        guard let enumeration = type as? any CaseIterable.Type else { return nil }
        let cases = allCases(enumeration)
        guard let first = cases.first as? T else { return nil }
        var values: [Schema] = []
        for item in cases {
            switch (item as? any RawRepresentable)?.rawValue {
            case let word as String: values.append(.text(word))
            case let number as any FixedWidthInteger: values.append(.number(Int(clamping: number)))
            default: return nil
            }
        }
        let isText = if case .text = values[0] { true } else { false }
        let keywords: [String: Schema] = [
            "type": .text(isText ? "string" : "integer"), "enum": .list(values),
        ]
        return Finding(shape: Shape(keywords), value: .success(first))
    }

    private func allCases<Cases: CaseIterable>(_ type: Cases.Type) -> [Any] { type.allCases.map { $0 } }
}

/// A type of the standard library that holds values of any type.
private protocol Holder {}
extension Optional: Holder {}
extension Array: Holder {}
extension Set: Holder {}
extension Dictionary: Holder {}

extension Schema {
    /// Derives the JSON Schema (draft 2020-12) of what `type` decodes.
    ///
    /// A field that the type asks for with `decodeIfPresent` is not `required`. Of a type whose own `init(from:)` refuses
    /// a made-up value the schema has what was asked for until then; a type that holds itself is `{}` within itself.
    init<T: Decodable>(describing type: T.Type) {
        self = SchemaProbe().describe(type).shape.schema
    }

    /// The paths of the fields that an object described so may have, sorted: `actor`, `actor.id`, `checks[].name`,
    /// `headers.*` for a dictionary's values.
    var fieldNames: [String] {
        var names: [String] = []
        func walk(_ schema: Schema, _ path: String) {
            guard case .object(let members) = schema else { return }
            if case .object(let properties) = members["properties"] {
                for (name, property) in properties {
                    let inner = path.isEmpty ? name : path + "." + name
                    names.append(inner)
                    walk(property, inner)
                }
            }
            if let items = members["items"] { walk(items, path + "[]") }
            if let values = members["additionalProperties"] {
                let inner = path.isEmpty ? "*" : path + ".*"
                names.append(inner)
                walk(values, inner)
            }
        }
        walk(self, "")
        return names.sorted()
    }
}
