import Testing

@testable import Storage

@Suite("Values") struct ValueTests {
    let scratch = Scratch()
    let database: Database

    init() throws {
        database = try Database(writing: scratch.path("a.db"), schema: .test, now: 0)
    }

    @Test(
        "an integer comes back as it went in",
        arguments: [0, 1, -1, 255, 256, Int64.max, Int64.min])
    func integers(number: Int64) throws {
        try database.run("INSERT INTO value (number) VALUES (?1)", number)
        #expect(try database.first("SELECT number FROM value") { $0.int64(0) } == number)
    }

    @Test(
        "text comes back as it went in, empty, long or with a zero in it",
        arguments: [
            "", "a", "Zoë 🗝️", "before\0after", "'; DROP TABLE value; --",
            String(repeating: "x", count: 70_000),
        ])
    func texts(text: String) throws {
        try database.run("INSERT INTO value (text) VALUES (?1)", text)
        #expect(try database.first("SELECT text FROM value WHERE text = ?1", text) { $0.string(0) } == text)
    }

    @Test(
        "a blob comes back as it went in, and an empty one is not NULL",
        arguments: [[], [0], [0, 0xFF], [UInt8](repeating: 7, count: 70_000)])
    func blobs(blob: [UInt8]) throws {
        try database.run("INSERT INTO value (blob) VALUES (?1)", blob)
        #expect(try database.first("SELECT blob FROM value WHERE blob IS NOT NULL") { $0.blob(0) } == blob)
    }

    @Test("a real number and both truths come back as they went in")
    func realsAndBools() throws {
        try database.run(
            "INSERT INTO value (id, real, number) VALUES (1, ?1, ?2), (2, ?3, ?4)", 0.1, true, -3.0, false)
        let rows = try database.all("SELECT real, number FROM value ORDER BY id") {
            ($0.double(0), $0.bool(1))
        }
        #expect(rows.map(\.0) == [0.1, -3.0])
        #expect(rows.map(\.1) == [true, false])
    }

    @Test("an identity is sixteen bytes, most significant first")
    func pairs() throws {
        let high: UInt64 = 0x0102_0304_0506_0708
        let low: UInt64 = 0xF9FA_FBFC_FDFE_FF00
        try database.run("INSERT INTO value (blob) VALUES (?1)", Value.pair(high, low))
        let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF, 0]
        #expect(try database.first("SELECT blob FROM value") { $0.blob(0) } == bytes)
        let pair = try database.first("SELECT blob FROM value WHERE blob = ?1", bytes) { $0.pair(0) }
        #expect(pair?.0 == high && pair?.1 == low)
    }

    @Test("two identities of one statement do not run into each other")
    func twoPairs() throws {
        try database.run("INSERT INTO value (blob) VALUES (?1), (?2)", Value.pair(1, 2), Value.pair(3, 4))
        let lows = try database.all("SELECT blob FROM value ORDER BY blob") { $0.pair(0).1 }
        #expect(lows == [2, 4])
    }

    @Test("nothing goes in as NULL and comes back as nil")
    func nothing() throws {
        let number: Int? = nil
        let text: String? = nil
        try database.run(
            "INSERT INTO value (number, text, blob) VALUES (?1, ?2, ?3)", number, text, Value.null)
        let isNil = try database.first("SELECT number, text, blob, real FROM value") { row in
            row.isNull(0) && row.int64OrNil(0) == nil && row.intOrNil(0) == nil && row.boolOrNil(0) == nil
                && row.stringOrNil(1) == nil && row.blobOrNil(2) == nil && row.pairOrNil(2) == nil
                && row.doubleOrNil(3) == nil
        }
        #expect(isNil == true)
    }

    @Test("something comes back from the getters that allow nil")
    func something() throws {
        try database.run(
            "INSERT INTO value (number, text, blob, real) VALUES (?1, ?2, ?3, ?4)", 1 as Int?, "t" as String?,
            Value.pair(0, 9), 2.5 as Double?)
        let found = try database.first("SELECT number, text, blob, real FROM value") { row in
            row.int64OrNil(0) == 1 && row.intOrNil(0) == 1 && row.boolOrNil(0) == true
                && row.stringOrNil(1) == "t"
                && row.blobOrNil(2)?.count == 16 && row.pairOrNil(2)?.1 == 9 && row.doubleOrNil(3) == 2.5
        }
        #expect(found == true)
    }

    @Test("a value that outlived a call is not bound in the next one")
    func bindingsAreForgotten() throws {
        for name in ["first", "second"] {
            try database.run("INSERT INTO item (name) VALUES (?1)", name)
        }
        #expect(
            try database.all("SELECT name FROM item ORDER BY id") { $0.string(0) } == ["first", "second"])
    }
}
