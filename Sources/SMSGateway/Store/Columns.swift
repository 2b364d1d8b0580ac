package import Storage
package import Wire

extension ID: Bindable {
    package var bound: Value { .pair(high, low) }
}

extension Timestamp: Bindable {
    package var bound: Value { .integer(milliseconds) }
}

extension Row {
    func id(_ column: Int) -> ID {
        let (high, low) = pair(column)
        return ID(high: high, low: low)
    }

    func time(_ column: Int) -> Timestamp { Timestamp(milliseconds: int64(column)) }

    func timeOrNil(_ column: Int) -> Timestamp? { int64OrNil(column).map(Timestamp.init) }

    /// A word that the program writes itself.
    func word<Kind: RawRepresentable<String>>(_ column: Int, _ kind: Kind.Type = Kind.self) throws -> Kind {
        guard let value = Kind(rawValue: string(column)) else {
            throw UnknownWord(kind: "\(kind)", word: string(column))
        }
        return value
    }

    /// Names that ``joined(_:)`` put together.
    func names(_ column: Int) -> Set<String> { Set(string(column).split(separator: "\n").map(String.init)) }
}

/// Names as they stand in a column, which ``Row/names(_:)`` reads.
func joined(_ names: Set<String>) -> String { names.sorted().joined(separator: "\n") }

/// A word in the database that this program does not know.
struct UnknownWord: Error, CustomStringConvertible {
    let kind: String
    let word: String

    var description: String { "the database has the unknown \(kind) \"\(word)\"" }
}
