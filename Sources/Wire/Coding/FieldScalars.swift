import FoundationEssentials

/// The values of entries as Swift's own types; a fault says what a field must be, and never quotes what it is.
extension Document {
    func boolean(at node: UInt32) throws(FieldFault) -> Bool {
        switch tape[Int(node)].kind {
        case .yes: return true
        case .no: return false
        default: throw mismatch("true or false", at: node)
        }
    }

    func text(at node: UInt32) throws(FieldFault) -> String {
        let entry = tape[Int(node)]
        guard entry.kind == .text else { throw mismatch("a string", at: node) }
        return String(
            decoding: UnsafeBufferPointer(start: bytes + entry.upper, count: entry.lower), as: UTF8.self)
    }

    /// A whole number; also one written as a float (`5.0`), as some languages write all their numbers, as long as it is
    /// exact: up to 2⁵³.
    func integer<Integer: FixedWidthInteger>(at node: UInt32) throws(FieldFault) -> Integer {
        let entry = tape[Int(node)]
        switch entry.kind {
        case .unsigned:
            if let value = Integer(exactly: entry.payload) { return value }
        case .negative:
            // −1 − n is what inverting n's bits gives.
            if Integer.isSigned, let value = Integer(exactly: entry.payload) { return ~value }
        case .double:
            let number = Double(bitPattern: entry.payload)
            guard number == number.rounded(.towardZero) else {
                throw FieldFault(node: node, message: "must be a whole number")
            }
            if number.magnitude <= 0x1p53, let value = Integer(exactly: number) { return value }
        default: throw mismatch("a whole number", at: node)
        }
        throw FieldFault(node: node, message: "must be a whole number from \(Integer.min) to \(Integer.max)")
    }

    func double(at node: UInt32) throws(FieldFault) -> Double {
        let entry = tape[Int(node)]
        switch entry.kind {
        case .unsigned: return Double(entry.payload)
        case .negative: return -1 - Double(entry.payload)
        case .double: return Double(bitPattern: entry.payload)
        default: throw mismatch("a number", at: node)
        }
    }

    func float(at node: UInt32) throws(FieldFault) -> Float {
        let value = Float(try double(at: node))
        guard value.isFinite else { throw FieldFault(node: node, message: "is too large a number") }
        return value
    }

    func id(at node: UInt32) throws(FieldFault) -> ID {
        guard let id = ID(try text(at: node)) else { throw FieldFault(node: node, message: "must be a UUID") }
        return id
    }

    func timestamp(at node: UInt32) throws(FieldFault) -> Timestamp {
        guard let time = Timestamp(try text(at: node)) else {
            throw FieldFault(node: node, message: "must be a time such as 2026-11-24T09:30:00.000Z")
        }
        return time
    }

    func word<W: Word>(at node: UInt32) throws(FieldFault) -> W {
        guard let word = W(rawValue: try text(at: node)) else {
            throw FieldFault(node: node, message: "must be one of \(W.words.joined(separator: ", "))")
        }
        return word
    }

    /// A byte string, or a text that is one in base64 (RFC 4648, section 4), as JSON has it.
    func data(at node: UInt32) throws(FieldFault) -> Data {
        let entry = tape[Int(node)]
        guard entry.kind == .bytes || entry.kind == .text else {
            throw mismatch(encoding == .cbor ? "a byte string" : "a string in base64", at: node)
        }
        let data = Data(UnsafeBufferPointer(start: bytes + entry.upper, count: entry.lower))
        if entry.kind == .bytes { return data }
        guard let decoded = Data(base64Encoded: data) else {
            throw FieldFault(node: node, message: "must be a string in base64")
        }
        return decoded
    }

    func expect(_ kind: Kind, _ wanted: StaticString, at node: UInt32) throws(FieldFault) {
        guard tape[Int(node)].kind == kind else { throw mismatch(wanted, at: node) }
    }

    func mismatch(_ wanted: StaticString, at node: UInt32) -> FieldFault {
        FieldFault(node: node, message: "must be \(wanted), not \(tape[Int(node)].kind)")
    }
}

extension Document.Kind: CustomStringConvertible {
    /// What a fault calls a value of this kind.
    var description: String {
        switch self {
        case .null: "null"
        case .no: "false"
        case .yes: "true"
        case .unsigned, .negative, .double: "a number"
        case .text: "a string"
        case .bytes: "a byte string"
        case .array: "an array"
        case .map: "a map"
        }
    }
}
