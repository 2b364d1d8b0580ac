import ArgumentParser
import Wire

/// `hubctl sms trace`: what became of one message.
struct SMSTraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace", abstract: "Tells all that is kept of one message.")

    @Argument(help: "The message's id.")
    var message: ID

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let reply = try await options.client(of: .sms).call(SMS.Trace(message: message))
        try options.show(reply, as: Self.text(of: reply))
    }

    static func text(of reply: SMS.Trace.Reply) -> String {
        let message = reply.message
        var rows = [
            ["message", "\(message.message)"], ["to", "\(message.to) (\(reply.country))"],
            ["firm", "\(message.firm)"], ["purpose", message.purpose.rawValue],
            ["state", state(of: reply)], ["tries", "\(message.attempts)"],
            ["provider", message.provider ?? "none yet"],
        ]
        if let name = reply.providerID { rows.append(["its id", name]) }
        if let error = message.error { rows.append(["why", error]) }
        if !reply.ruledOut.isEmpty { rows.append(["not by", reply.ruledOut.joined(separator: ", ")]) }
        if reply.crashes > 0 { rows.append(["crashes", "\(reply.crashes)"]) }
        if reply.resent { rows.append(["resent", "once, though it may have been sent"]) }
        rows.append(["accepted", "\(message.created)"])
        rows.append(["changed", "\(message.updated)"])
        if let due = reply.due { rows.append(["next try", "\(due)"]) }
        rows.append(["code ends", "\(message.expires)"])
        rows.append(["code used", reply.verified.map { "\($0)" } ?? "no"])
        return Table(rows: rows).text
    }

    private static func state(of reply: SMS.Trace.Reply) -> String {
        let isOpen = reply.message.state == .sent || reply.message.state == .uncertain
        guard isOpen else { return reply.message.state.rawValue }
        return reply.message.state.rawValue
            + (reply.closed ? ", and no receipt is waited for any more" : ", and a receipt may come")
    }
}
