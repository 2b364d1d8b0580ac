/// The fields of a map, read by hand: what ``HandCoded`` types read from.
///
/// A field is absent or null, which mean the same; asked for without `…IfPresent`, it must be there.
struct Fields {
    let document: Document
    let node: UInt32

    /// Throws where `node` is no map.
    init(document: Document, node: UInt32) throws(FieldFault) {
        try document.expect(.map, "a map", at: node)
        self.document = document
        self.node = node
    }

    func string(_ key: StaticString) throws(FieldFault) -> String { try document.text(at: require(key)) }

    func stringIfPresent(_ key: StaticString) throws(FieldFault) -> String? {
        let value = find(key)
        return value == 0 ? nil : try document.text(at: value)
    }

    func bool(_ key: StaticString) throws(FieldFault) -> Bool { try document.boolean(at: require(key)) }

    func boolIfPresent(_ key: StaticString) throws(FieldFault) -> Bool? {
        let value = find(key)
        return value == 0 ? nil : try document.boolean(at: value)
    }

    func integer<Integer: FixedWidthInteger>(_ key: StaticString) throws(FieldFault) -> Integer {
        try document.integer(at: require(key))
    }

    func integerIfPresent<Integer: FixedWidthInteger>(_ key: StaticString) throws(FieldFault) -> Integer? {
        let value = find(key)
        return value == 0 ? nil : try document.integer(at: value)
    }

    func id(_ key: StaticString) throws(FieldFault) -> ID { try document.id(at: require(key)) }

    func idIfPresent(_ key: StaticString) throws(FieldFault) -> ID? {
        let value = find(key)
        return value == 0 ? nil : try document.id(at: value)
    }

    func timestamp(_ key: StaticString) throws(FieldFault) -> Timestamp {
        try document.timestamp(at: require(key))
    }

    func timestampIfPresent(_ key: StaticString) throws(FieldFault) -> Timestamp? {
        let value = find(key)
        return value == 0 ? nil : try document.timestamp(at: value)
    }

    func word<W: Word>(_ key: StaticString) throws(FieldFault) -> W { try document.word(at: require(key)) }

    func wordIfPresent<W: Word>(_ key: StaticString) throws(FieldFault) -> W? {
        let value = find(key)
        return value == 0 ? nil : try document.word(at: value)
    }

    /// An array of words.
    func words<W: Word>(_ key: StaticString) throws(FieldFault) -> [W] {
        let array = try require(key)
        try document.expect(.array, "an array", at: array)
        var words: [W] = []
        words.reserveCapacity(document.tape[Int(array)].lower)
        var item = array + 1
        while item < document.tape[Int(array)].next {
            words.append(try document.word(at: item))
            item = document.tape[Int(item)].next
        }
        return words
    }

    /// The fields of a map within this one.
    func map(_ key: StaticString) throws(FieldFault) -> Fields {
        try Fields(document: document, node: require(key))
    }

    func mapIfPresent(_ key: StaticString) throws(FieldFault) -> Fields? {
        let value = find(key)
        return value == 0 ? nil : try Fields(document: document, node: value)
    }

    /// The entry of a field; 0 where it is absent or null.
    @inline(__always)
    private func find(_ key: StaticString) -> UInt32 {
        let name = UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)
        let value = document.find(name, in: node)
        return document.tape[Int(value)].kind == .null ? 0 : value
    }

    private func require(_ key: StaticString) throws(FieldFault) -> UInt32 {
        let name = UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)
        let value = document.find(name, in: node)
        guard value != 0 else { throw FieldFault(node: node, member: "\(key)", message: "is missing") }
        return value
    }
}
