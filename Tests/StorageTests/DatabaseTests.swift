import Testing

@testable import Storage

@Suite("Database") struct DatabaseTests {
    let scratch = Scratch()
    let database: Database

    init() throws {
        database = try Database(writing: scratch.path("a.db"), schema: .test, now: 0)
    }

    private func fill(_ count: Int) throws {
        for id in 1...count {
            try database.run("INSERT INTO item (id, name) VALUES (?1, ?2)", id, "item \(id)")
        }
    }

    @Test("tells how many rows a statement changed")
    func changes() throws {
        try fill(3)
        #expect(try database.run("UPDATE item SET name = name || '!' WHERE id > ?1", 1) == 2)
        #expect(try database.run("DELETE FROM item WHERE id = ?1", 99) == 0)
        #expect(try database.run("SELECT id FROM item") == 0)
    }

    @Test("gives the first row, all rows, each row, or none")
    func reading() throws {
        try fill(3)
        #expect(try database.first("SELECT id FROM item ORDER BY id") { $0.int(0) } == 1)
        #expect(try database.first("SELECT id FROM item WHERE id > ?1", 3) { $0.int(0) } == nil)
        #expect(try database.all("SELECT id FROM item ORDER BY id") { $0.int(0) } == [1, 2, 3])
        var sum = 0
        try database.each("SELECT id FROM item") { sum += $0.int(0) }
        #expect(sum == 6)
        #expect(try database.exists("SELECT 1 FROM item WHERE id = ?1", 2))
        #expect(try !database.exists("SELECT 1 FROM item WHERE id = ?1", 4))
    }

    @Test("a statement that returns what it wrote is run to its end")
    func returning() throws {
        let id = try database.first("INSERT INTO item (name) VALUES ('a'), ('b'), ('c') RETURNING id") {
            $0.int(0)
        }
        #expect(id == 1)
        #expect(try database.first("SELECT count(*) FROM item") { $0.int(0) } == 3)
        #expect(try database.all("DELETE FROM item RETURNING name") { $0.string(0) } == ["a", "b", "c"])
        #expect(try !database.exists("INSERT INTO item (name) SELECT name FROM item RETURNING id"))
    }

    @Test("a statement can be used again after its closure threw")
    func resetAfterThrow() throws {
        struct Enough: Error {}
        try fill(3)
        func firstFailing() throws -> [Int] {
            try database.all("SELECT id FROM item ORDER BY id") { row in
                guard row.int(0) < 2 else { throw Enough() }
                return row.int(0)
            }
        }
        #expect(throws: Enough.self) { try firstFailing() }
        // Were the statement still at its second row, the table could not be dropped.
        try database.run("DELETE FROM item WHERE id > 1")
        #expect(try firstFailing() == [1])
        try database.execute("DROP TABLE item")
    }

    @Test("a statement may be used again while its own rows are read")
    func nested() throws {
        try fill(3)
        func from(_ id: Int) throws -> [Int] {
            try database.all("SELECT id FROM item WHERE id > ?1 ORDER BY id", id) { row in
                try row.int(0) * 10 + from(row.int(0)).count
            }
        }
        #expect(try from(0) == [12, 21, 30])
    }

    @Test("the rule that a row breaks is told, with the statement and without the values")
    func constraints() throws {
        try fill(1)
        let unique = storeError { try database.run("INSERT INTO item (name) VALUES (?1)", "item 1") }
        #expect(unique?.isUnique == true && unique?.isConstraint == true && unique?.code == 2067)
        #expect(unique?.sql == "INSERT INTO item (name) VALUES (?1)")
        #expect(unique.map { "\($0)".contains("item.name") && !"\($0)".contains("item 1") } == true)

        let key = storeError { try database.run("INSERT INTO item (id) VALUES (?1)", 1) }
        #expect(key?.isUnique == true)
        let reference = storeError { try database.run("INSERT INTO item (owner) VALUES (?1)", 5) }
        #expect(reference?.isForeignKey == true && reference?.isUnique == false)
        let check = storeError { try database.run("INSERT INTO item (name) VALUES (?1)", "forbidden") }
        #expect(check?.kind == .constraint && check?.isConstraint == true)
        let type = storeError { try database.run("INSERT INTO value (number) VALUES (?1)", "secret") }
        #expect(type?.kind == .constraint)
        #expect(type.map { !"\($0)".contains("secret") } == true)
    }

