/// A buffer that messages are written into, one behind the other, and that a socket is fed from.
///
/// Its values are written in order, either by hand (``beginMap()``, ``key(_:)``, ``string(_:)`` …) or through `Codable`
/// (``encode(_:)``), and go straight into the buffer: no tree is built, nothing is copied. A writer is used by one thread.
final class MessageWriter {
    /// A map or an array that has not ended.
    struct Level {
        /// Where its first byte stands.
        var head: Int
        var items: Int
        /// Tells it from those that stood at the same depth before.
        var serial: UInt32
        var isMap: Bool
    }

    /// Bytes in the buffer.
    private(set) var count = 0
    private(set) var encoding = WireEncoding.json
    /// Maps and arrays that have not ended, the outermost first.
    private(set) var depth = 0
    /// The first thing that was written wrongly since the message began; nothing was, where it is nil.
    private(set) var fault: String?

    let handCoded = HandCodedTypes()
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private let levels: UnsafeMutablePointer<Level>
    private var serial: UInt32 = 0
    /// Whether a value may be written outside an array: a key stands, or the message has only begun.
    private var awaitsValue = false

    init(capacity: Int = 4_096) {
        self.capacity = max(capacity, 64)
        base = .allocate(capacity: self.capacity)
        levels = .allocate(capacity: Document.depthLimit)
    }

    deinit {
        base.deallocate()
        levels.deallocate()
    }
}

// MARK: the buffer

extension MessageWriter {
    var isEmpty: Bool { count == 0 }

    /// Lends the bytes from `start` on to `body`, for as long as it runs.
    func withBytes<Result>(
        from start: Int = 0, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        precondition(start >= 0 && start <= count)
        return try body(UnsafeRawBufferPointer(start: base + start, count: count - start))
    }

    /// A copy of the bytes from `start` on.
    func bytes(from start: Int = 0) -> [UInt8] { withBytes(from: start) { Array($0) } }

    func append(_ other: UnsafeRawBufferPointer) {
        guard let source = other.baseAddress else { return }
        reserve(other.count)
        append(source, other.count)
    }

    /// Drops bytes from the front: those that a socket has taken. Not while a message is being written.
    func removeFirst(_ amount: Int) {
        precondition(amount >= 0 && amount <= count && depth == 0)
        count -= amount
        UnsafeMutableRawPointer(base).copyMemory(from: base + amount, byteCount: count)
    }

    /// Takes back all that was written since ``count`` was `mark`, maps that are still open included.
    func truncate(to mark: Int) {
        precondition(mark >= 0 && mark <= count)
        count = mark
        depth = 0
        fault = nil
        awaitsValue = false
    }

    func removeAll() { truncate(to: 0) }

    /// Gives memory beyond `capacity` back; does nothing while there are bytes in the buffer.
    func shrink(to capacity: Int) {
        guard count == 0, self.capacity > max(capacity, 64) else { return }
        self.capacity = max(capacity, 64)
        base.deallocate()
        base = .allocate(capacity: self.capacity)
    }

    /// Begins a frame: four bytes for its length, and a message in `encoding`. Gives the mark that ``endFrame(_:)`` wants.
    func beginFrame(_ encoding: WireEncoding) -> Int {
        let mark = count
        reserve(4)
        count += 4
        begin(encoding)
        return mark
    }

    /// Ends what is open in the frame begun at `mark`, and writes its length, big-endian, before it.
    func endFrame(_ mark: Int) {
        unwind(to: 0)
        assert(fault == nil, fault ?? "")
        let length = UInt32(frameLength(mark))
        for at in 0..<4 { base[mark + at] = UInt8(truncatingIfNeeded: length >> UInt32(24 - at * 8)) }
    }

    /// The bytes of the message, so far, of the frame begun at `mark`.
    func frameLength(_ mark: Int) -> Int { count - mark - 4 }

    /// Begins a message without a frame.
    func begin(_ encoding: WireEncoding) {
        self.encoding = encoding
        depth = 0
        fault = nil
        awaitsValue = true
    }
}

// MARK: maps and arrays

extension MessageWriter {
    func beginMap() { open(isMap: true) }
    func endMap() { if depth > 0 { close() } }
    func beginArray() { open(isMap: false) }
    func endArray() { if depth > 0 { close() } }

