/// What the envelope's code reads by hand: members by name and their values, without `Codable` and mostly without a
/// `String`.
extension Document {
    /// The message: always a map.
    var root: Node { Node(index: 1) }

    func kind(of node: Node) -> Kind { tape[Int(node.index)].kind }

    /// The value under `key`; nil where it is absent or null, which mean the same, and where `map` is no map.
    func member(_ key: StaticString, of map: Node) -> Node? {
        guard kind(of: map) == .map else { return nil }
        let found = find(
            UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount), in: map.index)
        return found == 0 || tape[Int(found)].kind == .null ? nil : Node(index: found)
    }

    /// The text of `node`; nil where it is something else.
    func string(_ node: Node) -> String? {
        withText(of: node) { String(decoding: $0, as: UTF8.self) }
    }

    /// The whole number that `node` is; nil where it is something else, or more than a `UInt32` takes.
    func uint32(_ node: Node) -> UInt32? { uint64(node).flatMap { UInt32(exactly: $0) } }

    /// The whole number that `node` is; nil where it is something else, or negative.
    func uint64(_ node: Node) -> UInt64? { try? integer(at: node.index) }

    func bool(_ node: Node) -> Bool? {
        switch kind(of: node) {
        case .no: false
        case .yes: true
        default: nil
        }
    }

    /// Whether `node` is exactly this text.
    func equals(_ node: Node, _ text: StaticString) -> Bool {
        let entry = tape[Int(node.index)]
        return entry.kind == .text && entry.lower == text.utf8CodeUnitCount
            && same(bytes + entry.upper, text.utf8Start, entry.lower)
    }

    /// Lends the UTF-8 of a text to `body`, for as long as it runs; nil where `node` is no text.
    func withText<Result>(of node: Node, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result? {
        let entry = tape[Int(node.index)]
        guard entry.kind == .text else { return nil }
        return body(UnsafeBufferPointer(start: bytes + entry.upper, count: entry.lower))
    }

    /// The entry of the value under `name` in a map; 0 where there is none.
    ///
    /// The search begins behind the key found last, for whoever asks in the order of the message finds each key at
    /// once: also the 10,000th of a dictionary.
    func find(_ name: UnsafeBufferPointer<UInt8>, in map: UInt32) -> UInt32 {
        let entry = tape[Int(map)]
        var key = entry.lower
        for _ in 0..<entry.upper {
            if key == Int(entry.next) { key = Int(map) + 1 }
            let candidate = tape[key]
            let next = tape[key + 1].next
            if candidate.lower == name.count, same(bytes + candidate.upper, name.baseAddress, name.count) {
                tape[Int(map)].payload = entry.payload & 0xFFFF_FFFF_0000_0000 | UInt64(next)
                return UInt32(key + 1)
            }
            key = Int(next)
        }
        return 0
    }
}

/// Whether two runs of bytes are equal; names are short, so a loop beats a call.
@inline(__always)
func same(_ one: UnsafePointer<UInt8>, _ other: UnsafePointer<UInt8>?, _ count: Int) -> Bool {
    guard let other else { return count == 0 }
    var at = 0
    while at < count {
        if one[at] != other[at] { return false }
        at += 1
    }
    return true
}
