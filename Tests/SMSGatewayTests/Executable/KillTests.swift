import Testing
import Wire

@testable import SMSGateway

@Suite("The gateway's process, killed", .serialized, .timeLimit(.minutes(5))) struct KillTests {
    /// What was accepted, by the number in its key.
    @Loop private final class Ledger {
        var accepted: [Int: ID] = [:]
        var next = 0
        var isOver = false
    }

    /// Sixteen callers, each of whom asks for the same again until it is answered, as OTPService does.
    @Loop private func load(_ gateway: RealGateway, _ ledger: Ledger) -> [Task<Void, Never>] {
        (0..<16).map { _ in
            Task { @Loop in
                while !ledger.isOver {
                    let request = gateway.request(ledger.next)
                    let number = ledger.next
                    ledger.next += 1
                    while ledger.accepted[number] == nil {
                        ledger.accepted[number] = try? await gateway.client.call(request, within: 60_000)
                            .message
                        if ledger.accepted[number] == nil { await Loop.pause(milliseconds: 20) }
                    }
                    // Not more than a slow carrier takes, so that the queue's forecast lets all of them in.
                    await Loop.pause(milliseconds: 50)
                }
            }
        }
    }

    @Test(
        "at random points under load, brings each message to one end, and none twice to the carrier",
        arguments: Taker.Kind.allCases)
    @Loop func killed(kind: Taker.Kind) async throws {
        let taker = try await Taker(kind)
        let gateway = try RealGateway()
        try gateway.configure([taker.settings(for: gateway)])
        try await gateway.start()
        let ledger = Ledger()
        let callers = load(gateway, ledger)
        for _ in 0..<6 {
            let wanted = try taker.numbers.count + Int.random(in: 1...40)
            try await gateway.soon("\(wanted) messages at the carrier") { try taker.numbers.count >= wanted }
            await Loop.pause(milliseconds: Int.random(in: 0...15))
            gateway.kill()
            try await gateway.start()
        }
        ledger.isOver = true
        for caller in callers { await caller.value }
        try await gateway.settle()

        let taken = try taker.numbers
        #expect(Set(taken).count == taken.count, "a message was sent twice")
        let accepted = ledger.accepted
        #expect(Set(accepted.values).count == accepted.count)
        var uncertain = 0
        for (number, message) in accepted {
            let state = try await gateway.status(message).state
            let wasTaken = taken.contains(testNumber(number))
            uncertain += state == .uncertain ? 1 : 0
            #expect([.sent, .delivered].contains(state) && wasTaken || state == .uncertain, "\(state)")
        }
        let states = try await gateway.client.call(SMS.Stats(), within: 60_000).states
        #expect(states.values.reduce(0, +) == accepted.count)
        print("\(kind): \(accepted.count) accepted, \(taken.count) at the carrier, \(uncertain) uncertain")
        #expect(taken.allSatisfy { text in accepted.keys.contains { testNumber($0) == text } })
    }

    @Test(
        "while its carrier is away, sends nothing that ended meanwhile, and all else once",
        arguments: Taker.Kind.allCases)
    @Loop func expired(kind: Taker.Kind) async throws {
        let taker = try await Taker(kind)
        // A port where nobody listens.
        let gateway = try RealGateway()
        try gateway.configure([
            """
            {
                name: "carrier", kind: "smpp", host: "127.0.0.1", port: 1, systemID: "clienthub",
                password: "\(gateway.scratch.file("carrier.password"))", source: "32665",
            }
            """
        ])
        try await gateway.start()
        var timely: [ID] = []
        for number in 1...8 {
            timely.append(try await gateway.client.call(gateway.request(number), within: 60_000).message)
        }
        // With under 20 seconds left a code is of no use. One with little more is refused while the carrier's breaker
        // is open for longer, and taken when it is about to close.
        var short = gateway.request(0, life: 32)
        var late: ID?
        try await gateway.soon("a code with little life to be taken") {
            short = gateway.request(0, life: 32)
            late = try? await gateway.client.call(short, within: 60_000).message
            return late != nil
        }
        // The breaker is open then: one of them at most is on its way at the kill, to see whether the carrier is back.
        try await gateway.soon("the carrier to be given up") {
            let stats = try await gateway.client.call(SMS.Stats(), within: 60_000)
            return stats.providers.allSatisfy { !$0.open } && stats.states["sending"] == 0
        }
        gateway.kill()
        try await gateway.soon("the code to have too little life") { Timestamp.now > short.expires + -20 }
        try gateway.configure([taker.settings(for: gateway)])
        try await gateway.start()
        try await gateway.settle()
        let taken = try taker.numbers
        #expect(Set(taken).count == taken.count, "a message was sent twice")
        for (number, message) in try zip(0...8, [#require(late)] + timely) {
            let state = try await gateway.status(message).state
            let wasTaken = taken.contains(testNumber(number))
            // Of one that was on its way at the kill, or that a busy machine answered for too late, nobody knows.
            guard state != .uncertain else { continue }
            let isRight = number == 0 ? state == .expired : [.sent, .delivered].contains(state)
            #expect(isRight && wasTaken == (number != 0), "\(state)")
        }
        #expect(taken.count >= 7, "\(taken.count) taken")
    }
}
