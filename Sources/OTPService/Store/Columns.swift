package import Storage
package import Wire

// How the values of this service stand in SQLite's columns.

extension ID: Bindable {
    package var bound: Value { .pair(high, low) }
}

extension Timestamp: Bindable {
    package var bound: Value { .integer(milliseconds) }
}

extension FactorMethod: Bindable {
    package var bound: Value { .text(rawValue) }
}

extension Purpose: Bindable {
    package var bound: Value { .text(rawValue) }
}

extension Row {
    func id(_ column: Int) -> ID {
        let (high, low) = pair(column)
        return ID(high: high, low: low)
    }

    func time(_ column: Int) -> Timestamp { Timestamp(milliseconds: int64(column)) }

    func timeOrNil(_ column: Int) -> Timestamp? { int64OrNil(column).map(Timestamp.init(milliseconds:)) }

    func method(_ column: Int) throws -> FactorMethod {
        let word = string(column)
        guard let method = FactorMethod(rawValue: word) else {
            throw UnreadableRow(description: "no method: \(word)")
        }
        return method
    }

    func purpose(_ column: Int) throws -> Purpose {
        let word = string(column)
        guard let purpose = Purpose(rawValue: word) else {
            throw UnreadableRow(description: "no purpose: \(word)")
        }
        return purpose
    }
}

/// A row that says what no version of this program writes.
struct UnreadableRow: Error, CustomStringConvertible {
    let description: String
}
