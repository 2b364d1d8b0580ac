/// Values by name, found by the bytes of a text in a message, without a `String` of it: the methods of a service.
struct NameTable<Value> {
    private struct Item {
        /// Where the name stands in ``names``.
        let name: Range<Int>
        var value: Value
    }

    private var items: [Item] = []
    private var names: [UInt8] = []
    /// Places of ``items``, at the hash of their names or behind it; −1 where none stands. At least half stay free.
    private var slots: [Int32] = [-1, -1]

    init() {}

    /// The value under `name`. What is set replaces what stood there; nil changes nothing, as names are never removed.
    subscript(name: String) -> Value? {
        get {
            var name = name
            return name.withUTF8 { find($0) }
        }
        set {
            guard let newValue else { return }
            var name = name
            if let item = name.withUTF8({ place($0) }) {
                items[item].value = newValue
            } else {
                names += name.utf8
                items.append(Item(name: names.count - name.utf8.count..<names.count, value: newValue))
                rebuild()
            }
        }
    }

    /// The value under the name that `node` is; nil where it is none of them, or no text.
    func find(_ node: Document.Node, in document: Document) -> Value? {
        document.withText(of: node) { find($0) } ?? nil
    }

    private func find(_ name: UnsafeBufferPointer<UInt8>) -> Value? { place(name).map { items[$0].value } }

    /// Which of ``items`` has this name.
    private func place(_ name: UnsafeBufferPointer<UInt8>) -> Int? {
        var slot = NameTable.hash(name) & (slots.count - 1)
        while slots[slot] >= 0 {
            let item = Int(slots[slot])
            let range = items[item].name
            let isSame = names.withUnsafeBufferPointer {
                range.count == name.count
                    && same($0.baseAddress.unsafelyUnwrapped + range.lowerBound, name.baseAddress, name.count)
            }
            if isSame { return item }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private mutating func rebuild() {
        while slots.count < items.count * 2 { slots += slots }
        for slot in slots.indices { slots[slot] = -1 }
        for (at, item) in items.enumerated() {
            var slot = names[item.name].withUnsafeBufferPointer { NameTable.hash($0) } & (slots.count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(at)
        }
    }

    /// FNV-1a. The table holds our own names alone, so nobody can fill it with names that collide.
    private static func hash(_ name: UnsafeBufferPointer<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 32)
    }
}
