/// A value on its way into a statement: what SQLite can hold, and a short way for 16 bytes.
package enum Value: Equatable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
    /// A blob of 16 bytes, as two big-endian halves: an identity, without an array for it.
    case pair(UInt64, UInt64)
}

/// What can stand for a `?1` of a statement. Conform a type of your own by saying which value it is.
package protocol Bindable {
    var bound: Value { get }
}

extension Value: Bindable {
    package var bound: Value { self }
}

extension Bindable where Self: FixedWidthInteger {
    package var bound: Value { .integer(Int64(self)) }
}

// UInt64 is not among them: SQLite's integers end at Int64.max.
extension Int: Bindable {}
extension Int64: Bindable {}
extension Int32: Bindable {}
extension UInt32: Bindable {}
extension UInt16: Bindable {}
extension UInt8: Bindable {}

extension Bool: Bindable {
    package var bound: Value { .integer(self ? 1 : 0) }
}

extension Double: Bindable {
    package var bound: Value { .real(self) }
}

extension String: Bindable {
    package var bound: Value { .text(self) }
}

extension [UInt8]: Bindable {
    package var bound: Value { .blob(self) }
}

extension Optional: Bindable where Wrapped: Bindable {
    package var bound: Value { self?.bound ?? .null }
}
