/// A line as it is typed on a terminal that hands over every key at once and shows none: the keys that end it, take back
/// a character or the whole line, or give up.
struct LineEditor {
    private(set) var bytes: [UInt8] = []

    enum Outcome: Equatable {
        case more
        case done(String)
        /// Ctrl-C, or Ctrl-D where nothing was typed.
        case givenUp
        /// What was typed is no UTF-8.
        case unreadable
    }

    /// Takes one byte from the terminal.
    mutating func type(_ byte: UInt8) -> Outcome {
        switch byte {
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
            return String(validating: bytes, as: UTF8.self).map(Outcome.done) ?? .unreadable
        case 0x03:  // Ctrl-C
            return .givenUp
        case 0x04:  // Ctrl-D
            return bytes.isEmpty ? .givenUp : .more
        case 0x08, 0x7F:  // backspace: a whole character, of however many bytes
            while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
        case 0x15:  // Ctrl-U
            bytes.removeAll()
        default:
            bytes.append(byte)
        }
        return .more
    }
}