    @Test("a column of another type than was asked for is an error that names it")
    func mismatch() throws {
        try database.run("INSERT INTO value (number, text, blob) VALUES (1, 'text', x'0102')")
        let text = storeError {
            try database.first("SELECT number, text FROM value") { $0.int(0) + $0.int(1) }
        }
        #expect(text?.isCorrupt == true)
        #expect(text?.message.contains("column 1 (text) is not an integer") == true)
        let null = storeError { try database.all("SELECT real FROM value") { $0.double(0) } }
        #expect(null?.message.contains("column 0 (real) is not a real number") == true)
        let short = storeError { try database.each("SELECT blob FROM value") { _ = $0.pair(0) } }
        #expect(short?.message.contains("a blob of 16 bytes") == true)
        // It comes before what the closure made of the wrong value.
        struct Other: Error {}
        let reason = storeError {
            try database.first("SELECT text FROM value") { row in if row.int(0) == 0 { throw Other() } }
        }
        #expect(reason?.isCorrupt == true)
        #expect(try database.first("SELECT number FROM value") { $0.int(0) } == 1)
    }

    @Test("several reads see one state, whatever is committed between them")
    func snapshot() throws {
        let reader = try Database(reading: scratch.path("a.db"), schema: .test)
        func count() throws -> Int? { try reader.first("SELECT count(*) FROM item") { $0.int(0) } }
        try reader.snapshot {
            #expect(try count() == 0)
            try fill(2)
            #expect(try count() == 0)
        }
        #expect(try count() == 2)
    }

    @Test("a snapshot ends also when its closure throws, and within a transaction adds nothing")
    func snapshotEnds() throws {
        struct Enough: Error {}
        #expect(throws: Enough.self) { try database.snapshot { throw Enough() } }
        #expect(!database.isInTransaction)
        try database.execute("BEGIN IMMEDIATE")
        try database.snapshot { try fill(1) }
        #expect(database.isInTransaction)
        try database.execute("COMMIT")
        #expect(try database.exists("SELECT 1 FROM item"))
    }

    @Test("a reader cannot write")
    func readOnly() throws {
        let reader = try Database(reading: scratch.path("a.db"), schema: .test)
        let error = storeError { try reader.run("INSERT INTO item (name) VALUES ('a')") }
        #expect(error?.kind == .disk)
    }

    @Test("who does not get the write lock in time is told that it is busy")
    func busy() throws {
        let other = try Database(opening: scratch.path("a.db"), flags: 2)
        try database.execute("BEGIN IMMEDIATE")
        let error = storeError { try other.run("INSERT INTO item (name) VALUES ('a')") }
        #expect(error?.isBusy == true && error?.isPassing == true)
    }

    @Test("SQL that does not fit the schema is an error with its text")
    func unknownTable() {
        let error = storeError { try database.run("DELETE FROM nowhere") }
        #expect(error?.kind == .other && error?.sql == "DELETE FROM nowhere")
        #expect(error?.message.contains("no such table: nowhere") == true)
    }

    @Test("the wrong number of values ends the program")
    func wrongNumberOfValues() async {
        await #expect(processExitsWith: .failure) { [path = scratch.path("b.db") as String] in
            let database = try Database(writing: path, schema: .test, now: 0)
            try database.run("INSERT INTO item (name) VALUES (?1)")
        }
    }

    @Test("two statements in one text end the program")
    func twoStatements() async {
        await #expect(processExitsWith: .failure) { [path = scratch.path("b.db") as String] in
            let database = try Database(writing: path, schema: .test, now: 0)
            try database.run("DELETE FROM item; DELETE FROM value")
        }
    }

    @Test("a column that is not there ends the program")
    func noSuchColumn() async {
        await #expect(processExitsWith: .failure) { [path = scratch.path("b.db") as String] in
            let database = try Database(writing: path, schema: .test, now: 0)
            _ = try database.first("SELECT 1") { $0.int(1) }
        }
    }
}
