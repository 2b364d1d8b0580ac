import Glibc
import Testing
import Wire

@testable import SMSGateway

@Suite("The gateway's process, with carriers or a disk that fail", .serialized, .timeLimit(.minutes(5)))
struct OutageTests {
    @Test("sends new codes by the next carrier when one dies, each once")
    @Loop func dies() async throws {
        let smsc = try await SMSC(.smpp34)
        let server = try await Counterpart("twilio_api.py")
        let gateway = try RealGateway()
        try gateway.configure([gateway.carrier(port: smsc.port), gateway.twilio(server)])
        try await gateway.start()
        let first = try await gateway.client.call(gateway.request(0), within: 60_000).message
        try await gateway.soon("the first code") { try await gateway.status(first).provider == "carrier" }
        try await gateway.settle()
        smsc.kill()
        for number in 1..<40 {
            let message = try await gateway.client.call(gateway.request(number), within: 60_000).message
            try await gateway.soon("code \(number)") {
                let status = try await gateway.status(message)
                return status.state == .sent && status.provider == "twilio"
            }
        }
        #expect(try smsc.submitted.count == 1)
        #expect(try server.accepted.map { $0["To"] } == (1..<40).map { testNumber($0) })
    }

    enum Dead: String, CaseIterable, Sendable { case smpp, twilio, sns }

    @Test("hardly asks a carrier that is dead, however many codes go round it", arguments: Dead.allCases)
    @Loop func isNotHammered(kind: Dead) async throws {
        let dead = try RawSMSC()
        dead.hangsUp = true
        let server = try await Counterpart("twilio_api.py")
        let gateway = try RealGateway()
        let first =
            switch kind {
            case .smpp: gateway.carrier(port: dead.port)
            case .twilio: gateway.twilio(server, port: dead.port)
            case .sns: gateway.sns(server, port: dead.port)
            }
        try gateway.configure([first, gateway.twilio(server, name: "next")])
        try await gateway.start()
        let codes = 400
        for number in 0..<codes {
            let message = try await gateway.client.call(gateway.request(number), within: 60_000).message
            try await gateway.soon("code \(number)") {
                let status = try await gateway.status(message)
                return status.state == .sent && status.provider == "next"
            }
        }
        #expect(try server.accepted.map { $0["To"] } == (0..<codes).map { testNumber($0) })
        // Five times until it is given up, and then at pauses that double.
        #expect((1...codes / 10).contains(dead.connections), "\(dead.connections) connections")
    }

    @Test("has 10,000 messages for a slow carrier, and those for another are sent meanwhile")
    @Loop func slow() async throws {
        let smsc = try await SMSC(.smpp34, options: ["--slow", "100"])
        let server = try await Counterpart("twilio_api.py")
        let gateway = try RealGateway()
        try gateway.configure(
            [gateway.carrier(port: smsc.port), gateway.twilio(server)], settings: "queue: { limit: 20000 }")
        try await gateway.start()
        let many = 10_000
        let callers = (0..<64).map { caller in
            Task { @Loop in
                for number in stride(from: caller, to: many, by: 64) {
                    // As long as a code may live, so that none of them is refused because it would end in the queue.
                    let request = gateway.request(number, life: 3_590)
                    _ = try await gateway.client.call(request, within: 120_000)
                }
            }
        }
        for caller in callers { try await caller.value }
        let numbers = (many..<many + 20).map { testNumber($0) }
        for number in numbers {
            let test = SMS.Test(provider: "twilio", to: number)
            let message = try await gateway.client.call(test, within: 60_000).message
            try await gateway.soon("a code by the fast carrier") {
                let status = try await gateway.status(message)
                return status.state == .sent && status.provider == "twilio"
            }
        }
        let queued = try await gateway.client.call(SMS.Stats(), within: 60_000).states["queued"] ?? 0
        #expect(queued > many / 2, "\(queued) still wait for the slow one")
        #expect(try !smsc.submitted.isEmpty)
        #expect(Set(try server.accepted.map { $0["To"] }).isSuperset(of: numbers))
    }

    @Test("goes round a carrier that takes messages and answers none, and says what is uncertain")
    @Loop func hangs() async throws {
        let smsc = try await SMSC(.perl)
        let server = try await Counterpart("twilio_api.py")
        try server.order(String(repeating: "mute\n", count: 100))
        let gateway = try RealGateway()
        try gateway.configure([gateway.twilio(server), gateway.carrier(port: smsc.port)])
        try await gateway.start()
        var hanging: [ID] = []
        var last: SMS.Status.Reply?
        // One after the other, until it has been silent for 1.5 seconds: from then on codes go by the other.
        for number in 0..<40 where last?.provider != "carrier" {
            let before = try server.accepted.count
            let message = try await gateway.client.call(gateway.request(number), within: 60_000).message
            try await gateway.soon("code \(number) to come to a carrier") {
                last = try await gateway.status(message)
                return try last?.provider == "carrier" || server.accepted.count > before
            }
            if last?.provider != "carrier" { hanging.append(message) }
        }
        #expect(last?.provider == "carrier")
        #expect(hanging.count == (try server.accepted.count))
        try await gateway.settle()
        for message in hanging { #expect(try await gateway.status(message).state == .uncertain) }
        let all =
            try smsc.submitted.map { "+" + $0.destination_addr } + server.accepted.compactMap { $0["To"] }
        #expect(Set(all).count == all.count)
    }

    @Test(
        "on a full disk refuses, sends nothing that it cannot record, and recovers by itself",
        .enabled(if: geteuid() == 0, "only root can mount a small disk"), arguments: Taker.Kind.allCases)
    @Loop func fullDisk(kind: Taker.Kind) async throws {
        let taker = try await Taker(kind)
        let disk = try await SmallDisk()
        let gateway = try RealGateway(in: disk.scratch)
        try gateway.configure([taker.settings(for: gateway)])
        try await gateway.start()
        var accepted = [try await gateway.client.call(gateway.request(0), within: 60_000).message]
        try await gateway.settle()
        disk.fill()
        var refused: Refusal?
        var number = 1
        while refused == nil, number < 2_000 {
            do {
                let reply = try await gateway.client.call(gateway.request(number), within: 60_000)
                accepted.append(reply.message)
                number += 1
            } catch let refusal as Refusal {
                refused = refusal
            }
        }
        #expect(refused?.isFor(.unavailable) == true, "\(String(describing: refused))")
        // Everything that came to the carrier is something that was accepted.
        #expect(try taker.numbers.count <= accepted.count)
        disk.makeRoom()
        try await gateway.soon("the refused code to be accepted") {
            guard let reply = try? await gateway.client.call(gateway.request(number), within: 60_000) else {
                return false
            }
            accepted.append(reply.message)
            return true
        }
        try await gateway.settle()
        let taken = try taker.numbers
        #expect(Set(taken).count == taken.count, "a message was sent twice")
        for (index, message) in accepted.enumerated() {
            let state = try await gateway.status(message).state
            let wasTaken = taken.contains(testNumber(index))
            #expect([.sent, .delivered].contains(state) && wasTaken || state == .uncertain, "\(state)")
        }
        #expect(taken.count <= accepted.count)
    }
}
