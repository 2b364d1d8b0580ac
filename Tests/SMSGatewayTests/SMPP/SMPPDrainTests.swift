import Testing
import Wire

@testable import SMSGateway

@Suite("A carrier under load", .timeLimit(.minutes(5))) struct SMPPDrainTests {
    /// The pace is printed and not judged: it depends on what else the host does.
    @Test("takes every message once, through a window of 100")
    @Loop func drain() async throws {
        let count = 20_000
        let smsc = try await SMSC(.smpp34, options: ["--bare"])
        let carrier = try Carrier(port: smsc.port, settings: #""window": 100, "rate": 100000"#)
        let result = Tally()
        let first = await carrier.send("1006")
        #expect(first.providerID != nil)
        let began = monotonicNow()
        // As the courier does it: as many at once as the window takes.
        let senders = (0..<100).map { _ in
            Task {
                while result.begun < count {
                    result.begun += 1
                    if await carrier.send("1006").providerID != nil { result.taken += 1 }
                }
            }
        }
        for sender in senders { await sender.value }
        let seconds = Double(monotonicNow() - began) / 1_000_000_000
        #expect(result.taken == count)
        print("drained \(count) messages in \(seconds) s: \(Int(Double(count) / seconds)) a second")
    }

    @Loop private final class Tally {
        var begun = 0
        var taken = 0
    }
}
