/// Reads a message in CBOR (RFC 8949) onto a tape.
///
/// Taken: integers, byte and text strings, arrays and maps of definite and indefinite length, false, true, null,
/// undefined (as null), floats of all three sizes; heads need not be the shortest. Refused: tags and other simple values,
/// of which no message has any, NaN and the infinities, keys that are no text, keys that stand twice.
struct CBORParser {
    var input: Input
    var tape: Tape
    let depthLimit: Int

    mutating func message() throws(MalformedMessage) {
        try value(depth: 0)
        guard input.left == 0 else { throw input.fault("bytes follow the message") }
    }

    private mutating func value(depth: Int) throws(MalformedMessage) {
        let initial = try input.next()
        switch initial >> 5 {
        case 0: tape.add(.unsigned, try argument(of: initial))
        case 1: tape.add(.negative, try argument(of: initial))
        case 2: try string(initial, .bytes)
        case 3: try string(initial, .text)
        case 4: try array(initial, depth: depth + 1)
        case 5: try map(initial, depth: depth + 1)
        case 6: throw input.fault("a tag, which no message has", at: input.at - 1)
        default: try simpleOrFloat(initial)
        }
    }

    /// The number that stands in an initial byte, or follows it (section 3).
    @inline(__always)
    private mutating func argument(of initial: UInt8) throws(MalformedMessage) -> UInt64 {
        let information = initial & 0x1F
        return information < 24 ? UInt64(information) : try longArgument(information)
    }

    private mutating func longArgument(_ information: UInt8) throws(MalformedMessage) -> UInt64 {
        guard information < 28 else {
            let problem = information == 31 ? "a length is missing" : "a reserved initial byte"
            throw input.fault(problem, at: input.at - 1)
        }
        let size = 1 << Int(information - 24)
        guard input.left >= size else { throw input.fault("the message ends early", at: input.count) }
        var value: UInt64 = 0
        for _ in 0..<size {
            value = value << 8 | UInt64(input.base[input.at])
            input.at += 1
        }
        return value
    }

    // MARK: strings

    private mutating func string(_ initial: UInt8, _ kind: Document.Kind) throws(MalformedMessage) {
        guard initial & 0x1F == 31 else {
            let length = try chunk(initial, kind)
            tape.add(kind, offset: input.at - length, length: length)
            return
        }
        // The chunks are moved together, over the heads between them.
        let start = input.at
        var end = start
        while !input.take(0xFF) {
            let head = try input.next()
            guard head >> 5 == initial >> 5, head & 0x1F != 31 else {
                throw input.fault("a chunk of a string is something else", at: input.at - 1)
            }
            let length = try chunk(head, kind)
            UnsafeMutableRawPointer(input.base + end)
                .copyMemory(from: input.base + (input.at - length), byteCount: length)
            end += length
        }
        tape.add(kind, offset: start, length: end - start)
    }

    /// Passes the bytes of a string, or of a chunk of one, and gives their number.
    @inline(__always)
    private mutating func chunk(_ head: UInt8, _ kind: Document.Kind) throws(MalformedMessage) -> Int {
        let start = input.at - 1
        let claimed = try argument(of: head)
        guard claimed <= UInt64(input.left) else {
            throw input.fault("a string is longer than the message", at: start)
        }
        let length = Int(claimed)
        if kind == .text, let invalid = firstInvalidUTF8(input.base + input.at, count: length) {
            throw input.fault("a text is not UTF-8", at: input.at + invalid)
        }
        input.at += length
        return length
    }

    // MARK: arrays and maps

    private mutating func array(_ initial: UInt8, depth: Int) throws(MalformedMessage) {
        let index = tape.open(.array)
        let claimed = try enter(initial, depth: depth, bytesEach: 1)
        var count = 0
        while try more(count, of: claimed) {
            try value(depth: depth)
            count += 1
        }
        tape.closeArray(index, count: count)
    }

    private mutating func map(_ initial: UInt8, depth: Int) throws(MalformedMessage) {
        let index = tape.open(.map)
        let claimed = try enter(initial, depth: depth, bytesEach: 2)
        var count = 0
        while try more(count, of: claimed) {
            let head = try input.next()
            guard head >> 5 == 3 else { throw input.fault("a key is no text", at: input.at - 1) }
            try string(head, .text)
            try value(depth: depth)
            count += 1
        }
        try tape.closeMap(index, count: count)
    }

    /// Reads the count of a container; nil where a break ends it. Refuses what cannot fit into the rest of the message.
    private mutating func enter(_ initial: UInt8, depth: Int, bytesEach: Int) throws(MalformedMessage) -> Int?
    {
        let start = input.at - 1
        guard depth <= depthLimit else {
            throw input.fault("maps and arrays are nested too deeply", at: start)
        }
        if initial & 0x1F == 31 { return nil }
        let claimed = try argument(of: initial)
        guard claimed <= UInt64(input.left / bytesEach) else {
            throw input.fault("an array or map has more entries than the message has bytes", at: start)
        }
        return Int(claimed)
    }

    private mutating func more(_ count: Int, of claimed: Int?) throws(MalformedMessage) -> Bool {
        if let claimed { return count < claimed }
        guard input.left > 0 else { throw input.fault("the message ends early") }
        return !input.take(0xFF)
    }

    // MARK: simple values and floats (section 3.3)

    private mutating func simpleOrFloat(_ initial: UInt8) throws(MalformedMessage) {
        let start = input.at - 1
        switch initial & 0x1F {
        case 20: tape.add(.no)
        case 21: tape.add(.yes)
        case 22, 23: tape.add(.null)
        case 25:
            try double(Double(Float16(bitPattern: UInt16(truncatingIfNeeded: argument(of: initial)))), start)
        case 26:
            try double(Double(Float(bitPattern: UInt32(truncatingIfNeeded: argument(of: initial)))), start)
        case 27: try double(Double(bitPattern: argument(of: initial)), start)
        case 28...30: throw input.fault("a reserved initial byte", at: start)
        case 31: throw input.fault("a break without an indefinite length", at: start)
        default: throw input.fault("a simple value that has no meaning here", at: start)
        }
    }

    private mutating func double(_ value: Double, _ start: Int) throws(MalformedMessage) {
        guard value.isFinite else { throw input.fault("a number that is not finite", at: start) }
        tape.add(.double, value.bitPattern)
    }
}
