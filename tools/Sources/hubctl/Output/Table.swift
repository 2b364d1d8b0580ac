/// Rows of text in aligned columns, under headings where it has some. No line ends in a space.
struct Table {
    var headings: [String] = []
    /// The columns, counted from 0, whose cells are numbers: they end at the same place.
    var numbers: Set<Int> = []
    var rows: [[String]]

    /// Between two columns.
    private static let gap = "  "

    var text: String {
        let lines = (headings.isEmpty ? [] : [headings]) + rows.map { $0.map(printable) }
        let count = lines.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            lines.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return lines.map { line in
            let cells = line.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - line[column].count)
                return numbers.contains(column) ? padding + line[column] : line[column] + padding
            }
            var text = cells.joined(separator: Self.gap)
            while text.last == " " { text.removeLast() }
            return text
        }.joined(separator: "\n")
    }
}

/// `text` without what could play tricks on a terminal: a control character is shown as its number.
///
/// Names, reasons and messages come from other people.
func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isTrick) else { return text }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
        if isTrick(scalar) {
            result += "\\u{" + String(scalar.value, radix: 16) + "}"
        } else {
            result.unicodeScalars.append(scalar)
        }
    }
}

/// Control characters, line and paragraph separators, and those that turn the direction of text around.
func isTrick(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: scalar.properties.isBidiControl
    }
}
