import Glibc
import Testing

@testable import Storage

@Suite("Snapshot", .timeLimit(.minutes(1))) struct SnapshotTests {
    let scratch = Scratch()
    var path: String { scratch.path("a.db") }
    var copy: String { scratch.path("copy.db") }

    @Test("is whole, of one moment, while the writer goes on")
    func whileWriting() async throws {
        let writer = try Writer(path, schema: .test, now: 0)
        defer { writer.close() }
        // Large enough that writes fall between its steps.
        try await writer.write { database in
            for _ in 0..<1_000 { try database.run("INSERT INTO value (blob) VALUES (zeroblob(10000))") }
        }
        try await withThrowingTaskGroup { group in
            group.addTask {
                var id = 0
                while !Task.isCancelled {
                    id += 1
                    try await writer.write { [id] database in
                        try database.run("INSERT INTO item (id) VALUES (?1)", id)
                        try database.run("INSERT INTO owner (id) VALUES (?1)", id)
                        // Moves a page at each end of the file.
                        try database.run("UPDATE value SET number = ?1 WHERE id IN (1, 1000)", id)
                    }
                }
            }
            await until { writer.commits > 10 }
            for _ in 0..<5 {
                let before = writer.commits
                let bytes = try await Snapshot(of: path).copy(to: copy)
                let after = writer.commits
                #expect(after > before)
                #expect(bytes > 10_000_000 && bytes == Files.size(of: copy))
                let reader = try Database(reading: copy, schema: .test)
                let items = try reader.all("SELECT id FROM item ORDER BY id") { $0.int(0) }
                #expect(items.count >= 1 && items == Array(1...items.count))
                #expect(try reader.all("SELECT id FROM owner ORDER BY id") { $0.int(0) } == items)
                let ends = try reader.all("SELECT number FROM value WHERE id IN (1, 1000)") { $0.int(0) }
                #expect(ends == [items.count, items.count])
            }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test("is one file that nobody else can read, and that a writer can go on with")
    func oneFile() async throws {
        let writer = try Writer(path, schema: .test, now: 0)
        try await writer.write { try $0.run("INSERT INTO item (name) VALUES ('kept')") }
        _ = try await Snapshot(of: path).copy(to: copy)
        writer.close()
        #expect(scratch.names == ["a.db", "a.db.lock", "copy.db"])
        var info = stat()
        #expect(stat(copy, &info) == 0 && info.st_mode & 0o777 == 0o600)

        let restored = try Writer(copy, schema: .test, now: 0)
        defer { restored.close() }
        try await restored.write { try $0.run("INSERT INTO item (name) VALUES ('new')") }
        #expect(try await restored.items() == 2)
    }

    @Test("replaces the backup before it, and only when it is good itself")
    func replaces() async throws {
        let writer = try Writer(path, schema: .test, now: 0)
        let first = try await Snapshot(of: path).copy(to: copy)
        try await writer.write { database in
            for id in 0..<2_000 {
                try database.run("INSERT INTO item (id, name) VALUES (?1, ?2)", id, "item \(id)")
            }
        }
        let second = try await Snapshot(of: path).copy(to: copy)
        #expect(second > first)
        writer.close()
        Bytes.put([UInt8](repeating: 0xAA, count: 4_096), at: 5 * 4_096, in: path)
        let error = await storeError { try await Snapshot(of: path).copy(to: copy) }
        #expect(error?.isCorrupt == true)
        try Database(readOnly: copy).quickCheck()
        #expect(!scratch.names.contains { $0.hasSuffix(".partial") })
    }

    @Test("refuses to overwrite the database itself, by any name, or another in use")
    func refusals() async throws {
        let writer = try Writer(path, schema: .test, now: 0)
        defer { writer.close() }
        #expect(symlink(path, scratch.path("alias")) == 0)
        for name in ["a.db", "alias"] {
            let error = await storeError { try await Snapshot(of: path).copy(to: scratch.path(name)) }
            #expect(error?.message.contains("is the database itself") == true)
        }
        let other = try Writer(copy, schema: .test, now: 0)
        defer { other.close() }
        #expect(await storeError { try await Snapshot(of: path).copy(to: copy) }?.kind == .inUse)
    }

    @Test("names what is not there")
    func missing() async throws {
        let source = await storeError { try await Snapshot(of: path).copy(to: copy) }
        #expect(source?.message.contains(path) == true)
        try Writer(path, schema: .test, now: 0).close()
        let directory = await storeError { try await Snapshot(of: path).copy(to: "/nowhere/copy") }
        #expect(directory?.isDisk == true)
        #expect(directory?.message.contains("/nowhere") == true)
    }

    @Test("one at a time is written into a directory")
    func oneAtATime() async throws {
        try Writer(path, schema: .test, now: 0).close()
        let lock = try FileLock(directory: scratch.directory)
        #expect(await storeError { try await Snapshot(of: path).copy(to: copy) }?.kind == .inUse)
        withExtendedLifetime(lock) {}
    }
}
