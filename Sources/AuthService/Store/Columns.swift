package import Cryptography
package import Storage
package import Wire

// How the values of this service stand in SQLite's columns.

extension ID: Bindable {
    package var bound: Value { .pair(high, low) }
}

extension Timestamp: Bindable {
    package var bound: Value { .integer(milliseconds) }
}

extension Digest: Bindable {
    package var bound: Value { .blob(bytes) }
}

extension FactorSet: Bindable {
    var bound: Value { .integer(Int64(rawValue)) }
}

/// A row that says what no version of this program writes.
struct UnreadableRow: Error, CustomStringConvertible {
    let description: String
}

extension Row {
    func id(_ column: Int) -> ID {
        let (high, low) = pair(column)
        return ID(high: high, low: low)
    }

    func idOrNil(_ column: Int) -> ID? { isNull(column) ? nil : id(column) }

    func time(_ column: Int) -> Timestamp { Timestamp(milliseconds: int64(column)) }

    func timeOrNil(_ column: Int) -> Timestamp? { int64OrNil(column).map(Timestamp.init(milliseconds:)) }

    func digest(_ column: Int) throws -> Digest {
        guard let digest = Digest(bytes: blob(column)) else {
            throw UnreadableRow(description: "a digest is not 32 bytes")
        }
        return digest
    }

    func factors(_ column: Int) -> FactorSet { FactorSet(rawValue: UInt8(truncatingIfNeeded: int(column))) }

    func role(_ column: Int) throws -> Auth.Role {
        let word = string(column)
        guard let role = Auth.Role(rawValue: word) else {
            throw UnreadableRow(description: "no role: \(word)")
        }
        return role
    }
}
