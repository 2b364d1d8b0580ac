import FoundationEssentials

/// A type that a schema is known for, with a value for whoever must have one.
protocol Exemplary {
    /// The keywords of its schema.
    static var keywords: [String: Schema] { get }
    static var example: Self { get }
}

extension Bool: Exemplary {
    static var keywords: [String: Schema] { ["type": .text("boolean")] }
    static var example: Bool { false }
}

extension String: Exemplary {
    static var keywords: [String: Schema] { ["type": .text("string")] }
    static var example: String { "" }
}

extension ID: Exemplary {
    static var keywords: [String: Schema] { ["type": .text("string"), "format": .text("uuid")] }
    static var example: ID { ID(high: 0, low: 0) }
}

extension Timestamp: Exemplary {
    static var keywords: [String: Schema] { ["type": .text("string"), "format": .text("date-time")] }
    static var example: Timestamp { Timestamp(milliseconds: 0) }
}

extension Data: Exemplary {
    static var keywords: [String: Schema] { ["type": .text("string"), "contentEncoding": .text("base64")] }
    static var example: Data { Data() }
}

extension Exemplary where Self: BinaryFloatingPoint {
    static var keywords: [String: Schema] { ["type": .text("number")] }
    static var example: Self { 0 }
}

extension Double: Exemplary {}
extension Float: Exemplary {}

extension Exemplary where Self: FixedWidthInteger {
    /// With the bounds of the type, save those of 64 bits, which say nothing.
    static var keywords: [String: Schema] {
        var keywords: [String: Schema] = ["type": .text("integer")]
        if bitWidth < 64 || !isSigned { keywords["minimum"] = .number(Int(min)) }
        if bitWidth < 64 { keywords["maximum"] = .number(Int(max)) }
        return keywords
    }
    static var example: Self { 0 }
}

extension Int: Exemplary {}
extension Int8: Exemplary {}
extension Int16: Exemplary {}
extension Int32: Exemplary {}
extension Int64: Exemplary {}
extension UInt: Exemplary {}
extension UInt8: Exemplary {}
extension UInt16: Exemplary {}
extension UInt32: Exemplary {}
extension UInt64: Exemplary {}
