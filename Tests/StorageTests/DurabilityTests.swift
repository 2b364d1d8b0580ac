import Glibc
import Testing

@testable import Storage

@Suite("Durability", .timeLimit(.minutes(1))) struct DurabilityTests {
    /// Goal: whatever was answered is there after `kill -9` at any point, and nothing is half there.
    @Test("every write that was answered outlives kill -9")
    func killed() async throws {
        let scratch = Scratch()
        let path = scratch.path("a.db")
        let answered = scratch.path("answered")
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, answered = answered as String] in
            let writer = try Writer(path, schema: .test, now: 0)
            let file = open(answered, O_CREAT | O_WRONLY, 0o600)
            await withTaskGroup { group in
                for caller in 0..<8 {
                    group.addTask {
                        for turn in 0..<100_000 {
                            let id = caller * 100_000 + turn
                            let wrote = try? await writer.write { database in
                                try database.run("INSERT INTO item (id) VALUES (?1)", id)
                                return try database.run("INSERT INTO owner (id) VALUES (?1)", id)
                            }
                            guard wrote == 1 else { return }
                            // One byte a caller: how many hundreds of its writes were answered.
                            var hundreds = UInt8(clamping: (turn + 1) / 100)
                            pwrite(file, &hundreds, 1, off_t(caller))
                            if caller == 7 && turn == 1_000 { kill(getpid(), SIGKILL) }
                        }
                    }
                }
            }
        }

        let reopened = try Writer(path, schema: .test, now: 0)
        defer { reopened.close() }
        let reader = try Database(reading: path, schema: .test)
        let promised = Bytes.of(answered).map { Int($0) * 100 }
        #expect(promised.count == 8 && promised[7] == 1_000)
        for (caller, least) in promised.enumerated() {
            let ids = try reader.all(
                "SELECT id FROM item JOIN owner USING (id) WHERE id >= ?1 AND id < ?2 ORDER BY id",
                caller * 100_000, (caller + 1) * 100_000
            ) { $0.int(0) - caller * 100_000 }
            #expect(ids.count >= least)
            #expect(ids == Array(0..<ids.count))
        }
        let halves = try reader.first(
            "SELECT (SELECT count(*) FROM item) - (SELECT count(*) FROM owner)"
        ) { $0.int(0) }
        #expect(halves == 0)
    }
}
