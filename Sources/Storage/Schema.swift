/// One step in the life of a database's tables. Once released it is never changed: what it got wrong, a later one mends.
package struct Migration: Sendable {
    let name: StaticString
    let sql: StaticString

    /// Takes one or more statements, without values and without BEGIN or COMMIT.
    package init(_ name: StaticString, _ sql: StaticString) {
        self.name = name
        self.sql = sql
    }

    /// Tells an applied migration from a changed one (FNV-1a; nobody is kept from forging it).
    var hash: Int64 {
        let bytes = UnsafeBufferPointer(start: sql.utf8Start, count: sql.utf8CodeUnitCount)
        return Int64(bitPattern: bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
    }
}

/// What a program keeps in its database: whose it is, and how its tables came to be, oldest first.
package struct Schema: Sendable {
    let tag: Tag
    let migrations: [Migration]

    /// Takes the migrations so far, and as `tag` four ASCII characters that stand in the file's header (SQLite's
    /// `application_id`), so that the database of one service is not opened by another.
    package init(tag: StaticString, _ migrations: [Migration]) {
        let bytes = UnsafeBufferPointer(start: tag.utf8Start, count: tag.utf8CodeUnitCount)
        precondition(
            bytes.count == 4 && bytes.allSatisfy { 0x20 < $0 && $0 < 0x7F },
            "not four ASCII characters: \(tag)")
        self.tag = Tag(number: Int32(bitPattern: bytes.reduce(0) { $0 << 8 | UInt32($1) }))
        self.migrations = migrations
    }
}

/// A file's `application_id`, told as the characters that it was made of.
struct Tag: Equatable, Sendable, CustomStringConvertible {
    let number: Int32

    /// The four characters; empty where it is none of a service's.
    var text: String {
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
        return bytes.allSatisfy { 0x20 < $0 && $0 < 0x7F } ? String(decoding: bytes, as: UTF8.self) : ""
    }

    var description: String {
        guard number != 0 else { return "untagged" }
        return text.isEmpty ? "foreign" : "\"\(text)\""
    }
}
