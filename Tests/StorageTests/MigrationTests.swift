import Glibc
import Testing

@testable import Storage

@Suite("Migrations") struct MigrationTests {
    let scratch = Scratch()
    var path: String { scratch.path("a.db") }

    static let first = Migration("first", "CREATE TABLE one (id INTEGER PRIMARY KEY) STRICT")
    static let second = Migration("second", "CREATE TABLE two (id INTEGER PRIMARY KEY REFERENCES one) STRICT")

    private func open(_ migrations: [Migration], tag: StaticString = "CHts", now: Int64 = 0) throws
        -> Database
    {
        try Database(writing: path, schema: Schema(tag: tag, migrations), now: now)
    }

    @Test("each is done once, in order, and noted with its time")
    func inOrder() throws {
        _ = try open([Self.first], now: 1_000)
        _ = try open([Self.first], now: 2_000)
        let database = try open([Self.first, Self.second], now: 3_000)
        let done = try database.all("SELECT number, name, applied FROM schema_migration ORDER BY number") {
            "\($0.int(0)) \($0.string(1)) \($0.int(2))"
        }
        #expect(done == ["1 first 1000", "2 second 3000"])
        #expect(try !database.exists("SELECT 1 FROM two"))
    }

    @Test("a database of a newer version is refused, by name")
    func newer() throws {
        _ = try open([Self.first, Self.second])
        let error = storeError { try open([Self.first]) }
        #expect(error?.kind == .newer)
        #expect(
            error?.message
                == "\(path): was written by a newer version: it has migration 2 \"second\", this program knows 1"
        )
    }

    @Test("a migration that was changed after it was done is refused, by name")
    func changed() throws {
        _ = try open([Self.first])
        let sql = storeError {
            try open([Migration("first", "CREATE TABLE one (id TEXT PRIMARY KEY) STRICT")])
        }
        #expect(sql?.kind == .foreign)
        #expect(sql?.message.contains("migration 1 \"first\"") == true)
        let name = storeError { try open([Migration("renamed", Self.first.sql)]) }
        #expect(name?.kind == .foreign)
        #expect(name?.message.contains("\"renamed\"") == true)
    }

    @Test("a migration that fails leaves nothing behind, and the one before stands")
    func failing() throws {
        let broken = Migration(
            "broken", "CREATE TABLE three (id INTEGER) STRICT; INSERT INTO nowhere VALUES (1)")
        let error = storeError { try open([Self.first, broken]) }
        #expect(error?.message.hasPrefix("migration 2 \"broken\": ") == true)
        let database = try open([Self.first, Migration("mended", "CREATE TABLE three (id INTEGER) STRICT")])
        #expect(try database.first("SELECT count(*) FROM schema_migration") { $0.int(0) } == 2)
    }

    @Test("what there was before a migration is kept, and an older program can be given it back")
    func kept() throws {
        try open([Self.first]).run("INSERT INTO one VALUES (7)")
        #expect(scratch.names.allSatisfy { !$0.contains("before") })
        _ = try open([Self.first, Self.second, Migration("rows", "DELETE FROM one")])
        let copy = scratch.path("a.db.before-migration-2")
        var info = stat()
        try #require(stat(copy, &info) == 0)
        #expect(info.st_mode & 0o777 == 0o600)

        for file in ["a.db", "a.db-wal", "a.db-shm"] { unlink(scratch.path(file)) }
        #expect(rename(copy, path) == 0)
        let database = try open([Self.first])
        #expect(try database.all("SELECT id FROM one") { $0.int(0) } == [7])
        #expect(scratch.names.allSatisfy { !$0.contains("before") })
    }

    @Test("a copy from an earlier try is replaced, and one from before other migrations stays")
    func keptAgain() throws {
        let broken = Migration("broken", "INSERT INTO nowhere VALUES (1)")
        _ = try open([Self.first])
        _ = storeError { try open([Self.first, broken]) }
        try open([Self.first]).run("INSERT INTO one VALUES (8)")
        _ = try open([Self.first, Self.second])
        _ = try open([Self.first, Self.second, Migration("third", "SELECT 1")])
        let copies = scratch.names.filter { $0.contains("before") }
        #expect(copies == ["a.db.before-migration-2", "a.db.before-migration-3"])
        let copy = try Database(readOnly: scratch.path("a.db.before-migration-2"))
        #expect(try copy.all("SELECT id FROM one") { $0.int(0) } == [8])
    }

    @Test("where it cannot be kept, the migration is not begun")
    func notKept() throws {
        _ = try open([Self.first])
        #expect(mkdir(scratch.path("a.db.before-migration-2"), 0o700) == 0)
        defer { rmdir(scratch.path("a.db.before-migration-2")) }
        let error = storeError { try open([Self.first, Self.second]) }
        #expect(error?.message.hasPrefix("migration 2 \"second\" is not begun, since a copy") == true)
        #expect(scratch.names.allSatisfy { !$0.hasSuffix(".partial") })
        let database = try open([Self.first])
        #expect(try !database.exists("SELECT 1 FROM sqlite_schema WHERE name = 'two'"))
    }

    @Test("a table can be replaced while others point to it")
    func replacing() throws {
        let rows = Migration("rows", "INSERT INTO one VALUES (7); INSERT INTO two VALUES (7)")
        let replace = Migration(
            "replace",
            """
            CREATE TABLE fresh (id INTEGER PRIMARY KEY, name TEXT) STRICT;
            INSERT INTO fresh (id) SELECT id FROM one;
            DROP TABLE one;
            ALTER TABLE fresh RENAME TO one;
            """)
        let database = try open([Self.first, Self.second, rows, replace])
        #expect(try database.exists("SELECT name FROM one JOIN two USING (id)"))
        // The checks are on again afterwards.
        #expect(storeError { try database.run("INSERT INTO two VALUES (8)") }?.isForeignKey == true)
    }

    @Test("a migration that leaves a reference to nothing is refused")
    func danglingReference() throws {
        let dangling = Migration("dangling", "INSERT INTO two VALUES (7)")
        let error = storeError { try open([Self.first, Self.second, dangling]) }
        #expect(error?.isForeignKey == true)
        #expect(error?.message.contains("table two points to rows that are not there") == true)
        #expect(try !open([Self.first, Self.second]).exists("SELECT 1 FROM two"))
    }

    @Test("the database of another service is refused, by its tag, and stays as it was")
    func otherService() throws {
        _ = try open([Self.first], tag: "CHau")
        let before = Bytes.of(path)
        let error = storeError { try open([Self.first], tag: "CHot") }
        #expect(error?.kind == .foreign)
        #expect(error?.message == "\(path): is a \"CHau\" database, not a \"CHot\" one")
        #expect(Bytes.of(path) == before)
        let reader = storeError {
            try Database(reading: path, schema: Schema(tag: "CHot", [Self.first]))
        }
        #expect(reader?.kind == .foreign)
    }

    @Test("a reader wants exactly its own migrations")
    func reader() throws {
        _ = try open([Self.first])
        _ = try Database(reading: path, schema: Schema(tag: "CHts", [Self.first]))
        let older = storeError {
            try Database(reading: path, schema: Schema(tag: "CHts", [Self.first, Self.second]))
        }
        #expect(older?.message.contains("has 1 of 2 migrations") == true)
        #expect(storeError { try Database(reading: path, schema: Schema(tag: "CHts", [])) }?.kind == .newer)
    }

    @Test("a migration that ends its own transaction ends the program")
    func endsTransaction() async {
        await #expect(processExitsWith: .failure) { [path = path as String] in
            let schema = Schema(tag: "CHts", [Migration("bad", "CREATE TABLE a (id INTEGER) STRICT; COMMIT")])
            _ = try Database(writing: path, schema: schema, now: 0)
        }
    }

    @Test("a tag that is not four characters ends the program")
    func badTag() async {
        await #expect(processExitsWith: .failure) { _ = Schema(tag: "long one", []) }
    }
}
