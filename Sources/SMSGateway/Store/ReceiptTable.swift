import Storage
import Wire

/// What carriers tell of messages. A receipt that comes before the provider's own answer is kept until that is
/// recorded, which says whose it is; one that nobody asks for goes after a day.
struct ReceiptTable {
    private let db: Database

    init(_ db: Database) { self.db = db }

    /// What came of a receipt.
    enum Received: Sendable, Equatable {
        case moved(ID, SMS.MessageState)
        /// It was told before, or ranks below what is known.
        case nothingNew
        /// It is kept, for a message whose answer is still to come.
        case kept
        /// It is of no message that there is.
        case unknown
    }

    /// Merges a receipt, or keeps it. The same one again changes nothing.
    func take(_ receipt: Receipt, now: Timestamp) throws -> Received {
        if let found = try find(receipt) { return try merge(receipt, found, now) }
        // A message is on disk before its provider hears of it, so that one of ours which is not there is gone.
        guard receipt.message == nil, let name = receipt.providerID else { return .unknown }
        try db.run(
            """
            INSERT INTO early_receipt (provider, provider_id, event, reason, came)
            VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING
            """, receipt.provider, name, receipt.event.rawValue, receipt.reason, now)
        return .kept
    }

    /// Merges what was kept for a message which its provider has now given a name; the state that it comes to,
    /// where there was anything.
    func takeEarly(of provider: String, named providerID: String, now: Timestamp) throws
        -> SMS.MessageState?
    {
        let early = try db.all(
            "SELECT event, reason FROM early_receipt WHERE provider = ?1 AND provider_id = ?2", provider,
            providerID
        ) { row in
            Receipt(
                provider: provider, message: nil, providerID: providerID, event: try row.word(0),
                reason: row.stringOrNil(1))
        }
        guard !early.isEmpty else { return nil }
        var state: SMS.MessageState?
        for receipt in early {
            // The first one may make it final: then it is no longer found, and the others rank below.
            guard let found = try find(receipt) else { break }
            if case .moved(_, let next) = try merge(receipt, found, now) { state = next }
        }
        try db.run(
            "DELETE FROM early_receipt WHERE provider = ?1 AND provider_id = ?2", provider, providerID)
        return state
    }

    func purge(now: Timestamp) throws {
        try db.run("DELETE FROM early_receipt WHERE came < ?1", now - Self.keepSeconds)
    }

    /// Seconds that a receipt waits for its message.
    static let keepSeconds = 86_400

    private typealias Found = (id: ID, facts: ReceiptMerge.Facts)

    /// The message that a receipt is about: by our own id where the provider carried it along.
    private func find(_ receipt: Receipt) throws -> Found? {
        let found = { (row: borrowing Row) throws -> Found in
            (
                row.id(0),
                ReceiptMerge.Facts(
                    state: try row.word(1), provider: row.stringOrNil(2), providerID: row.stringOrNil(3),
                    isResent: row.bool(5), isClosed: row.bool(4))
            )
        }
        if let id = receipt.message {
            return try db.first(
                "SELECT id, state, provider, provider_id, closed, resent FROM message WHERE id = ?1", id,
                row: found)
        }
        guard let name = receipt.providerID else { return nil }
        return try db.first(Self.awaited, receipt.provider, name, row: found)
    }

    static let awaited: StaticString = """
        SELECT id, state, provider, provider_id, closed, resent FROM message INDEXED BY message_awaited
        WHERE provider = ?1 AND provider_id = ?2 AND state = 'sent' AND closed = 0
        """

    private func merge(_ receipt: Receipt, _ found: Found, _ now: Timestamp) throws -> Received {
        guard let end = ReceiptMerge(receipt, found.facts) else { return .nothingNew }
        try db.run(
            """
            UPDATE message SET state = ?2, error = ?3, provider = ?4, provider_id = coalesce(?5, provider_id),
                updated = ?6, sealed = CASE WHEN ?7 THEN sealed END
            WHERE id = ?1
            """, found.id, end.state.rawValue, end.error, receipt.provider, receipt.providerID, now,
            end.state.keepsContent)
        return .moved(found.id, end.state)
    }
}
