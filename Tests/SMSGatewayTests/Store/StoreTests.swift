import CSQLite
import Cryptography
import Storage
import Testing
import Wire

@testable import SMSGateway

@Suite("The store", .timeLimit(.minutes(5))) struct StoreTests {
    @Test(
        "has neither a number nor a code in its files, before, while and after they are needed; nor has the log"
    )
    @Loop func sealedAtRest() async throws {
        let gate = Gate()
        let provider = ScriptedProvider("a") { message in
            if message.to == "+14155550199" { await gate.pass() }
            return message.to == "+14155550188"
                ? .uncertain(reason: "no answer for \(message.to)") : .sent(providerID: nil)
        }
        let bench = try Bench([provider])
        let secrets = [
            "4155552671", "4155550199", "4155550188", "415555", "6045550123", "918273", "564738", "102938",
        ]
        func look(_ location: SourceLocation = #_sourceLocation) {
            for file in ["sms.db", "sms.db-wal", "sms.db-shm", "log"] {
                let bytes = bench.scratch.read(file)
                for secret in secrets {
                    #expect(!found(secret, in: bytes), "\(secret) in \(file)", sourceLocation: location)
                }
            }
        }
        _ = try await bench.gateway.submit(bench.request(to: "(415) 555-2671", code: "918273"))
        _ = try await bench.gateway.submit(bench.request(to: "+14155550199", code: "564738", purpose: .setUp))
        _ = try await bench.gateway.submit(bench.request(to: "+14155550188", code: "102938"))
        _ = try await bench.gateway.block(SMS.Block(prefix: "+16045550123"))
        _ = try? await bench.gateway.submit(bench.request(to: "+16045550123", code: "918273"))
        look()
        #expect(found("CHsm", in: bench.scratch.read("sms.db")) || !bench.scratch.read("sms.db-wal").isEmpty)
        await bench.gateway.courier.round()
        try await bench.until { try bench.gateway.store.tally()[.uncertain] == 1 }
        look()
        gate.open()
        try await bench.deliver()
        look()
        #expect(found("message accepted", in: bench.scratch.read("log")))
        bench.gateway.store.close()
        look()
    }

    /// How SQLite would do it.
    @Loop func plan(_ sql: String, of bench: Bench) throws -> String {
        var handle: OpaquePointer?
        try #require(
            sqlite3_open_v2(bench.scratch.file("sms.db"), &handle, SQLITE_OPEN_READONLY, nil) == SQLITE_OK)
        defer { sqlite3_close_v2(handle) }
        var statement: OpaquePointer?
        try #require(
            sqlite3_prepare_v2(handle, "EXPLAIN QUERY PLAN " + sql, -1, &statement, nil) == SQLITE_OK)
        defer { sqlite3_finalize(statement) }
        var lines: [String] = []
        while sqlite3_step(statement) == SQLITE_ROW {
            lines.append(sqlite3_column_text(statement, 3).map { String(cString: $0) } ?? "")
        }
        return lines.joined(separator: "; ")
    }

    @Test(
        "finds what it looks for often by its small indexes",
        arguments: [
            (MessageTable.claimable, ["message_lane", "message_in_flight"]),
            (MessageTable.firstLane, ["message_lane"]),
            (MessageTable.nextLane, ["message_lane", "ruled_out=? AND tried>?"]),
            (MessageTable.laneAfter, ["message_lane", "ruled_out>?"]),
            (MessageTable.anyDue, ["message_lane"]),
            (MessageTable.nextDue, ["message_lane"]),
            (MessageTable.lapsed, ["message_lapse"]),
            (MessageTable.lapsedContent, ["message_kept"]),
            (MessageTable.openSent, ["message_open_sent"]),
            (MessageTable.openUncertain, ["message_open_uncertain"]),
            (ReceiptTable.awaited, ["message_awaited"]),
            (MessageTable.oldest, ["message_by_state"]),
            (MessageTable.byKey, ["sqlite_autoindex_message"]),
            (CountTable.counted, ["PRIMARY KEY"]),
        ])
    @Loop func plans(sql: StaticString, indexes: [String]) throws {
        let plan = try plan("\(sql)", of: Bench())
        for index in indexes { #expect(plan.contains(index), "\(plan)") }
        #expect(!plan.contains("SCAN waiting") || plan.contains("INDEX"), "\(plan)")
        #expect(!plan.contains("TEMP B-TREE"), "\(plan)")
    }

    @Test("keeps its tally true through every change")
    @Loop func tally() async throws {
        let answers: [Outcome] = [
            .sent(providerID: nil), .permanent(reason: ""), .uncertain(reason: ""),
            .retry(after: nil, reason: ""),
        ]
        let provider = ScriptedProvider("a") { message in
            answers[Int(message.to.utf8.reduce(0) { $0 + Int($1) }) % 4]
        }
        let bench = try Bench([provider], settings: #""queue": { "retention": "1d" }"#)
        for index in 0..<30 {
            let id = try await bench.submit(to: testNumber(index), life: 30 + index * 10)
            if index % 7 == 0 { _ = try await bench.gateway.cancel(SMS.Cancel(message: id)) }
        }
        for _ in 0..<6 {
            try await bench.deliver()
            let counted = try bench.gateway.store.countedStates()
            #expect(try bench.gateway.store.tally().filter { $0.value > 0 } == counted)
            bench.time.advance(60)
        }
        bench.time.advance(2 * 86_400)
        await bench.gateway.courier.round()
        #expect(try bench.gateway.store.tally().allSatisfy { $0.value == 0 })
    }

    @Test("lets two messages to one number never be on their way at once, whatever asks for it")
    @Loop func uniqueInFlight() async throws {
        let bench = try Bench()
        for _ in 0..<2 { try await bench.submit() }
        let store = bench.gateway.store
        #expect(throws: StoreError.self) {
            try store.writer.writeNow { db in _ = try db.run("UPDATE message SET state = 'sending'") }
        }
    }

    @Test("refuses a state without its content, and content without its state")
    @Loop func contentRule() async throws {
        let bench = try Bench()
        try await bench.submit()
        let store = bench.gateway.store
        #expect(throws: StoreError.self) {
            try store.writer.writeNow { db in _ = try db.run("UPDATE message SET sealed = NULL") }
        }
        #expect(throws: StoreError.self) {
            try store.writer.writeNow { db in _ = try db.run("UPDATE message SET state = 'sent'") }
        }
    }

    @Test("says what the state machine says, where it moves many rows at once")
    @Loop func bulkMoves() {
        #expect(SMS.MessageState.queued.after(.begin) == .sending)
        #expect(SMS.MessageState.queued.after(.lapse) == .expired)
        #expect(SMS.MessageState.queued.after(.refuse) == .failed)
        #expect(SMS.MessageState.sending.after(.restart) == .uncertain)
        #expect(SMS.MessageState.sending.after(.poison) == .failed)
    }
}

