import AuditLog
import Cryptography
import Storage
import Wire

extension AuthService {
    /// A page of a firm's audit log, read apart from the loop.
    func exportAudit(_ request: Auth.ExportAudit) async throws -> Auth.ExportAudit.Reply {
        guard let firm = try store.read({ try $0.firm(slug: request.firm) }) else {
            throw Refusal(.noSuchFirm)
        }
        let after = request.after ?? 0
        guard after >= 0 else { throw Refusal(.malformed, "after must not be negative", field: "after") }
        let events = try await store.readApart { database in
            try database.storedEvents(of: firm.id, after: after, upTo: .max, limit: Self.exportedAtOnce)
        }
        return Auth.ExportAudit.Reply(firm: firm.id, events: try events.map(Self.chained))
    }

    /// So many that an answer stays far below what fits into a frame.
    private nonisolated static var exportedAtOnce: Int { 200 }

    private static func chained(_ event: StoredEvent) throws -> Auth.ChainedEvent {
        guard let record = event.record else {
            throw Refusal(
                .unavailable,
                "Event \(event.number) is not what was recorded: hubctl audit verify tells more.")
        }
        return Auth.ChainedEvent(
            number: record.number, at: record.at, actor: record.actor, event: record.event,
            client: record.person, detail: record.detail, previous: Hex.encode(record.previous.bytes),
            hash: Hex.encode(record.hash.bytes))
    }
}
