import Storage
import Wire

/// A message that the courier took charge of: its row says `sending`, durably.
struct Claimed: Sendable {
    let id: ID
    let provider: String
    /// Counts from 1.
    let attempt: Int
    let sealed: [UInt8]
    let expires: Timestamp
}

/// What the courier does with messages. Its queries name their index: left to itself, SQLite would take the
/// one by state, in which the whole past stands, for those that hold the queue alone.
extension MessageTable {
    /// Takes charge of messages that are due: each is `sending` once this is committed.
    ///
    /// None to a number that another one is on its way to, none whose code is dying; in the order of their
    /// due times, as far as `routes` have room. Lanes of which nothing can be placed are not even looked at, so
    /// that no number of messages for a slow provider holds up one for a fast one.
    func claim(_ routes: Routing, now: Timestamp) throws -> [Claimed] {
        var routes = routes
        var claimed: [Claimed] = []
        var numbers: Set<[UInt8]> = []
        // Mostly the first few rows fill the routes. Only where many of them have to wait is it worth looking
        // further.
        for look in [16 + 2 * routes.room, Self.widestLook] where routes.hasRoom {
            let due = try due(routes, look: look, now: now)
            for message in due.rows where routes.hasRoom && !numbers.contains(message.number) {
                guard let provider = try place(message, &routes, now) else { continue }
                numbers.insert(message.number)
                claimed.append(
                    Claimed(
                        id: message.id, provider: provider, attempt: message.attempts + 1,
                        sealed: message.sealed, expires: message.expires))
            }
            if due.isAll { break }
        }
        return claimed
    }

    /// A message that could be claimed.
    private struct Due {
        let id: ID
        let number: [UInt8]
        let lane: Lane
        let attempts: Int
        let sealed: [UInt8]
        let expires: Timestamp
        let due: Timestamp
    }

    /// What the same providers may take, and in the same order: messages that differ in nothing that matters to
    /// the choice of a route.
    private struct Lane {
        let ruledOut: Set<String>
        let tried: Set<String>
        /// As they stand in the columns.
        let key: (ruledOut: String, tried: String)
    }

    /// The first messages of each lane that can be placed, in the order of their due times; `isAll`: there are no
    /// more.
    private func due(_ routes: Routing, look: Int, now: Timestamp) throws -> (rows: [Due], isAll: Bool) {
        var rows: [Due] = []
        var isAll = true
        for lane in try lanes() where routes.mayMove(ruledOut: lane.ruledOut, tried: lane.tried) {
            let found = try db.all(
                Self.claimable, lane.key.ruledOut, lane.key.tried, now, now + RetryPolicy.usefulSeconds, look
            ) { row in
                Due(
                    id: row.id(0), number: row.blob(1), lane: lane, attempts: row.int(2), sealed: row.blob(3),
                    expires: row.time(4), due: row.time(5))
            }
            rows += found
            isAll = isAll && found.count < look
        }
        return (rows.sorted { ($0.due, $0.id) < ($1.due, $1.id) }, isAll)
    }

    /// All lanes that have messages: one at most times, and a few while a provider turns messages away.
    private func lanes() throws -> [Lane] {
        var lanes: [Lane] = []
        var next = try db.first(Self.firstLane, row: Self.lane)
        while let lane = next {
            lanes.append(lane)
            next =
                try db.first(Self.nextLane, lane.key.ruledOut, lane.key.tried, row: Self.lane)
                ?? db.first(Self.laneAfter, lane.key.ruledOut, row: Self.lane)
        }
        return lanes
    }

    private static func lane(_ row: borrowing Row) -> Lane {
        Lane(ruledOut: row.names(0), tried: row.names(1), key: (row.string(0), row.string(1)))
    }

    static let firstLane: StaticString = """
        SELECT ruled_out, tried FROM message INDEXED BY message_lane WHERE state = 'queued'
        ORDER BY ruled_out, tried LIMIT 1
        """
    // Two steps, each of which SQLite takes in the index; a comparison of both columns at once would walk through the
    // whole lane.
    static let nextLane: StaticString = """
        SELECT ruled_out, tried FROM message INDEXED BY message_lane
        WHERE state = 'queued' AND ruled_out = ?1 AND tried > ?2 ORDER BY tried LIMIT 1
        """
    static let laneAfter: StaticString = """
        SELECT ruled_out, tried FROM message INDEXED BY message_lane
        WHERE state = 'queued' AND ruled_out > ?1 ORDER BY ruled_out, tried LIMIT 1
        """

    /// Writes where a message goes; the provider that it is `sending` to now, if there is one.
    private func place(_ message: Due, _ routes: inout Routing, _ now: Timestamp) throws -> String? {
        switch routes.choose(ruledOut: message.lane.ruledOut, tried: message.lane.tried) {
        case .route(let provider):
            try db.run(
                """
                UPDATE message SET state = 'sending', attempts = attempts + 1, provider = ?2, provider_id = NULL,
                    updated = ?3, closed = 0
                WHERE id = ?1
                """, message.id, provider, now)
            return provider
        case .wait, .shut:
            return nil
        case .none:
            try db.run(
                """
                UPDATE message SET state = 'failed', updated = ?2,
                    error = coalesce(error, 'No provider is left.')
                WHERE id = ?1
                """, message.id, now)
            return nil
        }
    }

