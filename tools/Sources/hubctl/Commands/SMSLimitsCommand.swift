import ArgumentParser
import Wire

/// `hubctl sms limits`: how many codes may be sent.
struct SMSLimitsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits", abstract: "Shows the limits in force.")

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let reply = try await options.client(of: .sms).call(SMS.Limits())
        try options.show(reply, as: Self.text(of: reply))
    }

    static func text(of reply: SMS.Limits.Reply) -> String {
        let table = Table(
            headings: ["CODES", "AT MOST", "IN"], numbers: [1],
            rows: [
                ["to one number", "\(reply.numberPerTenMinutes)", "ten minutes"],
                ["to one number", "\(reply.numberPerHour)", "an hour"],
                ["to one number", "\(reply.numberPerDay)", "a day"],
                ["unused, to unproved numbers of a prefix", "\(reply.prefixPerHour)", "an hour"],
                ["for one firm", "\(reply.firmPerDay)", "a day"],
                ["to one country", "\(reply.countryPerDay)", "a day"],
                ["waiting", "\(reply.queue)", "the queue"],
            ])
        let guarded = reply.pumping == "record" ? "only written down" : "blocked for 12 hours"
        return table.text + "\n\nCodes go to \(printable(reply.countries.joined(separator: ", "))).\n"
            + "A prefix whose codes are not used is \(guarded)."
    }
}
