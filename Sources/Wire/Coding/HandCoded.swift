/// A type that is coded by hand, for a call so frequent that the detours of `Codable` would show: they take two times as
/// long to read, and four to write.
///
/// It stays `Codable`, for schemas and for whoever else codes it, and by hand means the same: what ``write(to:)`` writes
/// is what its `encode(to:)` does, what ``init(_:)`` takes is what its `init(from:)` does. A test must hold the two
/// together. The wire finds the conformance by itself, wherever a value of the type stands.
protocol HandCoded: Codable {
    /// Reads a value; the fields have checked that it is a map.
    init(_ fields: Fields) throws(FieldFault)

    /// Writes one value: a map.
    func write(to writer: MessageWriter)
}

extension HandCoded {
    /// Writes the value that stands at `address`.
    fileprivate static func write(at address: UnsafeRawPointer, to writer: MessageWriter) {
        address.assumingMemoryBound(to: Self.self).pointee.write(to: writer)
    }
}

/// Which types are coded by hand: asked of the runtime once for each type, which takes it longer than the coding.
final class HandCodedTypes {
    private struct Slot {
        var type: ObjectIdentifier?
        var hand: (any HandCoded.Type)?
    }

    /// A hash table of types, at least half of it free.
    private var slots: UnsafeMutablePointer<Slot>
    private var count = 64
    private var used = 0

    init() {
        slots = .allocate(capacity: count)
        slots.initialize(repeating: Slot(), count: count)
    }

    deinit { slots.deallocate() }

    /// `type` as a type coded by hand; nil where it is none.
    @inline(__always)
    func find<T>(_ type: T.Type) -> (any HandCoded.Type)? {
        let slot = slots + place(of: ObjectIdentifier(type))
        return slot.pointee.type == nil ? ask(type) : slot.pointee.hand
    }

    /// Where a type stands, or would. Types are at least 8 bytes apart in memory.
    @inline(__always)
    private func place(of type: ObjectIdentifier) -> Int {
        let address = Int(bitPattern: type)
        var slot = (address >> 3 ^ address >> 10) & (count - 1)
        while let other = slots[slot].type, other != type { slot = (slot + 1) & (count - 1) }
        return slot
    }

    @inline(never)
    private func ask<T>(_ type: T.Type) -> (any HandCoded.Type)? {
        if used * 2 >= count {
            let (old, oldCount) = (slots, count)
            count *= 2
            slots = .allocate(capacity: count)
            slots.initialize(repeating: Slot(), count: count)
            for at in 0..<oldCount { if let type = old[at].type { slots[place(of: type)] = old[at] } }
            old.deallocate()
        }
        let hand = type as? any HandCoded.Type
        slots[place(of: ObjectIdentifier(type))] = Slot(type: ObjectIdentifier(type), hand: hand)
        used += 1
        return hand
    }
}

extension MessageWriter {
    /// Writes `value`, whose type is `hand`.
    func write<T>(_ value: T, by hand: any HandCoded.Type) {
        withUnsafePointer(to: value) { hand.write(at: $0, to: self) }
    }
}

extension Document {
    /// Reads a `T`, which is `hand`.
    func read<T>(_ type: T.Type, by hand: any HandCoded.Type, at node: UInt32) throws(FieldFault) -> T {
        func read<Hand: HandCoded>(_ hand: Hand.Type) throws(FieldFault) -> T {
            unsafeBitCast(try Hand(Fields(document: self, node: node)), to: T.self)
        }
        return try read(hand)
    }
}
