import Glibc
import Testing

@testable import Storage

@Suite("Opening") struct OpeningTests {
    let scratch = Scratch()
    var path: String { scratch.path("a.db") }

    private func make(rows: Int = 2_000) throws {
        let writer = try Writer(path, schema: .test, now: 0)
        defer { writer.close() }
        try writer.writeNow { database in
            for id in 0..<rows {
                try database.run("INSERT INTO item (id, name) VALUES (?1, ?2)", id, "item \(id)")
            }
        }
    }

    private func open() -> StoreError? {
        storeError { try Writer(path, schema: .test, now: 0) }
    }

    @Test("makes files that nobody else can read, and leaves no draft")
    func permissions() throws {
        let writer = try Writer(path, schema: .test, now: 0)
        try writer.writeNow { try $0.run("INSERT INTO item (name) VALUES ('a')") }
        #expect(scratch.names == ["a.db", "a.db-shm", "a.db-wal", "a.db.lock"])
        for name in scratch.names {
            var info = stat()
            #expect(stat(scratch.path(name), &info) == 0)
            #expect(info.st_mode & 0o777 == 0o600, "\(name)")
        }
        writer.close()
        #expect(scratch.names == ["a.db", "a.db.lock"])
    }

    @Test("commits with the log and the syncs that make a commit last")
    func durability() throws {
        let database = try Database(writing: path, schema: .test, now: 0)
        func number(_ pragma: StaticString) throws -> Int? { try database.first(pragma) { $0.int(0) } }
        #expect(try database.first("PRAGMA journal_mode") { $0.string(0) } == "wal")
        #expect(try number("PRAGMA synchronous") == 2)
        #expect(try number("PRAGMA foreign_keys") == 1)
        #expect(try number("PRAGMA secure_delete") == 1)
        #expect(try number("PRAGMA trusted_schema") == 0)
        #expect(try number("PRAGMA cell_size_check") == 1)
    }

    @Test("a second owner is refused with the number of the first, until that one is done")
    func secondOwner() throws {
        let writer = try Writer(path, schema: .test, now: 0)
        let error = open()
        #expect(error?.kind == .inUse)
        #expect(error?.message == "\(path): is in use by another process (\(getpid()))")
        writer.close()
        try Writer(path, schema: .test, now: 0).close()
    }

    @Test("a directory that is not there is named")
    func noDirectory() {
        let error = storeError { try Writer("/nowhere/a.db", schema: .test, now: 0) }
        #expect(error?.isDisk == true)
        #expect(error?.message.contains("/nowhere/a.db") == true)
        #expect(error?.message.contains("No such file or directory") == true)
        #expect(storeError { try Database(reading: path, schema: .test) }?.message.contains(path) == true)
    }

    @Test("a file that is no database is refused and left alone")
    func garbage() throws {
        let text = [UInt8](repeating: UInt8(ascii: "x"), count: 10_000)
        Bytes.put(text, in: path)
        let error = open()
        #expect(error?.isCorrupt == true)
        #expect(error?.message == "\(path): file is not a database")
        #expect(Bytes.of(path) == text)
        #expect(storeError { try Database(reading: path, schema: .test) }?.isCorrupt == true)
    }

    @Test("a file cut short is refused", arguments: [100, 4_096, 20_000])
    func cutShort(size: Int) throws {
        try make()
        #expect(truncate(path, off_t(size)) == 0)
        #expect(open()?.isCorrupt == true)
        #expect(storeError { try Database(reading: path, schema: .test) }?.isCorrupt == true)
    }

    @Test("an empty file is refused: its data is lost, and that is said")
    func empty() throws {
        try make()
        #expect(truncate(path, 0) == 0)
        let error = open()
        #expect(error?.isCorrupt == true)
        #expect(error?.message.contains("the file is empty") == true)
    }

    @Test("a log without its database is refused")
    func logAlone() throws {
        Bytes.put([1, 2, 3], in: path + "-wal")
        #expect(open()?.message.contains("is gone, but \(path)-wal is there") == true)
    }

    @Test("a restored backup beside the log of the database before is refused")
    func staleLog() async throws {
        try make()
        _ = try await Snapshot(of: path).copy(to: scratch.path("copy"))
        #expect(rename(scratch.path("copy"), path) == 0)
        Bytes.put([UInt8](repeating: 1, count: 5_000), in: path + "-wal")
        #expect(open()?.message.contains("remove it") == true)
        unlink(path + "-wal")
        try Writer(path, schema: .test, now: 0).close()
    }

    @Test("a creation that was cut off is begun again")
    func cutOffCreation() throws {
        Bytes.put([1, 2, 3], in: path + ".new")
        try make(rows: 1)
        #expect(scratch.names == ["a.db", "a.db.lock"])
    }

    @Test("a damaged page is found by the full check")
    func damagedPage() throws {
        try make()
        Bytes.put([UInt8](repeating: 0xAA, count: 4_096), at: 5 * 4_096, in: path)
        let database = try Database(readOnly: path)
        #expect(storeError { try database.quickCheck() }?.isCorrupt == true)
    }
}
