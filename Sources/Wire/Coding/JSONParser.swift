/// Reads a message in JSON (RFC 8259) onto a tape. Nothing beyond the grammar is taken: no comments, no commas at the end.
struct JSONParser {
    var input: Input
    var tape: Tape
    let depthLimit: Int

    mutating func message() throws(MalformedMessage) {
        try value(depth: 0)
        skipSpace()
        guard input.left == 0 else { throw input.fault("bytes follow the message") }
    }

    private mutating func value(depth: Int) throws(MalformedMessage) {
        guard let first = input.peek else { throw input.fault("the message ends early") }
        switch first {
        case UInt8(ascii: "{"): try object(depth: depth + 1)
        case UInt8(ascii: "["): try array(depth: depth + 1)
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "-"), 0x30...0x39: try number()
        case UInt8(ascii: "t"): try literal("true", .yes)
        case UInt8(ascii: "f"): try literal("false", .no)
        case UInt8(ascii: "n"): try literal("null", .null)
        default: throw input.fault("no value begins so")
        }
    }

    private mutating func object(depth: Int) throws(MalformedMessage) {
        try checkDepth(depth)
        let index = tape.open(.map)
        input.at += 1
        var count = 0
        skipSpace()
        if !input.take(UInt8(ascii: "}")) {
            repeat {
                skipSpace()
                guard input.peek == UInt8(ascii: "\"") else { throw input.fault("a key must stand here") }
                try string()
                skipSpace()
                guard input.take(UInt8(ascii: ":")) else { throw input.fault("a colon must stand here") }
                skipSpace()
                try value(depth: depth)
                count += 1
                skipSpace()
            } while input.take(UInt8(ascii: ","))
            guard input.take(UInt8(ascii: "}")) else { throw input.fault("a comma or } must stand here") }
        }
        try tape.closeMap(index, count: count)
    }

    private mutating func array(depth: Int) throws(MalformedMessage) {
        try checkDepth(depth)
        let index = tape.open(.array)
        input.at += 1
        var count = 0
        skipSpace()
        if !input.take(UInt8(ascii: "]")) {
            repeat {
                skipSpace()
                try value(depth: depth)
                count += 1
                skipSpace()
            } while input.take(UInt8(ascii: ","))
            guard input.take(UInt8(ascii: "]")) else { throw input.fault("a comma or ] must stand here") }
        }
        tape.closeArray(index, count: count)
    }

    private func checkDepth(_ depth: Int) throws(MalformedMessage) {
        guard depth <= depthLimit else { throw input.fault("maps and arrays are nested too deeply") }
    }

    private mutating func literal(_ word: StaticString, _ kind: Document.Kind) throws(MalformedMessage) {
        let length = word.utf8CodeUnitCount
        guard input.left >= length, same(input.base + input.at, word.utf8Start, length) else {
            throw input.fault("no value begins so")
        }
        input.at += length
        tape.add(kind)
    }

    private mutating func skipSpace() {
        while let byte = input.peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            input.at += 1
        }
    }

    // MARK: numbers

    /// Whole numbers are kept exactly from −2⁶⁴ to 2⁶⁴ − 1; all others become the nearest `Double`.
    private mutating func number() throws(MalformedMessage) {
        let start = input.at
        let isNegative = input.take(UInt8(ascii: "-"))
        let digits = input.at
        var magnitude: UInt64 = 0
        var isExact = true
        while let digit = input.peek, digit >= 0x30, digit <= 0x39 {
            let (tens, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(UInt64(digit - 0x30))
            if overflow || carry { isExact = false }
            magnitude = sum
            input.at += 1
        }
        guard input.at > digits else { throw input.fault("a digit must stand here") }
        guard input.at == digits + 1 || input.base[digits] != 0x30 else {
            throw input.fault("a number begins with a zero too many", at: start)
        }
        if input.take(UInt8(ascii: ".")) {
            isExact = false
            try passDigits()
        }
        if input.take(UInt8(ascii: "e")) || input.take(UInt8(ascii: "E")) {
            isExact = false
            if !input.take(UInt8(ascii: "+")) { _ = input.take(UInt8(ascii: "-")) }
            try passDigits()
        }
        if isExact, !isNegative {
            tape.add(.unsigned, magnitude)
        } else if isExact, magnitude > 0 {
            tape.add(.negative, magnitude - 1)
        } else {
            let text = UnsafeBufferPointer(start: input.base + start, count: input.at - start)
            guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else {
                throw input.fault("a number is too large", at: start)
            }
            tape.add(.double, value.bitPattern)
        }
    }

    private mutating func passDigits() throws(MalformedMessage) {
        let start = input.at
        while let digit = input.peek, digit >= 0x30, digit <= 0x39 { input.at += 1 }
        guard input.at > start else { throw input.fault("a digit must stand here") }
    }

    // MARK: strings

    private mutating func string() throws(MalformedMessage) {
        input.at += 1
        let start = input.at
        try passPlain()
        if !input.take(UInt8(ascii: "\"")) {
            let end = try unescape(from: start)
            tape.add(.text, offset: start, length: end - start)
        } else {
            tape.add(.text, offset: start, length: input.at - 1 - start)
        }
    }

    /// Passes characters that stand for themselves, up to a quote or a backslash.
    private mutating func passPlain() throws(MalformedMessage) {
        while true {
            while input.left >= 8,
                isPlainJSON(UnsafeRawPointer(input.base + input.at).loadUnaligned(as: UInt64.self))
            {
                input.at += 8
            }
            guard let byte = input.peek else { throw input.fault("a string does not end") }
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): return
            case 0x00..<0x20: throw input.fault("a control character in a string")
            case 0x20..<0x80: input.at += 1
            default:
                let length = sequenceLength(input.base + input.at, available: input.left)
                guard length > 0 else { throw input.fault("a text is not UTF-8") }
                input.at += length
            }
        }
    }

    /// Resolves the escapes of a string from the first one on, in place, for what they stand for is never longer; gives
    /// where the text ends now.
    private mutating func unescape(from start: Int) throws(MalformedMessage) -> Int {
        var end = input.at
        while !input.take(UInt8(ascii: "\"")) {
            if input.take(UInt8(ascii: "\\")) {
                for byte in try escape().utf8 {
                    input.base[end] = byte
                    end += 1
                }
            }
            let run = input.at
            try passPlain()
            UnsafeMutableRawPointer(input.base + end).copyMemory(
                from: input.base + run, byteCount: input.at - run)
            end += input.at - run
        }
        return end
    }

    /// The character of an escape, behind its backslash.
    private mutating func escape() throws(MalformedMessage) -> Unicode.Scalar {
        let start = input.at - 1
        switch try input.next() {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw input.fault("an escape that JSON has not", at: start)
        }
        // A character beyond U+FFFF is two escapes, the halves of a surrogate pair (RFC 8259, section 7).
        let unit = try fourHexDigits()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        if unit < 0xDC00, input.take(UInt8(ascii: "\\")), input.take(UInt8(ascii: "u")) {
            let low = try fourHexDigits()
            if low >= 0xDC00, low <= 0xDFFF,
                let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
            {
                return scalar
            }
        }
        throw input.fault("half of a surrogate pair", at: start)
    }

    private mutating func fourHexDigits() throws(MalformedMessage) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = try input.next()
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(byte - 0x37)
            case 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
            default: throw input.fault("a hexadecimal digit must stand here", at: input.at - 1)
            }
        }
        return value
    }
}
