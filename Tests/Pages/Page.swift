/// A page of the documentation, as the tests read it that keep it true: its sections, and the tables in them.
public struct Page: Sendable {
    /// What stands under one heading, up to the next one of any level.
    public struct Section: Sendable {
        /// 1 for `#`, 2 for `##` and so on.
        public let level: Int
        public let title: String
        /// The lines below the heading, without those of fenced blocks.
        public fileprivate(set) var lines: [String] = []
        public fileprivate(set) var tables: [Table] = []

        /// The first table whose first column is headed so.
        public func table(_ heading: String) -> Table? { tables.first { $0.header.first == heading } }

        /// Where a link within a page leads to this section, as GitHub makes it of the title.
        public var anchor: String {
            title.lowercased().reduce(into: "") { anchor, character in
                if character == " " { anchor.append("-") }
                if character.isLetter || character.isNumber || "-_".contains(character) {
                    anchor.append(character)
                }
            }
        }
    }

    public struct Table: Sendable {
        public let header: [String]
        public fileprivate(set) var rows: [[String]] = []
    }

    /// From the repository's root, such as `docs/operations.md`.
    public let path: String
    public let text: String
    public private(set) var sections: [Section] = []

    public init(_ path: String) throws {
        self.path = path
        text = try Repository.text(of: path)
        var isFenced = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("```") { isFenced.toggle() }
            if isFenced { continue }
            add(line)
        }
    }

    /// The section with this title.
    public func section(_ title: String) -> Section? { sections.first { $0.title == title } }

    private mutating func add(_ line: String) {
        let level = line.prefix { $0 == "#" }.count
        if level > 0, line.dropFirst(level).hasPrefix(" ") {
            sections.append(Section(level: level, title: String(line.dropFirst(level + 1))))
            return
        }
        guard !sections.isEmpty else { return }
        let last = sections.count - 1
        let follows = sections[last].lines.last?.hasPrefix("|") ?? false
        sections[last].lines.append(line)
        guard line.hasPrefix("|") else { return }
        let cells = Self.cells(of: line)
        if !follows {
            sections[last].tables.append(Table(header: cells))
        } else if !cells.allSatisfy({ $0.allSatisfy { $0 == "-" || $0 == ":" } }) {
            sections[last].tables[sections[last].tables.count - 1].rows.append(cells)
        }
    }

    private static func cells(of line: String) -> [String] {
        line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map {
            String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }
}

extension String {
    /// A cell's text without the marks of code around it.
    public var bare: String {
        hasPrefix("`") && hasSuffix("`") && count > 1 ? String(dropFirst().dropLast()) : self
    }
}

extension Page {
    /// The settings that the tables of these sections list: name, default and what it may be.
    public func settings(_ titles: String...) -> [[String]] {
        titles.compactMap { section($0)?.table("setting") }.flatMap(\.rows).map { row in
            row.prefix(3).map(\.bare)
        }
    }
}