    static let claimable: StaticString = """
        SELECT id, number_hash, attempts, sealed, expires, due
        FROM message AS waiting INDEXED BY message_lane
        WHERE state = 'queued' AND ruled_out = ?1 AND tried = ?2 AND due <= ?3 AND expires >= ?4
            AND NOT EXISTS (
                SELECT 1 FROM message INDEXED BY message_in_flight
                WHERE state = 'sending' AND number_hash = waiting.number_hash)
        ORDER BY due, id LIMIT ?5
        """

    /// How many due messages of a lane are looked at in one go: a bound for the work of one transaction.
    private static let widestLook = 512

    /// Writes what came of an attempt.
    ///
    /// - Returns: where the message is now; nil where the row has moved on, so that this means nothing any more.
    func settle(
        _ id: ID, attempt: Int, _ outcome: Outcome, providers: [String], onUncertain: OnUncertain,
        random: Double, now: Timestamp
    ) throws -> SMS.MessageState? {
        let found = try db.first(
            """
            SELECT state, attempts, expires, unwanted, provider, ruled_out, tried, number_hash,
                resent, crashes FROM message
            WHERE id = ?1 AND attempts = ?2 AND provider IS NOT NULL
            """, id, attempt
        ) { row in
            (
                facts: Settlement.Facts(
                    state: try row.word(0), attempts: row.int(1), expires: row.time(2),
                    isUnwanted: row.bool(3), isResent: row.bool(8), crashes: row.int(9),
                    provider: row.string(4), ruledOut: row.names(5),
                    tried: row.names(6)),
                numberHash: row.blob(7)
            )
        }
        guard let (facts, numberHash) = found,
            let end = Settlement(
                outcome, facts, providers: providers, onUncertain: onUncertain, random: random, now: now)
        else { return nil }
        try db.run(
            """
            UPDATE message SET state = ?2, due = coalesce(?3, due), error = ?4,
                provider_id = coalesce(?5, provider_id),
                ruled_out = ?6, tried = ?7, updated = ?8, sealed = CASE WHEN ?9 THEN sealed END, resent = ?10
            WHERE id = ?1
            """, id, end.state.rawValue, end.due, end.error, end.providerID, joined(end.ruledOut),
            joined(end.tried), now,
            end.state.keepsContent && !facts.isUnwanted, end.isResent)
        if end.optsOut { try OptOutTable(db).add(numberHash, now: now) }
        guard end.state == .sent, let name = end.providerID else { return end.state }
        return try ReceiptTable(db).takeEarly(of: facts.provider, named: name, now: now) ?? end.state
    }

    /// Notes that a claimed message, of which nothing was sent yet, broke the gateway itself. The first time
    /// it goes back into the queue, the second time it fails.
    func crash(_ id: ID, attempt: Int, error: String, now: Timestamp) throws {
        let found = try db.first(
            "SELECT state, crashes, unwanted FROM message WHERE id = ?1 AND attempts = ?2", id, attempt
        ) { row in
            (state: try row.word(0, SMS.MessageState.self), crashes: row.int(1) + 1, isUnwanted: row.bool(2))
        }
        guard let found else { return }
        var end = found.state.after(found.crashes >= Self.mostCrashes ? .poison : .bounce)
        if found.isUnwanted, end == .queued { end = end?.after(.cancel) }
        guard let end else { return }
        try db.run(
            """
            UPDATE message SET state = ?2, crashes = ?3, error = ?4, updated = ?5, due = ?6,
                sealed = CASE WHEN ?7 THEN sealed END
            WHERE id = ?1
            """, id, end.rawValue, found.crashes, error, now, now + 1, end.keepsContent && !found.isUnwanted)
    }

    /// How often a message may bring the gateway down before it is given up.
    private static let mostCrashes = 2

    /// What must be done before anything else at start: what has expired goes first, then what was on its way
    /// when the process ended becomes uncertain. Nothing of it is ever queued again by itself.
    func recover(now: Timestamp) throws -> Recovered {
        let expired = try expire(now: now)
        let poisoned = try db.run(
            """
            UPDATE message SET crashes = crashes + 1, updated = ?1, state = 'failed',
                sealed = CASE WHEN NOT unwanted THEN sealed END,
                error = 'The gateway ended twice while it was being sent.'
            WHERE state = 'sending' AND crashes + 1 >= ?2
            """, now, Self.mostCrashes)
        let uncertain = try db.run(
            """
            UPDATE message SET crashes = crashes + 1, updated = ?1, state = 'uncertain',
                sealed = CASE WHEN NOT unwanted THEN sealed END,
                error = 'The gateway ended while it was being sent.'
            WHERE state = 'sending'
            """, now)
        try wipe(now: now)
        return Recovered(expired: expired, uncertain: uncertain, poisoned: poisoned)
    }

