/// The length of the well-formed UTF-8 sequence (Unicode 16, table 3-7) that begins at `text`; 0 where none does.
///
/// Overlong forms, surrogates, and code points beyond U+10FFFF are none.
func sequenceLength(_ text: UnsafePointer<UInt8>, available: Int) -> Int {
    let first = text[0]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch first {
    case 0x00...0x7F: return 1
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    case 0xF1...0xF3: length = 4
    default: return 0
    }
    guard length <= available, second.contains(text[1]) else { return 0 }
    for at in 2..<max(length, 2) where text[at] & 0xC0 != 0x80 { return 0 }
    return length
}

/// The offset of the first byte of `text` that is not UTF-8; nil where all of it is.
@inline(__always)
func firstInvalidUTF8(_ text: UnsafePointer<UInt8>, count: Int) -> Int? {
    isASCII(text, count: count) ? nil : firstInvalidSequence(text, count: count)
}

/// Whether a text is ASCII throughout, as nearly every text is; looks at eight characters at once.
@inline(__always)
private func isASCII(_ text: UnsafePointer<UInt8>, count: Int) -> Bool {
    var seen: UInt64 = 0
    var at = 0
    while count - at >= 8 {
        seen |= UnsafeRawPointer(text + at).loadUnaligned(as: UInt64.self)
        at += 8
    }
    while at < count {
        seen |= UInt64(text[at])
        at += 1
    }
    return seen & 0x8080_8080_8080_8080 == 0
}

@inline(never)
private func firstInvalidSequence(_ text: UnsafePointer<UInt8>, count: Int) -> Int? {
    var at = 0
    while at < count {
        let length = sequenceLength(text + at, available: count - at)
        guard length > 0 else { return at }
        at += length
    }
    return nil
}

/// Whether eight bytes are ASCII that stands in a JSON string as it is: no control character, quote or backslash.
@inline(__always)
func isPlainJSON(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ ones &* 0x22
    let backslashes = word ^ ones &* 0x5C
    // A byte below n borrows from its top bit when n is subtracted (for bytes below 0x80, which the first term assures).
    let marks = word | (word &- ones &* 0x20) | (quotes &- ones) | (backslashes &- ones)
    return marks & (ones &* 0x80) == 0
}
