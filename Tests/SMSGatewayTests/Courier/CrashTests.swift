import Cryptography
import Testing
import Wire

@testable import SMSGateway

@Suite("A gateway that is killed", .timeLimit(.minutes(5))) struct CrashTests {
    /// A gateway killed while its provider had a message and had not answered.
    @Loop func killed(_ provider: ScriptedProvider, _ bench: Bench) async throws -> ID {
        let id = try await bench.submit()
        await bench.gateway.courier.round()
        try await bench.until { provider.taken.count == 1 }
        try bench.killAndReopen()
        return id
    }

    @Loop func stuck(_ gate: Gate) -> ScriptedProvider {
        ScriptedProvider("a") { _ in
            await gate.pass()
            return .sent(providerID: nil)
        }
    }

    @Test("keeps what it has accepted")
    @Loop func accepted() async throws {
        let provider = ScriptedProvider()
        let bench = try Bench([provider])
        let id = try await bench.submit()
        try bench.killAndReopen()
        #expect(try bench.state(id) == .queued)
        try await bench.deliver()
        #expect(provider.taken.map(\.id) == [id])
    }

    @Test("does not send again what it was sending, and says so")
    @Loop func neverTwice() async throws {
        let gate = Gate()
        let provider = stuck(gate)
        let bench = try Bench([provider])
        let id = try await killed(provider, bench)
        #expect(try bench.state(id) == .uncertain)
        #expect(try bench.status(id).error == "The gateway ended while it was being sent.")
        #expect(
            bench.gateway.store.recovered == MessageTable.Recovered(expired: 0, uncertain: 1, poisoned: 0))
        for _ in 0..<10 {
            try await bench.deliver()
            bench.time.advance(30)
        }
        #expect(provider.taken.count == 1)
        gate.open()
    }

    @Test("says that it was sending before the provider hears of it")
    @Loop func recordedFirst() async throws {
        let seen = Seen()
        let bench = try Bench([ScriptedProvider("a") { message in await seen.look(message.id) }])
        seen.bench = bench
        let id = try await bench.submit()
        try await bench.deliver()
        #expect(seen.state == .sending)
        #expect(try bench.state(id) == .sent)
    }

    @Loop final class Seen {
        var bench: Bench?
        var state: SMS.MessageState?

        func look(_ id: ID) -> Outcome {
            state = try? bench?.state(id)
            bench = nil
            return .sent(providerID: nil)
        }
    }

    @Test("does not hold up the number of the message that it was sending")
    @Loop func numberIsFree() async throws {
        let gate = Gate()
        let provider = stuck(gate)
        let bench = try Bench([provider])
        _ = try await killed(provider, bench)
        provider.answer { _ in .sent(providerID: nil) }
        let next = try await bench.submit()
        try await bench.deliver()
        #expect(try bench.state(next) == .sent)
        gate.open()
    }

    @Test("first lets expire what came too late meanwhile")
    @Loop func expiresFirst() async throws {
        let provider = ScriptedProvider()
        let bench = try Bench([provider])
        let late = try await bench.submit(to: testNumber(1), life: 60)
        let timely = try await bench.submit(to: testNumber(2), life: 300)
        bench.time.advance(50)
        try bench.killAndReopen()
        #expect(try bench.state(late) == .expired)
        #expect(
            bench.gateway.store.recovered == MessageTable.Recovered(expired: 1, uncertain: 0, poisoned: 0))
        try await bench.deliver()
        #expect(provider.taken.map(\.id) == [timely])
    }

    @Test("gives up a message that it was sending when it was killed twice")
    @Loop func poison() async throws {
        let gate = Gate()
        let provider = stuck(gate)
        let bench = try Bench([provider])
        let id = try await killed(provider, bench)
        _ = try await bench.gateway.retry(SMS.Retry(message: id))
        await bench.gateway.courier.round()
        try await bench.until { provider.taken.count == 2 }
        try bench.killAndReopen()
        #expect(try bench.state(id) == .failed)
        #expect(try bench.status(id).error == "The gateway ended twice while it was being sent.")
        #expect(
            bench.gateway.store.recovered == MessageTable.Recovered(expired: 0, uncertain: 0, poisoned: 1))
        #expect(found("critical", in: bench.scratch.read("log")))
        gate.open()
    }

    @Test("at any moment leaves every message in one state that its provider agrees with", arguments: 0..<8)
    @Loop func anyMoment(seed: Int) async throws {
        let provider = ScriptedProvider("a") { message in
            await Loop.pause(milliseconds: Int(message.id.low % 3))
            return message.id.low % 5 == 0 ? .retry(after: nil, reason: "refused") : .sent(providerID: nil)
        }
        let bench = try Bench([provider])
        var ids: [ID] = []
        for index in 0..<40 { ids.append(try await bench.submit(to: testNumber(index))) }
        for _ in 0..<4 {
            bench.gateway.courier.start()
            await Loop.pause(milliseconds: seed * 2 + 1)
            try bench.killAndReopen()
            bench.time.advance(2)
        }
        for _ in 0..<40 {
            try await bench.deliver()
            bench.time.advance(2)
        }
        let turnedAway = Set(ids.filter { $0.low % 5 == 0 })
        let tries = Dictionary(grouping: provider.taken, by: \.id).mapValues(\.count)
        for id in ids {
            let state = try bench.state(id)
            if turnedAway.contains(id) {
                #expect([.queued, .expired, .uncertain, .failed].contains(state))
            } else {
                #expect([.sent, .uncertain].contains(state), "\(state)")
                #expect(tries[id] == 1, "\(state)")
            }
        }
        let tally = try bench.gateway.store.tally()
        #expect(tally.values.reduce(0, +) == ids.count)
    }

    @Test("does not resurrect what was cancelled while it was being sent")
    @Loop func cancelled() async throws {
        let gate = Gate()
        let provider = stuck(gate)
        let bench = try Bench([provider])
        let id = try await bench.submit()
        await bench.gateway.courier.round()
        _ = try await bench.gateway.cancel(SMS.Cancel(message: id))
        try bench.killAndReopen()
        #expect(try bench.state(id) == .uncertain)
        #expect(try bench.gateway.store.hasContent(id) == false)
        gate.open()
    }

    @Test(
        "still finds numbers, keys and blocks when the sealing key is replaced, and then needs the old one no more"
    )
    @Loop func keyRotation() async throws {
        let provider = ScriptedProvider()
        let bench = try Bench([provider])
        let request = bench.request(key: "k")
        let id = try await bench.gateway.submit(request).message
        for _ in 0..<2 { try await bench.submit() }
        _ = try await bench.gateway.block(SMS.Block(prefix: "+1604"))

        let keys = try SealingKeys(parsing: bench.scratch.read("key")).adding()
        _ = try bench.scratch.write(keys.file, to: "key")
        bench.gateway.reload(try Bench.configuration(bench.scratch))
        for _ in 0..<3 { try await bench.deliver() }
        #expect(provider.taken.count == 3)
        try await bench.until { try bench.gateway.store.sealedUnder(version: 1) == 0 }

        let newest = try #require(keys.file.split(separator: "\n").last)
        _ = try bench.scratch.write("\(newest)\n", to: "key")
        try bench.killAndReopen()
        #expect(try await bench.gateway.submit(request).message == id)
        await #expect(throws: Refusal.self) { try await bench.submit() }
        #expect(try bench.gateway.stats().blocks.map(\.prefix) == ["+1604"])
    }

    @Test("does not start with keys that its database was not sealed with")
    @Loop func wrongKeys() async throws {
        let bench = try Bench()
        _ = try bench.scratch.write(SealingKeys.generate().file, to: "key")
        #expect(throws: WrongKeys(version: 1, isMissing: false)) { try bench.killAndReopen() }
        _ = try bench.scratch.write("9 \(Base64.encode(Random.bytes(32)))\n", to: "key")
        #expect(throws: WrongKeys(version: 1, isMissing: true)) { try bench.reopen() }
    }
}