    /// What a start found: codes that had ended, messages that were on their way, and those among them that
    /// had brought the gateway down before.
    struct Recovered: Sendable, Equatable {
        let expired: Int
        let uncertain: Int
        let poisoned: Int
    }

    /// Ends what waits and would come too late; how many.
    func expire(now: Timestamp) throws -> Int {
        try db.run(
            """
            UPDATE message INDEXED BY message_lapse SET state = 'expired', updated = ?1, sealed = NULL,
                error = coalesce(error, 'It was not sent before its code ended.')
            WHERE state = 'queued' AND expires < ?2
            """, now, now + RetryPolicy.usefulSeconds)
    }

    /// Wipes number and code of what failed or is uncertain, once it could not be sent again anyway; how
    /// many.
    @discardableResult
    func wipe(now: Timestamp) throws -> Int {
        try db.run(
            """
            UPDATE message INDEXED BY message_kept SET sealed = NULL
            WHERE state IN ('failed', 'uncertain') AND sealed IS NOT NULL AND expires < ?1
            """, now + RetryPolicy.usefulSeconds)
    }

    /// Waits for receipts no longer: where nobody knows whether the message was sent, ten minutes after its
    /// code has ended, and where it was sent, after a day. Some hundreds at a time.
    func close(now: Timestamp) throws {
        try db.run(
            """
            UPDATE message SET closed = 1 WHERE id IN (
                SELECT id FROM message INDEXED BY message_open_uncertain
                WHERE state = 'uncertain' AND closed = 0 AND expires <= ?1 LIMIT 500)
            """, now - Self.uncertainSeconds)
        // One without a name comes from a provider that gives no receipts.
        try db.run(
            """
            UPDATE message SET closed = 1,
                error = CASE WHEN provider_id IS NOT NULL THEN 'No receipt came within a day.' END
            WHERE id IN (
                SELECT id FROM message INDEXED BY message_open_sent
                WHERE state = 'sent' AND closed = 0 AND updated <= ?1 LIMIT 500)
            """, now - Self.receiptSeconds)
    }

    /// Seconds after the end of its code that a message may still turn out to have been sent.
    private static let uncertainSeconds = 600
    /// Seconds that a receipt of what was sent is waited for.
    private static let receiptSeconds = 86_400

    /// Whether ``expire(now:)``, ``wipe(now:)`` or ``close(now:)`` has anything to do.
    func hasLapsed(now: Timestamp) throws -> Bool {
        let bound = now + RetryPolicy.usefulSeconds
        return try db.exists(Self.lapsed, bound) || db.exists(Self.lapsedContent, bound)
            || db.exists(Self.openUncertain, now - Self.uncertainSeconds)
            || db.exists(Self.openSent, now - Self.receiptSeconds)
    }

    static let openUncertain: StaticString = """
        SELECT 1 FROM message INDEXED BY message_open_uncertain
        WHERE state = 'uncertain' AND closed = 0 AND expires <= ?1
        """
    static let openSent: StaticString = """
        SELECT 1 FROM message INDEXED BY message_open_sent
        WHERE state = 'sent' AND closed = 0 AND updated <= ?1
        """

    static let lapsed: StaticString =
        "SELECT 1 FROM message INDEXED BY message_lapse WHERE state = 'queued' AND expires < ?1"
    static let lapsedContent: StaticString = """
        SELECT 1 FROM message INDEXED BY message_kept
        WHERE state IN ('failed', 'uncertain') AND sealed IS NOT NULL AND expires < ?1
        """

    /// Whether ``claim(_:now:)`` may have something to do.
    func hasDue(now: Timestamp) throws -> Bool {
        try lanes().contains { try db.exists(Self.anyDue, $0.key.ruledOut, $0.key.tried, now) }
    }

    static let anyDue: StaticString = """
        SELECT 1 FROM message INDEXED BY message_lane
        WHERE state = 'queued' AND ruled_out = ?1 AND tried = ?2 AND due <= ?3
        """

    /// When the next message is due that is not due yet.
    func nextDue(after now: Timestamp) throws -> Timestamp? {
        try lanes().compactMap { lane in
            try db.first(Self.nextDue, lane.key.ruledOut, lane.key.tried, now) { $0.time(0) }
        }.min()
    }

    static let nextDue: StaticString = """
        SELECT due FROM message INDEXED BY message_lane
        WHERE state = 'queued' AND ruled_out = ?1 AND tried = ?2 AND due > ?3
        ORDER BY due LIMIT 1
        """

    /// Makes due at once what a clock set back would hold up: no message is put off for longer than `seconds`
    /// on purpose.
    func hurry(now: Timestamp, seconds: Int) throws -> Int {
        try db.run(
            "UPDATE message INDEXED BY message_lane SET due = ?1 WHERE state = 'queued' AND due > ?2", now,
            now + seconds)
    }
}
