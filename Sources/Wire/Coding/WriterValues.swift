import FoundationEssentials

/// Single values, in either encoding.
extension MessageWriter {
    func null() { simple(0xF6, "null") }

    func bool(_ value: Bool) { value ? simple(0xF5, "true") : simple(0xF4, "false") }

    func uint(_ value: UInt64) {
        beginValue()
        switch encoding {
        case .cbor: head(0x00, value)
        case .json: decimal(value)
        }
    }

    func int(_ value: Int64) {
        guard value < 0 else { return uint(UInt64(value)) }
        beginValue()
        switch encoding {
        case .cbor: head(0x20, UInt64(~value))
        case .json:
            reserve(1)
            append(UInt8(ascii: "-"))
            decimal(value.magnitude)
        }
    }

    /// A number that is finite; in CBOR as a single float where that loses nothing.
    func double(_ value: Double) throws(Unencodable) {
        guard value.isFinite else { throw Unencodable(path: "", message: "a number that is not finite") }
        beginValue()
        switch encoding {
        case .json:
            var digits = value.description
            digits.withUTF8 { append(UnsafeRawBufferPointer($0)) }
        case .cbor:
            let single = Float(value)
            if Double(single) == value {
                number(0xFA, UInt64(single.bitPattern), size: 4)
            } else {
                number(0xFB, value.bitPattern, size: 8)
            }
        }
    }

    func string(_ value: String) {
        beginValue()
        text(value)
    }

    /// A value that is encoded already, as this message is.
    func encoded(_ value: [UInt8]) {
        beginValue()
        value.withUnsafeBytes { append($0) }
    }

    func word(_ value: StaticString) {
        beginValue()
        text(UnsafeBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
    }

    /// A byte string; in JSON its base64 (RFC 4648, section 4).
    func data(_ value: Data) {
        switch encoding {
        case .json: string(value.base64EncodedString())
        case .cbor:
            beginValue()
            head(0x40, UInt64(value.count))
            value.withUnsafeBytes { append($0) }
        }
    }

    func id(_ value: ID) {
        beginValue()
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 36) { characters in
            _ = value.write(to: characters)
            text(UnsafeBufferPointer(characters))
        }
    }

    func timestamp(_ value: Timestamp) {
        beginValue()
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Timestamp.longestText) { characters in
            let length = value.write(to: characters)
            text(UnsafeBufferPointer(rebasing: characters[..<length]))
        }
    }

    /// A text, as a value or as a key.
    @inline(__always)
    func text(_ value: String) {
        var value = value
        value.withUTF8 { text($0) }
    }

    func text(_ value: UnsafeBufferPointer<UInt8>) {
        switch encoding {
        case .cbor:
            reserve(9 + value.count)
            head(0x60, UInt64(value.count))
            if let source = value.baseAddress { append(source, value.count) }
        case .json:
            reserve(2 + value.count)
            append(UInt8(ascii: "\""))
            quoted(value)
            reserve(1)
            append(UInt8(ascii: "\""))
        }
    }

    // MARK: CBOR

    /// The shortest head for an argument (RFC 8949, section 3).
    @inline(__always)
    private func head(_ major: UInt8, _ argument: UInt64) {
        if argument < 24 {
            reserve(1)
            append(major | UInt8(truncatingIfNeeded: argument))
        } else if argument <= 0xFF {
            number(major | 24, argument, size: 1)
        } else if argument <= 0xFFFF {
            number(major | 25, argument, size: 2)
        } else if argument <= 0xFFFF_FFFF {
            number(major | 26, argument, size: 4)
        } else {
            number(major | 27, argument, size: 8)
        }
    }

    private func number(_ initial: UInt8, _ value: UInt64, size: Int) {
        reserve(1 + size)
        append(initial)
        for at in 0..<size { append(UInt8(truncatingIfNeeded: value >> UInt64((size - 1 - at) * 8))) }
    }

    private func simple(_ initial: UInt8, _ word: StaticString) {
        beginValue()
        switch encoding {
        case .cbor:
            reserve(1)
            append(initial)
        case .json:
            reserve(word.utf8CodeUnitCount)
            append(word.utf8Start, word.utf8CodeUnitCount)
        }
    }

    // MARK: JSON

    private func decimal(_ value: UInt64) {
        reserve(20)
        var divisor: UInt64 = 1
        while value / divisor > 9 { divisor *= 10 }
        while divisor > 0 {
            append(0x30 + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    /// The characters of a JSON string: runs that stand for themselves, and escapes (RFC 8259, section 7).
    private func quoted(_ value: UnsafeBufferPointer<UInt8>) {
        guard let source = value.baseAddress else { return }
        var start = 0
        var at = 0
        while at < value.count {
            if value.count - at >= 8,
                isPlainJSON(UnsafeRawPointer(source + at).loadUnaligned(as: UInt64.self))
            {
                at += 8
                continue
            }
            let byte = source[at]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                reserve(at - start + 6)
                append(source + start, at - start)
                escape(byte)
                start = at + 1
            }
            at += 1
        }
        reserve(at - start)
        append(source + start, at - start)
    }

    private func escape(_ byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\n"): append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): append(UInt8(ascii: "t"))
        case 0x00..<0x20:
            append(UInt8(ascii: "u"))
            append(0x30)
            append(0x30)
            append(0x30 + byte >> 4)
            append(byte & 0xF < 10 ? 0x30 + byte & 0xF : 0x57 + byte & 0xF)
        default: append(byte)
        }
    }
}
