import Synchronization
import Testing
import Wire

@testable import hubctl

@Suite("Stories of text messages", .timeLimit(.minutes(5)))
struct SMSStoryTests {
    /// A gateway that writes down what it is asked, and knows one message and one block.
    final class Gateway: Sendable {
        let message = ID()
        private let log = Mutex<[String]>([])

        var asked: [String] { log.withLock { $0 } }
        func note(_ call: String) { log.withLock { $0.append(call) } }

        @Loop func serve(on host: Host) throws {
            try host.serve("sms") { server in
                server.handle(SMS.Limits.self) { [self] _, _ in
                    note("limits")
                    return .init(
                        numberPerTenMinutes: 3, numberPerHour: 5, numberPerDay: 10, prefixPerHour: 5,
                        firmPerDay: 1_000, countryPerDay: 20_000, countries: ["CA", "US"], pumping: "block",
                        queue: 10_000)
                }
                server.handle(SMS.Top.self) { [self] request, _ in
                    note("top \(request.hours ?? 0) \(request.limit ?? 0)")
                    let usage = SMS.Usage(name: "+1415555", sent: 30, verified: 1, blocked: true)
                    return .init(claimed: [usage], proved: [], firms: [], countries: [])
                }
                server.handle(SMS.Block.self) { [self] request, _ in
                    note(
                        "block \(request.prefix) \(request.reason ?? "-") \(request.until.map { "\($0)" } ?? "-")"
                    )
                    return Nothing()
                }
                server.handle(SMS.Unblock.self) { [self] request, _ in
                    note("unblock \(request.prefix)")
                    guard request.prefix == "+1900" else { throw Refusal(.notBlocked) }
                    return Nothing()
                }
                server.handle(SMS.Retry.self) { [self] request, _ in
                    note("retry")
                    guard request.message == message else { throw Refusal(.noSuchMessage) }
                    return .init(state: .queued)
                }
                server.handle(SMS.Trace.self) { [self] request, _ in
                    note("trace")
                    guard request.message == message else { throw Refusal(.noSuchMessage) }
                    let entry = SMS.Entry(
                        message: message, to: "+1••••71", firm: ID(), purpose: .verify, state: .delivered,
                        provider: "main", attempts: 1, error: nil, created: .now, updated: .now, expires: .now
                    )
                    return .init(
                        message: entry, country: "US", ruledOut: [], crashes: 0, resent: false, closed: true)
                }
            }
        }
    }

    @Test(
        "each command asks the gateway for what it names, and prints what it says",
        arguments: [
            ("limits", "limits", "Codes go to CA, US."), ("top", "top 1 10", "blocked"),
            ("top --hours 24 --limit 3", "top 24 3", "+1415555"),
            ("block +1900", "block +1900 - -", "+1900 is blocked"),
            (
                "block +1900 --reason costly --until 2036-12-31T00:00:00Z",
                "block +1900 costly 2036-12-31T00:00:00.000Z",
                "+1900 is blocked until 2036-12-31T00:00:00.000Z"
            ),
            ("unblock +1900", "unblock +1900", "+1900 is no longer blocked"),
            ("retry MESSAGE", "retry", "queued"), ("trace MESSAGE", "trace", "delivered"),
        ])
    func commands(words: String, asked: String, printed: String) async throws {
        let host = try Host()
        let gateway = Gateway()
        try await gateway.serve(on: host)
        let run = try await host.hubctl(
            ["sms"]
                + words.replacing("MESSAGE", with: "\(gateway.message)").split(separator: " ").map(
                    String.init))
        #expect(run.status == 0, "\(run.errors)")
        #expect(gateway.asked == [asked])
        #expect(run.output.contains(printed), "\(run.output)")
    }

    @Test(
        "a refusal is one line, and the end of the command",
        arguments: [
            ("unblock +1415", "NOT_BLOCKED"), ("retry OTHER", "NO_SUCH_MESSAGE"),
            ("trace OTHER", "NO_SUCH_MESSAGE"),
        ])
    func refusals(words: String, reason: String) async throws {
        let host = try Host()
        let gateway = Gateway()
        try await gateway.serve(on: host)
        let run = try await host.hubctl(
            ["sms"] + words.replacing("OTHER", with: "\(ID())").split(separator: " ").map(String.init))
        #expect(run.status == 2)
        #expect(run.errors.contains(reason) && run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        #expect(run.output.isEmpty)
    }
}