@Suite("Sealed content") struct ContentTests {
    let keys = SealingKeys.generate()

    @Test("opens for its own message alone")
    func opens() throws {
        let id = ID()
        let content = Content(to: "+14155552671", text: "a\nb\n\n@c #1")
        let sealed = content.sealed(with: keys, for: id)
        #expect(try Content(opening: sealed, with: keys, for: id) == content)
        #expect(throws: SealError.self) { try Content(opening: sealed, with: keys, for: ID()) }
        #expect(throws: SealError.self) { try Content(opening: sealed, with: .generate(), for: id) }
        #expect(throws: SealError.self) { try Content(opening: [], with: keys, for: id) }
    }

    @Test("prints nothing of itself")
    func prints() {
        let content = Content(to: "+14155552671", text: "code: 123456")
        var dumped = "\(content) \(String(reflecting: content))"
        dump(content, to: &dumped)
        let message = OutboundMessage(id: ID(), to: "+14155552671", text: "code: 123456", expires: .now)
        dumped += "\(message) \(String(reflecting: message))"
        dump(message, to: &dumped)
        #expect(!dumped.contains("2671"))
        #expect(!dumped.contains("123456"))
    }
}

@Suite("Fingerprints") struct FingerprintTests {
    let marks = Fingerprints(key: [UInt8](repeating: 7, count: 32))

    @Test("are the same for the same number however it was written, and others for all else")
    func equal() throws {
        let one = try PhoneNumber("+14155552671")
        let same = try PhoneNumber("(415) 555-2671")
        let neighbour = try PhoneNumber("+14155559999")
        #expect(marks.number(one.e164) == marks.number(same.e164))
        #expect(marks.number(one.e164) != marks.number(neighbour.e164))
        #expect(marks.neighbours(one) == marks.neighbours(neighbour))
        #expect(marks.neighbours(one) != marks.block(one.prefix))
        let other = Fingerprints(key: [UInt8](repeating: 8, count: 32))
        #expect(other.number(one.e164) != marks.number(one.e164))
    }

    @Test("of an order differ by number, code and purpose")
    func order() throws {
        let one = try PhoneNumber("+14155552671")
        let orders = [
            marks.order(one, code: "123456", purpose: .verify),
            marks.order(one, code: "123457", purpose: .verify),
            marks.order(one, code: "123456", purpose: .setUp),
            marks.order(try PhoneNumber("+14155552672"), code: "123456", purpose: .verify),
        ]
        #expect(Set(orders).count == 4)
    }

    @Test("of blocks cover every beginning of a number")
    func blocks() {
        let blocks = marks.blocks(of: "+14155552671")
        #expect(blocks.count == 11)
        #expect(blocks.first == marks.block("+1"))
        #expect(blocks.last == marks.block("+14155552671"))
    }
}
