import ArgumentParser
import Wire

/// `hubctl why`: what the gate decides for a person, and the rule that makes it.
struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Tells what the gate decides for a person at the next log-in, by which rule, on what facts."
    )

    @Argument(help: "The firm's slug.")
    var firm: String

    @Argument(help: "The e-mail address of the person's log-in.")
    var email: String

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let reply = try await options.client(of: .auth).call(Auth.Explain(firm: firm, email: email))
        try options.show(reply, as: Self.text(of: reply))
    }

    static func text(of reply: Auth.Explain.Reply) -> String {
        let gate = reply.gate
        let requirer = gate.requiredBy.map { ", by \(words(for: $0))" } ?? ""
        var rows = [
            ["decision", "\(gate.state.rawValue): \(words(for: gate.state))"],
            ["rule", reply.rule],
            ["required", (gate.required ? "yes" : "no") + requirer],
            [
                "methods",
                gate.methods.isEmpty ? "none" : gate.methods.map(\.rawValue).joined(separator: ", "),
            ],
        ]
        if let phone = gate.phone { rows.append(["phone", phone]) }
        if gate.deferred {
            rows.append(["deferred", "set-up was put off to the next log-in by a support override"])
        }
        if gate.offer { rows.append(["offer", "set-up is offered, though it is not required"]) }
        rows.append(["id", reply.client.description])
        let facts = Table(
            headings: ["FACT", "VALUE"],
            rows: reply.facts.sorted { $0.key < $1.key }.map { [$0.key, $0.value] })
        return Table(rows: rows).text + (reply.facts.isEmpty ? "" : "\n\n" + facts.text)
    }

    private static func words(for state: Auth.Gate.State) -> String {
        switch state {
        case .open: "every page may be opened"
        case .setUp: "every page is locked until a second factor is set up"
        case .verify: "every page is locked until the second factor is proved"
        }
    }

    private static func words(for requirer: Auth.Requirer) -> String {
        switch requirer {
        case .firm: "the firm's setting"
        case .pro: "a PRO, for this client"
        case .person: "the client's own choice"
        }
    }
}
