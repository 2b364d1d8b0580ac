import Hummingbird

/// The fields of a form (application/x-www-form-urlencoded), or of a query.
struct Form: Sendable {
    /// Names that begin with an underscore are this front end's own.
    static let token = "_token"

    private let fields: [String: String]

    init(_ fields: [String: String] = [:]) { self.fields = fields }

    /// Reads a body; nil where it is no form, or names a field twice.
    init?(parsing body: String) {
        guard let fields = try? URLEncodedFormDecoder().decode([String: String].self, from: body) else {
            return nil
        }
        self.fields = fields
    }

    /// A field without the spaces around it; nil where it is absent or empty.
    subscript(_ name: String) -> String? {
        guard let text = fields[name] else { return nil }
        let trimmed = text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
        return trimmed.isEmpty ? nil : String(trimmed)
    }

    /// A field as it was typed, such as a password.
    func exact(_ name: String) -> String { fields[name] ?? "" }

    /// Whether a box is ticked.
    func has(_ name: String) -> Bool { fields[name] != nil }

    /// Where the visitor wants to go from here.
    var next: LocalPath { LocalPath(self["next"]) ?? .home }

    /// The fields that a page may carry along for another try, by name: neither our own nor secrets.
    var kept: [(name: String, value: String)] {
        fields.filter { !$0.key.hasPrefix("_") && !Self.secrets.contains($0.key) }
            .sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }

    /// Whether it has what no page carries along.
    var hasSecrets: Bool { fields.keys.contains(where: Self.secrets.contains) }

    private static let secrets: Set<String> = ["password", "current", "new", "code"]
}
