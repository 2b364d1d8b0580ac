/// A message that was read: a flat tape of its values, in memory that is reused from one message to the next.
///
/// ``parse(_:depth:)`` checks the whole message before anything is taken from it, so what comes after (members by
/// name, decoding through `Codable`) can meet a value of the wrong kind, never a malformed one. A document is used by
/// one thread; its nodes are valid until the next parse.
final class Document {
    /// One value of the message.
    struct Node: Hashable, Sendable {
        let index: UInt32
    }

    enum Kind: UInt8 {
        case null, no, yes, unsigned, negative, double, text, bytes, array, map
    }

    /// A value on the tape. What a container holds follows it; a map's keys and values take turns.
    struct Entry {
        /// The number itself (`unsigned`, and the bits of a `double`), n of −1 − n (`negative`), offset and length
        /// (`text`, `bytes`), the count (`array`), or the count and the key to look at first (`map`).
        var payload: UInt64
        /// The entry behind this one and all that it holds; 0 while a container is still open.
        var next: UInt32
        var kind: Kind

        var upper: Int { Int(payload >> 32) }
        var lower: Int { Int(payload & 0xFFFF_FFFF) }
    }

    /// Levels of maps and arrays that a message may have, its outermost map included.
    static let depthLimit = 32

    /// What the last message was written in.
    private(set) var encoding = WireEncoding.json
    private(set) var bytes: UnsafeMutablePointer<UInt8>
    /// Entry 0 is an empty map, which stands for a body that is absent; entry 1 is the message.
    private(set) var tape: UnsafeMutablePointer<Entry>
    /// Bytes there is room for. No value takes less than a byte, so the tape needs as many entries and entry 0.
    private var capacity: Int
    /// The entries that a failed parse left on the tape.
    private var salvage: UInt32 = 0
    /// The value that is being decoded: paths of fields begin below it.
    var base: UInt32 = 1

    let handCoded = HandCodedTypes()

    /// What a document keeps from one message to the next, at most, in bytes of message (17 of memory for each).
    private static let keptCapacity = 65_536

    init() {
        capacity = 1_024
        bytes = .allocate(capacity: capacity)
        tape = .allocate(capacity: capacity + 2)
        clear()
    }

    deinit {
        bytes.deallocate()
        tape.deallocate()
    }

    /// Reads one message, without the length before it; what was read before is gone.
    ///
    /// Afterwards ``root`` is the message, or an empty map where this throws.
    func parse(_ message: UnsafeRawBufferPointer, depth: Int = Document.depthLimit) throws(MalformedMessage) {
        clear()
        guard let source = message.baseAddress, let first = message.first else {
            throw MalformedMessage(problem: "the message is empty", offset: 0)
        }
        guard let encoding = WireEncoding(firstByte: first) else {
            throw MalformedMessage(problem: "the message is a map neither of JSON nor of CBOR", offset: 0)
        }
        guard message.count < Int32.max else {
            throw MalformedMessage(problem: "the message is too long", offset: Int(Int32.max))
        }
        self.encoding = encoding
        makeRoom(for: message.count)
        UnsafeMutableRawPointer(bytes).copyMemory(from: source, byteCount: message.count)

        let input = Input(base: bytes, count: message.count)
        let tape = Tape(entries: self.tape, capacity: capacity + 2, bytes: bytes)
        switch encoding {
        case .json:
            var parser = JSONParser(input: input, tape: tape, depthLimit: depth)
            do throws(MalformedMessage) { try parser.message() } catch { try fail(error, parser.tape.count) }
        case .cbor:
            var parser = CBORParser(input: input, tape: tape, depthLimit: depth)
            do throws(MalformedMessage) { try parser.message() } catch { try fail(error, parser.tape.count) }
        }
    }

    /// The number that a member of the outermost map has, though the parse failed: so that an answer to half a message
    /// can still bear its `id`. Nil where that member had not been read when the fault was met.
    func salvaged(_ key: StaticString) -> UInt32? {
        var at: UInt32 = 2
        while at + 1 < salvage, tape[Int(at)].kind == .text, tape[Int(at) + 1].next != 0 {
            if equals(Node(index: at), key) { return uint32(Node(index: at + 1)) }
            at = tape[Int(at) + 1].next
        }
        return nil
    }

    private func clear() {
        let nothing = UInt64(0)
        tape[0] = Entry(payload: nothing, next: 1, kind: .map)
        tape[1] = Entry(payload: nothing, next: 2, kind: .map)
        salvage = 0
    }

    private func fail(_ fault: MalformedMessage, _ count: UInt32) throws(MalformedMessage) {
        clear()
        salvage = count
        throw fault
    }

    private func makeRoom(for count: Int) {
        guard count > capacity || capacity > Document.keptCapacity else { return }
        bytes.deallocate()
        tape.deallocate()
        capacity = max(count, 1_024)
        bytes = .allocate(capacity: capacity)
        tape = .allocate(capacity: capacity + 2)
        clear()
    }
}
