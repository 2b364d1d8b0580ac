import Glibc

/// The bytes of a message, read from front to back and never past their end.
struct Input {
    let base: UnsafeMutablePointer<UInt8>
    let count: Int
    var at = 0

    var left: Int { count - at }

    /// The byte ahead, if there is one.
    var peek: UInt8? { at < count ? base[at] : nil }

    mutating func next() throws(MalformedMessage) -> UInt8 {
        guard at < count else { throw fault("the message ends early") }
        defer { at += 1 }
        return base[at]
    }

    /// Takes the byte ahead where it is `byte`.
    mutating func take(_ byte: UInt8) -> Bool {
        guard at < count, base[at] == byte else { return false }
        at += 1
        return true
    }

    func fault(_ problem: String) -> MalformedMessage { fault(problem, at: at) }
    func fault(_ problem: String, at offset: Int) -> MalformedMessage {
        MalformedMessage(problem: problem, offset: offset)
    }
}

/// The tape while it is written.
struct Tape {
    let entries: UnsafeMutablePointer<Document.Entry>
    let capacity: Int
    let bytes: UnsafeMutablePointer<UInt8>
    /// Entry 0 stands already.
    private(set) var count: UInt32 = 1

    /// Adds a value that holds no others.
    mutating func add(_ kind: Document.Kind, _ payload: UInt64 = 0) {
        precondition(count < capacity)
        entries[Int(count)] = Document.Entry(payload: payload, next: count + 1, kind: kind)
        count += 1
    }

    /// Adds a text or a byte string.
    mutating func add(_ kind: Document.Kind, offset: Int, length: Int) {
        add(kind, UInt64(offset) << 32 | UInt64(length))
    }

    /// Adds an array or a map, to be closed when all that it holds has been added.
    mutating func open(_ kind: Document.Kind) -> UInt32 {
        add(kind)
        entries[Int(count) - 1].next = 0
        return count - 1
    }

    func closeArray(_ index: UInt32, count items: Int) {
        entries[Int(index)].payload = UInt64(items)
        entries[Int(index)].next = count
    }

    /// Closes a map of `pairs` keys and values, unless a key stands in it twice.
    func closeMap(_ index: UInt32, count pairs: Int) throws(MalformedMessage) {
        entries[Int(index)].payload = UInt64(pairs) << 32 | UInt64(index + 1)
        entries[Int(index)].next = count
        if let offset = pairs <= 12 ? repeatedKeyOfFew(index) : repeatedKeyOfMany(index, pairs) {
            throw MalformedMessage(problem: "a key stands twice in one map", offset: offset)
        }
    }

    /// Compares each key with those before it.
    private func repeatedKeyOfFew(_ map: UInt32) -> Int? {
        var key = Int(map) + 1
        while key < count {
            var earlier = Int(map) + 1
            while earlier < key {
                if compare(key, earlier) == 0 { return entries[key].upper }
                earlier = Int(entries[earlier + 1].next)
            }
            key = Int(entries[key + 1].next)
        }
        return nil
    }

    /// Sorts the keys, so that equal ones stand side by side: a map of 60,000 keys costs no 60,000² comparisons, and no
    /// choice of keys makes it worse, as it would a hash table.
    private func repeatedKeyOfMany(_ map: UInt32, _ pairs: Int) -> Int? {
        var keys: [Int] = []
        keys.reserveCapacity(pairs)
        var key = Int(map) + 1
        while key < count {
            keys.append(key)
            key = Int(entries[key + 1].next)
        }
        keys.sort { compare($0, $1) < 0 }
        var repeated: Int?
        for at in 1..<keys.count where compare(keys[at - 1], keys[at]) == 0 {
            let later = max(entries[keys[at - 1]].upper, entries[keys[at]].upper)
            repeated = min(repeated ?? later, later)
        }
        return repeated
    }

    /// Orders two texts by length, then by bytes.
    private func compare(_ one: Int, _ other: Int) -> Int {
        let (one, other) = (entries[one], entries[other])
        guard one.lower == other.lower else { return one.lower - other.lower }
        return Int(memcmp(bytes + one.upper, bytes + other.upper, one.lower))
    }
}
