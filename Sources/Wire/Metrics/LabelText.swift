/// The labels of a sample as OpenMetrics writes them: `{method="auth.Authorize",status="OK"}`, or nothing.
struct LabelText: CustomStringConvertible, Hashable {
    private let inner: String

    init(_ labels: KeyValuePairs<String, String>) {
        for (name, _) in labels {
            precondition(isMetricName(name) && !name.contains(":"), "\(name) is no name of a label")
        }
        precondition(Set(labels.map(\.key)).count == labels.count, "a label is given twice")
        inner = labels.map { "\($0)=\"\(escaped($1))\"" }.joined(separator: ",")
    }

    private init(inner: String) { self.inner = inner }

    /// These labels and one more.
    func adding(_ name: String, _ value: String) -> LabelText {
        let more = "\(name)=\"\(escaped(value))\""
        return LabelText(inner: inner.isEmpty ? more : inner + "," + more)
    }

    var description: String { inner.isEmpty ? "" : "{\(inner)}" }
}

/// `text` with backslashes, quotation marks and newlines escaped, for a label or a help text.
func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
        switch character {
        case "\\": result += "\\\\"
        case "\n", "\r\n": result += "\\n"
        case "\"": result += "\\\""
        default: result.append(character)
        }
    }
}

/// Whether `name` may be the name of a metric or label: letters, digits, `_` and `:`, not a digit first.
func isMetricName(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return name.utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x3A).contains($0) || $0 == 0x5F
    }
}
