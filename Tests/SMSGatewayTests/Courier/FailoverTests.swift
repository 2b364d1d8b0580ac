import Testing
import Wire

@testable import SMSGateway

@Suite("A provider that is dead, or slow", .timeLimit(.minutes(5))) struct FailoverTests {
    @Test(
        "that refuses is left after five codes; each of them and all that follow go out by the next at once")
    @Loop func refusing() async throws {
        let dead = ScriptedProvider("a") { _ in .retry(after: nil, reason: "connection refused") }
        let next = ScriptedProvider("b")
        let bench = try Bench([dead, next])
        for index in 0..<20 {
            let id = try await bench.submit(to: testNumber(index))
            for _ in 0..<2 { try await bench.deliver() }
            #expect(try bench.state(id) == .sent, "though no time goes by")
        }
        #expect(dead.taken.count == 5)
        // Ten minutes, with a code each second: it is tried now and then, ever more seldom.
        for index in 0..<600 {
            bench.time.advance(1)
            let id = try await bench.submit(to: testNumber(20 + index))
            for _ in 0..<2 { try await bench.deliver() }
            #expect(try bench.state(id) == .sent)
        }
        #expect((10...20).contains(dead.taken.count), "\(dead.taken.count)")
    }

    @Test("that hangs is gone round within two seconds, also by what waited for it")
    @Loop func hanging() async throws {
        let gate = Gate()
        let dead = ScriptedProvider("a") { _ in
            await gate.pass()
            return .sent(providerID: nil)
        }
        let next = ScriptedProvider("b")
        let bench = try Bench([dead, next])
        for index in 0..<20 { try await bench.submit(to: testNumber(index)) }
        await bench.gateway.courier.round()
        try await bench.until { dead.taken.count == 8 }
        #expect(next.taken.isEmpty, "a moment is nothing")
        bench.time.advance(milliseconds: 1_500)
        // As many at once as it takes, and then the rest.
        await bench.gateway.courier.round()
        try await bench.until { bench.gateway.courier.inFlight == 8 }
        await bench.gateway.courier.round()
        try await bench.until { next.taken.count == 12 }
        let new = try await bench.submit(to: testNumber(20))
        await bench.gateway.courier.round()
        try await bench.until { try bench.state(new) == .sent }
        #expect(dead.taken.count == 8)
        // It answers after all: from now on it is the first choice again.
        gate.open()
        try await bench.until { try bench.gateway.store.tally()[.sent] == 21 }
        try await bench.submit(to: testNumber(21))
        try await bench.deliver()
        #expect(dead.taken.count == 9)
    }

    @Test("that is slow and answers keeps its messages: the order is the operator's")
    @Loop func slow() async throws {
        let gates = (0..<3).map { _ in Gate() }
        let slow = ScriptedProvider("a") { message in
            if let index = (0..<3).first(where: { message.to == testNumber($0) }) {
                await gates[index].pass()
            }
            return .sent(providerID: nil)
        }
        let next = ScriptedProvider("b")
        let bench = try Bench([slow, next])
        for index in 0..<3 { try await bench.submit(to: testNumber(index)) }
        await bench.gateway.courier.round()
        for index in 0..<3 {
            bench.time.advance(1)
            gates[index].open()
            try await bench.until { try bench.gateway.store.tally()[.sent] == index + 1 }
        }
        try await bench.submit(to: testNumber(3))
        try await bench.deliver()
        #expect(next.taken.isEmpty)
    }

    @Test("has 10,000 messages, and one to another provider goes out in the same round")
    @Loop func fairness() async throws {
        let gate = Gate()
        let slow = ScriptedProvider("a") { _ in
            await gate.pass()
            return .sent(providerID: nil)
        }
        let fast = ScriptedProvider("b")
        let bench = try Bench([slow, fast], settings: #""queue": { "limit": 20000 }"#)
        for index in 0..<8 {
            try bench.gateway.store.ruleOut(["b"], for: try await bench.submit(to: testNumber(index)))
        }
        await bench.gateway.courier.round()
        try await bench.until { slow.taken.count == 8 }
        let waiting = try await bench.submit(to: testNumber(8))
        try bench.gateway.store.ruleOut(["b"], for: waiting)
        try bench.gateway.store.multiply(waiting, by: 9_999)
        bench.time.advance(milliseconds: 1)
        let one = try await bench.submit(to: testNumber(9))
        try bench.gateway.store.ruleOut(["a"], for: one)
        await bench.gateway.courier.round()
        try await bench.until { try bench.state(one) == .sent }
        #expect(fast.taken.map(\.id) == [one])
        #expect(try bench.gateway.store.tally()[.queued] == 10_000)
        gate.open()
    }
}
