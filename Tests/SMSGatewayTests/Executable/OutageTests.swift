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

    @Test("goes round a carrier that takes messages and answers none, and says what is uncertain")
    @Loop func hangs() async throws {
        let smsc = try await SMSC(.perl)
        let server = try await Counterpart("twilio_api.py")
        try server.order(String(repeating: "hang\n", count: 100))
        let gateway = try RealGateway()
        try gateway.configure([gateway.twilio(server), gateway.carrier(port: smsc.port)])
        try await gateway.start()
        var hanging: [ID] = []
        var last: SMS.Status.Reply?
        // One after the other, until it has been silent for 1.5 seconds: from then on codes go by the other.
        for number in 0..<40 where last?.provider != "carrier" {
            let before = try server.requests.count
            let message = try await gateway.client.call(gateway.request(number), within: 60_000).message
            try await gateway.soon("code \(number) to come to a carrier") {
                last = try await gateway.status(message)
                return try last?.provider == "carrier" || server.requests.count > before
            }
            if last?.provider != "carrier" { hanging.append(message) }
        }
        #expect(last?.provider == "carrier")
        #expect(hanging.count == (try server.requests.count))
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