    func key(_ name: StaticString) {
        key(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    func key(text name: String) {
        var name = name
        name.withUTF8 { key($0) }
    }

    func key(_ name: UnsafeBufferPointer<UInt8>) {
        guard depth > 0, levels[depth - 1].isMap, !awaitsValue else {
            return note("a key where none can stand")
        }
        let isFirst = levels[depth - 1].items == 0
        levels[depth - 1].items += 1
        awaitsValue = true
        if encoding == .cbor { return text(name) }
        if !isFirst {
            reserve(1)
            append(UInt8(ascii: ","))
        }
        text(name)
        reserve(1)
        append(UInt8(ascii: ":"))
    }

    /// What each value begins with: the comma before it in an array, the check that it may stand here.
    @inline(__always)
    func beginValue() {
        if awaitsValue {
            awaitsValue = false
        } else if depth > 0, !levels[depth - 1].isMap {
            if encoding == .json, levels[depth - 1].items > 0 {
                reserve(1)
                append(UInt8(ascii: ","))
            }
            levels[depth - 1].items += 1
        } else {
            note("a value where none can stand")
        }
    }

    /// The serial number of the map or array that is open at `level`, counted from 0.
    func serial(at level: Int) -> UInt32 { levels[level].serial }

    /// Items written so far into the array `serial` at `level`.
    func items(at level: Int, serial: UInt32) -> Int {
        level < depth && levels[level].serial == serial ? levels[level].items : 0
    }

    /// Whether what is open at `level` is a map.
    func isMap(at level: Int) -> Bool { levels[level].isMap }

    /// Ends whatever stands within the map or array `serial` at `level`, which is about to go on.
    @inline(__always)
    func resume(level: Int, serial: UInt32) {
        guard level < depth, levels[level].serial == serial else {
            return note("a container was written to after its end")
        }
        if depth > level + 1 { unwind(to: level + 1) }
    }

    /// Ends maps and arrays until `level` of them are open.
    func unwind(to level: Int) {
        while depth > level { close() }
    }

    /// Keeps the first thing that was done wrongly, for ``encode(_:)`` to throw.
    func note(_ problem: String) {
        if fault == nil { fault = problem }
    }

    private func open(isMap: Bool) {
        beginValue()
        guard depth < Document.depthLimit else { return note("maps and arrays are nested too deeply") }
        serial &+= 1
        levels[depth] = Level(head: count, items: 0, serial: serial, isMap: isMap)
        depth += 1
        reserve(1)
        switch encoding {
        case .json: append(UInt8(ascii: isMap ? "{" : "["))
        case .cbor: append(isMap ? 0xA0 : 0x80)
        }
    }

    private func close() {
        depth -= 1
        let level = levels[depth]
        if awaitsValue {
            awaitsValue = false
            note("a key without a value")
        }
        switch encoding {
        case .json:
            reserve(1)
            append(UInt8(ascii: level.isMap ? "}" : "]"))
        case .cbor: patchCount(of: level)
        }
    }

    /// Writes the count into the head of a CBOR map or array: a head of one byte is there, which takes counts to 23; for
    /// more, what follows moves up.
    private func patchCount(of level: Level) {
        let items = level.items
        guard items > 23 else { return base[level.head] |= UInt8(items) }
        let size = items <= 0xFF ? 1 : items <= 0xFFFF ? 2 : 4
        reserve(size)
        let content = level.head + 1
        UnsafeMutableRawPointer(base + content + size).copyMemory(
            from: base + content, byteCount: count - content)
        count += size
        base[level.head] |= size == 1 ? 24 : size == 2 ? 25 : 26
        for at in 0..<size {
            base[content + at] = UInt8(truncatingIfNeeded: items >> ((size - 1 - at) * 8))
        }
    }
}

// MARK: bytes

extension MessageWriter {
    /// Makes room for `amount` bytes more; what follows may then append them.
    @inline(__always)
    func reserve(_ amount: Int) {
        if capacity - count < amount { grow(amount) }
    }

    @inline(never)
    private func grow(_ amount: Int) {
        let larger = max(capacity * 2, count + amount)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        moved.update(from: base, count: count)
        base.deallocate()
        base = moved
        capacity = larger
    }

    @inline(__always)
    func append(_ byte: UInt8) {
        base[count] = byte
        count += 1
    }

    @inline(__always)
    func append(_ source: UnsafeRawPointer, _ amount: Int) {
        UnsafeMutableRawPointer(base + count).copyMemory(from: source, byteCount: amount)
        count += amount
    }
}
