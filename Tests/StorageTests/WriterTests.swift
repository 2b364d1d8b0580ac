import Glibc
import Testing

@testable import Storage

@Suite("Writer", .timeLimit(.minutes(1))) struct WriterTests {
    let scratch = Scratch()
    var path: String { scratch.path("a.db") }

    private func open(_ change: (inout Writer.Settings) -> Void = { _ in }) throws -> Writer {
        var settings = Writer.Settings()
        change(&settings)
        return try Writer(path, schema: .test, now: 0, settings: settings)
    }

    @Test("64 callers at once: every write is answered once, is on disk, and shares its commit")
    func manyCallers() async throws {
        let writer = try open()
        let answers = try await withThrowingTaskGroup { group in
            for caller in 0..<64 {
                group.addTask {
                    var answers: [Int] = []
                    for turn in 0..<200 {
                        let id = caller * 1_000 + turn
                        answers.append(
                            try await writer.write { database in
                                try database.run("INSERT INTO item (id) VALUES (?1)", id)
                                return id
                            })
                    }
                    return answers
                }
            }
            return try await group.reduce(into: Set<Int>()) { $0.formUnion($1) }
        }
        #expect(answers.count == 12_800)
        #expect(writer.jobs == 12_800)
        #expect(writer.commits < 12_800)
        #expect(writer.waiting == 0)
        writer.close()
        let reader = try Database(reading: path, schema: .test)
        #expect(try Set(reader.all("SELECT id FROM item") { $0.int(0) }) == answers)
    }

    @Test("what waits goes into one transaction, in the order of the calls")
    func order() async throws {
        let writer = try open()
        let hold = try Hold()
        let holding = await hold.take(writer)
        var waiting: [Task<Int, any Error>] = []
        for number in 0..<20 {
            waiting.append(
                await writer.queue { database in
                    try database.run("INSERT INTO item (name) VALUES (?1)", "\(number)")
                    return try database.first("SELECT max(id) FROM item") { $0.int(0) } ?? 0
                })
        }
        #expect(writer.waiting == 20)
        let before = writer.commits
        hold.letGo()
        try await holding.value
        for (index, task) in waiting.enumerated() { #expect(try await task.value == index + 1) }
        #expect(writer.commits == before + 2)
    }

    @Test("no more than a batch goes into one transaction")
    func batches() async throws {
        let writer = try open { $0.batch = 3 }
        let hold = try Hold()
        let holding = await hold.take(writer)
        var waiting: [Task<Int, any Error>] = []
        for id in 0..<7 {
            waiting.append(await writer.queue { try $0.run("INSERT INTO item (id) VALUES (?1)", id) })
        }
        hold.letGo()
        try await holding.value
        for task in waiting { #expect(try await task.value == 1) }
        #expect(writer.commits == 1 + 3)
    }

    @Test("a write that throws undoes itself, and nothing of the others in its transaction")
    func throwing() async throws {
        struct Enough: Error {}
        let writer = try open()
        let hold = try Hold()
        let holding = await hold.take(writer)
        let first = await writer.queue { try $0.run("INSERT INTO item (name) VALUES ('first')") }
        let thrown = await writer.queue { database in
            try database.run("INSERT INTO item (name) VALUES ('undone')")
            try database.run("DELETE FROM item WHERE name = 'first'")
            throw Enough()
        }
        let duplicate = await writer.queue { try $0.run("INSERT INTO item (name) VALUES ('first')") }
        let last = await writer.queue { try $0.run("INSERT INTO item (name) VALUES ('last')") }
        hold.letGo()
        try await holding.value
        #expect(try await first.value == 1)
        await #expect(throws: Enough.self) { try await thrown.value }
        #expect(await storeError { try await duplicate.value }?.isUnique == true)
        #expect(try await last.value == 1)
        #expect(writer.commits == 2)
        writer.close()
        let reader = try Database(reading: path, schema: .test)
        #expect(try reader.all("SELECT name FROM item ORDER BY id") { $0.string(0) } == ["first", "last"])
    }

    @Test("a deferred reference to nothing fails its own write, not the transaction of all")
    func deferredReference() async throws {
        let writer = try open()
        let hold = try Hold()
        let holding = await hold.take(writer)
        let before = await writer.queue { try $0.run("INSERT INTO item (name) VALUES ('before')") }
        let dangling = await writer.queue { try $0.run("INSERT INTO item (owner) VALUES (5)") }
        let mended = await writer.queue { database in
            try database.run("INSERT INTO item (name, owner) VALUES ('mended', 6)")
            return try database.run("INSERT INTO owner (id) VALUES (6)")
        }
        hold.letGo()
        try await holding.value
        #expect(try await before.value == 1)
        #expect(await storeError { try await dangling.value }?.isForeignKey == true)
        #expect(try await mended.value == 1)
        #expect(try await writer.items() == 2)
    }

    @Test("one write more than the limit is refused at once, and never done")
    func overloaded() async throws {
        let writer = try open { $0.limit = 3 }
        let hold = try Hold()
        let holding = await hold.take(writer)
        var waiting: [Task<Int, any Error>] = []
        for id in 0..<3 {
            waiting.append(await writer.queue { try $0.run("INSERT INTO item (id) VALUES (?1)", id) })
        }
        let error = await storeError {
            try await writer.write { try $0.run("INSERT INTO item (id) VALUES (99)") }
        }
        #expect(error?.isOverloaded == true && error?.isPassing == true)
        hold.letGo()
        try await holding.value
        for task in waiting { #expect(try await task.value == 1) }
        #expect(try await writer.items() == 3)
    }

    @Test("a reader sees a commit as soon as its write has returned")
    func readAfterWrite() async throws {
        let writer = try open()
        let reader = try Database(reading: path, schema: .test)
        for id in 0..<300 {
            try await writer.write { try $0.run("INSERT INTO item (id) VALUES (?1)", id) }
            #expect(try reader.exists("SELECT 1 FROM item WHERE id = ?1", id))
        }
    }

    @Test("a thread that may block writes as well, and gets what its work returns or throws")
    func blocking() throws {
        let writer = try open()
        let count = try writer.writeNow { try $0.run("INSERT INTO item (name) VALUES ('a'), ('b')") }
        #expect(count == 2)
        let error = storeError { try writer.writeNow { try $0.run("INSERT INTO item (name) VALUES ('a')") } }
        #expect(error?.isUnique == true)
    }

    @Test("closing does what waits and refuses what comes later")
    func closing() async throws {
        let writer = try open()
        let hold = try Hold()
        let holding = await hold.take(writer)
        var waiting: [Task<Int, any Error>] = []
        for id in 0..<10 {
            waiting.append(await writer.queue { try $0.run("INSERT INTO item (id) VALUES (?1)", id) })
        }
        hold.letGo()
        writer.close()
        writer.close()
        try await holding.value
        for task in waiting { #expect(try await task.value == 1) }
        let late = await storeError { try await writer.write { try $0.run("DELETE FROM item") } }
        #expect(late?.kind == .closed)
        #expect(
            try Database(reading: path, schema: .test).first("SELECT count(*) FROM item") { $0.int(0) } == 10)
    }

    @Test("a writer that nobody holds any more does what waits and gives the database free")
    func dropped() async throws {
        let write: Task<Int, any Error>
        do {
            let writer = try open()
            write = Task { try await writer.write { try $0.run("INSERT INTO item (id) VALUES (1)") } }
        }
        #expect(try await write.value == 1)
        await until { storeError { try open().close() } == nil }
        #expect(storeError { try open().close() } == nil)
    }

    @Test("what was deleted is soon in no file any more, with a pause or without", arguments: [false, true])
    func nothingLingers(busy: Bool) async throws {
        let writer = try open { settings in
            settings.idleMilliseconds = busy ? 1_000_000 : 20
            settings.busyMilliseconds = busy ? 20 : 1_000_000
        }
        let secret = "a secret that was withdrawn"
        try await writer.write { try $0.run("INSERT INTO item (name) VALUES (?1)", secret) }
        // In this order: it may move from the one to the other meanwhile.
        #expect(Bytes.contains(secret, in: path + "-wal") || Bytes.contains(secret, in: path))
        try await writer.write { try $0.run("DELETE FROM item") }
        let clock = ContinuousClock()
        let end = clock.now + .seconds(30)
        func lingers() -> Bool {
            Bytes.contains(secret, in: path) || Bytes.contains(secret, in: path + "-wal")
        }
        while lingers() && clock.now < end {
            if busy { try await writer.write { try $0.run("INSERT INTO owner DEFAULT VALUES") } }
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(!lingers())
    }

    @Test("a write that ends its own transaction ends the program")
    func endsTransaction() async {
        await #expect(processExitsWith: .failure) { [path = path as String] in
            let writer = try Writer(path, schema: .test, now: 0)
            try await writer.write { try $0.run("COMMIT") }
        }
    }
}
