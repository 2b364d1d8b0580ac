import Glibc
import Testing

@testable import Storage

@Suite("A database's file", .timeLimit(.minutes(1)))
struct DatabaseFileTests {
    let scratch = Scratch()
    var copy: String { scratch.path("copy.db") }

    /// A copy as a backup has it.
    private func makeCopy() async throws {
        let writer = try Writer(scratch.path("a.db"), schema: .test, now: 0)
        try await writer.write { database in
            for id in 0..<500 {
                try database.run("INSERT INTO item (id, name) VALUES (?1, ?2)", id, "item \(id)")
            }
        }
        _ = try await Snapshot(of: scratch.path("a.db")).copy(to: copy)
        writer.close()
    }

    @Test("tells whose it is and how many migrations it has had")
    func facts() async throws {
        try await makeCopy()
        let file = try DatabaseFile(checking: copy)
        #expect(file.tag == Schema.test.tag.text && file.tag.count == 4)
        #expect(file.schema == Schema.test.migrations.count)
        #expect(scratch.names == ["a.db", "a.db.lock", "copy.db"])
    }

    @Test("that is damaged, another program's or not there is refused by name")
    func damaged() async throws {
        try await makeCopy()
        Bytes.put([UInt8](repeating: 0xAA, count: 4_096), at: 3 * 4_096, in: copy)
        let error = storeError { try DatabaseFile(checking: copy) }
        #expect(error?.isCorrupt == true && error?.message.contains(copy) == true)
        Bytes.put(Array("no database at all".utf8), in: scratch.path("text"))
        #expect(storeError { try DatabaseFile(checking: scratch.path("text")) } != nil)
        #expect(storeError { try DatabaseFile(checking: scratch.path("gone")) } != nil)
    }

    @Test("is claimed by one at a time, a service or who restores it")
    func claim() throws {
        let path = scratch.path("a.db")
        let writer = try Writer(path, schema: .test, now: 0)
        let taken = storeError { try DatabaseClaim(path, owner: geteuid(), group: getegid()) }
        #expect(taken?.kind == .inUse && taken?.message.contains("\(getpid())") == true)
        writer.close()
        let claim = try DatabaseClaim(path, owner: geteuid(), group: getegid())
        #expect(storeError { try Writer(path, schema: .test, now: 0) }?.kind == .inUse)
        withExtendedLifetime(claim) {}
    }
}
