import FoundationEssentials

/// The texts of the pages in one language: the files of `texts/LANGUAGE/`, by section and name.
struct Texts: Sendable {
    /// By section and name, as the templates say `{{t.section.name}}`.
    let sections: [String: [String: String]]

    /// Reads files, each with sections of its own.
    init(_ files: [Data]) throws {
        var sections: [String: [String: String]] = [:]
        for file in files {
            let more = try JSONDecoder().decode([String: [String: String]].self, from: file)
            sections.merge(more) { one, other in one.merging(other) { _, new in new } }
        }
        self.sections = sections
    }

    /// A text, with `values` in place of `{name}`. One that is missing shows as its own name; a test finds those.
    func callAsFunction(_ section: String, _ name: String, _ values: [String: String] = [:]) -> String {
        var text = sections[section]?[name] ?? "\(section).\(name)"
        for (name, value) in values { text = text.replacing("{\(name)}", with: value) }
        return text
    }

    /// Whether there is such a text.
    func has(_ section: String, _ name: String) -> Bool { sections[section]?[name] != nil }

    /// The text for a number of things: `NAME.one` for one, else `NAME.other`, with the number in place of `{count}`.
    func counted(_ section: String, _ name: String, _ count: Int, _ values: [String: String] = [:]) -> String
    {
        var values = values
        values["count"] = "\(count)"
        return self(section, "\(name).\(count == 1 ? "one" : "other")", values)
    }

    /// A span of time in words, rounded up so that whoever waits it out is not early.
    func span(seconds: Int) -> String {
        switch seconds {
        case ..<90: counted("span", "seconds", max(1, seconds))
        case ..<5_400: counted("span", "minutes", (seconds + 59) / 60)
        default: counted("span", "hours", (seconds + 3_599) / 3_600)
        }
    }
}
