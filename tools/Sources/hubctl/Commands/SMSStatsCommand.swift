import ArgumentParser
import Wire

/// `hubctl sms stats`: how the queue, the carriers and the blocks are.
struct SMSStatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Shows how many messages are in each state, the providers and the blocks.")

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let reply = try await options.client(of: .sms).call(SMS.Stats())
        try options.show(reply, as: Self.text(of: reply, now: .now))
    }

    static func text(of reply: SMS.Stats.Reply, now: Timestamp) -> String {
        // In the order in which a message goes through them; a state that this tool does not know comes last.
        let known = SMS.MessageState.allCases.map(\.rawValue)
        let unknown = reply.states.keys.filter { !known.contains($0) }.sorted()
        var parts = [
            Table(
                headings: ["STATE", "MESSAGES"], numbers: [1],
                rows: (known + unknown).map { [$0, "\(reply.states[$0] ?? 0)"] }
            ).text
        ]
        if let oldest = reply.oldestQueued {
            parts.append("The oldest in the queue has waited \(Units.duration(now.seconds(since: oldest))).")
        }
        if !reply.providers.isEmpty {
            let rows = reply.providers.map { provider in
                [
                    provider.name, provider.kind, provider.open ? "open" : "held back", "\(provider.sent)",
                    "\(provider.failed)",
                ]
            }
            parts.append(
                Table(
                    headings: ["PROVIDER", "KIND", "STATE", "SENT", "FAILED"], numbers: [3, 4], rows: rows
                ).text)
        }
        if !reply.blocks.isEmpty {
            let rows = reply.blocks.map { block in
                [
                    block.prefix, block.until?.description ?? "unblocked",
                    (block.recorded == true ? "(only recorded) " : "") + block.reason,
                ]
            }
            parts.append(Table(headings: ["BLOCKED", "UNTIL", "REASON"], rows: rows).text)
        }
        return parts.joined(separator: "\n\n")
    }
}
