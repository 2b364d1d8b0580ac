import AuditLog
import Cryptography
import FoundationEssentials
import Glibc
import Wire

/// A line of an exported audit log: an event, with the firm that its hash is bound to.
struct ExportedEvent: Codable, Equatable {
    let firm: ID
    let event: Auth.ChainedEvent

    init(firm: ID, event: Auth.ChainedEvent) {
        self.firm = firm
        self.event = event
    }

    private enum CodingKeys: CodingKey { case firm }

    // On the line the firm stands among the event's own fields.
    init(from decoder: any Decoder) throws {
        firm = try decoder.container(keyedBy: CodingKeys.self).decode(ID.self, forKey: .firm)
        event = try Auth.ChainedEvent(from: decoder)
    }

    func encode(to encoder: any Encoder) throws {
        try event.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(firm, forKey: .firm)
    }

    /// The event as it is chained; nil where a hash is none.
    var record: AuditRecord? {
        guard let previous = Hex.decode(event.previous).flatMap(Digest.init(bytes:)),
            let hash = Hex.decode(event.hash).flatMap(Digest.init(bytes:))
        else { return nil }
        return AuditRecord(
            firm: firm, number: event.number, at: event.at, actor: event.actor, event: event.event,
            person: event.client, detail: event.detail, previous: previous, hash: hash)
    }
}

/// An exported audit log, checked without the service that wrote it.
enum ExportedLog {
    /// Goes through the lines of the file at `path`; `-` is standard input.
    static func verify(_ path: String) throws(Problem) -> Auth.VerifyAudit.Reply {
        if path != "-" {
            let file = open(path, O_RDONLY)
            guard file >= 0, dup2(file, STDIN_FILENO) >= 0 else { throw systemProblem("be read", path) }
            close(file)
        }
        return try verify { readLine() }
    }

    /// The same for lines from anywhere.
    static func verify(_ next: () -> String?) throws(Problem) -> Auth.VerifyAudit.Reply {
        let decoder = JSONDecoder()
        var walk: AuditWalk?
        var line = 0
        while let text = next() {
            line += 1
            guard let event = try? decoder.decode(ExportedEvent.self, from: Data(text.utf8)) else {
                throw .bad("line \(line) of the exported log is no event")
            }
            var current = walk ?? AuditWalk(firm: event.firm)
            guard event.firm == current.firm else {
                throw .bad("line \(line) of the exported log is of another firm")
            }
            if let fault = current.take(event.record, number: event.event.number) {
                return Auth.VerifyAudit.Reply(
                    intact: false, events: current.number, head: "\(current.hash)", firstBad: fault.number,
                    problem: fault.problem)
            }
            walk = current
        }
        guard let walk else { throw .bad("the exported log is empty") }
        return Auth.VerifyAudit.Reply(intact: true, events: walk.number, head: "\(walk.hash)")
    }
}
