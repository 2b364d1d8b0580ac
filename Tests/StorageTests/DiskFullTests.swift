import Glibc
import Testing

@testable import Storage

/// A file system of one mebibyte, for a disk that is full when a test wants it.
final class SmallDisk: Sendable {
    let scratch = Scratch()

    init() throws {
        try #require(run("/bin/mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", scratch.directory) == 0)
    }

    deinit {
        for name in scratch.names { unlink(scratch.path(name)) }
        run("/bin/umount", scratch.directory)
    }

    /// Takes all the space that is left.
    func fill() {
        let file = open(scratch.path("filler"), O_CREAT | O_WRONLY | O_APPEND, 0o600)
        defer { close(file) }
        for size in [65_536, 4_096, 1] {
            let bytes = [UInt8](repeating: 0, count: size)
            while write(file, bytes, size) > 0 {}
        }
    }

    func makeRoom() { unlink(scratch.path("filler")) }
}

/// Runs a program and waits for its end.
@discardableResult
private func run(_ program: String, _ arguments: String...) -> Int32 {
    var process = pid_t()
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    guard posix_spawn(&process, program, nil, nil, &words, environ) == 0 else { return -1 }
    var status: Int32 = 0
    return waitpid(process, &status, 0) == process ? status : -1
}

@Suite(
    "A full disk", .timeLimit(.minutes(1)), .enabled(if: getuid() == 0, "only root can mount a small disk"))
struct DiskFullTests {
    @Test("fails every write of the transaction, keeps none, and writes again by itself when there is room")
    func fullAndBack() async throws {
        let disk = try SmallDisk()
        var settings = Writer.Settings()
        settings.idleMilliseconds = 20
        let writer = try Writer(disk.scratch.path("a.db"), schema: .test, now: 0, settings: settings)
        defer { writer.close() }
        try await writer.write { try $0.run("INSERT INTO item (id) VALUES (1)") }
        // Else the writer could make room itself, by emptying its log.
        await until { Files.size(of: disk.scratch.path("a.db-wal")) == 0 }

        let hold = try Hold()
        let holding = await hold.take(writer)
        var waiting: [Task<Int, any Error>] = []
        for id in 2...9 {
            waiting.append(await writer.queue { try $0.run("INSERT INTO item (id) VALUES (?1)", id) })
        }
        disk.fill()
        hold.letGo()
        // Its transaction changes nothing, so it needs no space.
        try await holding.value
        for task in waiting {
            let error = await storeError { try await task.value }
            #expect(error?.isFull == true && error?.isDisk == true && error?.isPassing == true)
        }
        #expect(try await writer.items() == 1)

        disk.makeRoom()
        await until { writer.trouble == nil }
        #expect(writer.trouble == nil)
        try await writer.write { try $0.run("INSERT INTO item (id) VALUES (2)") }
        #expect(try await writer.items() == 2)
    }

    @Test("a write too big for it does not take down those that fit")
    func tooBig() async throws {
        let disk = try SmallDisk()
        let writer = try Writer(disk.scratch.path("a.db"), schema: .test, now: 0)
        defer { writer.close() }
        let error = await storeError {
            try await writer.write { try $0.run("INSERT INTO value (blob) VALUES (zeroblob(3000000))") }
        }
        #expect(error?.isFull == true)
        try await writer.write { try $0.run("INSERT INTO item (id) VALUES (1)") }
        #expect(try await writer.items() == 1)
        #expect(writer.trouble == nil)
    }

    @Test("says so at the start, and leaves nothing half made")
    func atStart() throws {
        let disk = try SmallDisk()
        disk.fill()
        let error = storeError { try Writer(disk.scratch.path("a.db"), schema: .test, now: 0) }
        #expect(error?.isDisk == true)
        disk.makeRoom()
        try Writer(disk.scratch.path("a.db"), schema: .test, now: 0).close()
    }

    @Test("a backup that does not fit is an error, and the last one stays")
    func backup() async throws {
        let disk = try SmallDisk()
        let scratch = Scratch()
        let writer = try Writer(scratch.path("a.db"), schema: .test, now: 0)
        defer { writer.close() }
        let copy = disk.scratch.path("copy")
        let bytes = try await Snapshot(of: scratch.path("a.db")).copy(to: copy)
        try await writer.write { try $0.run("INSERT INTO value (blob) VALUES (zeroblob(3000000))") }
        let error = await storeError { try await Snapshot(of: scratch.path("a.db")).copy(to: copy) }
        #expect(error?.isFull == true)
        #expect(disk.scratch.names == ["copy"])
        #expect(Files.size(of: copy) == bytes)
    }
}
