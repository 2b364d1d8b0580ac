import Cryptography
import ServiceKit
import Storage
import Wire

/// The gateway's database: one method for each thing that is done with it, each a transaction of its own.
///
/// Reads run at once on the loop; writes on the writer's thread, together with whatever else waits there, and
/// return when they are on disk. No SQL stands outside of this folder.
@Loop
final class Store {
    let fingerprints: Fingerprints
    let writer: Writer
    private let acceptance: SharedWrite<OrderAtHand, Acceptance>
    private let reader: Database

    /// Opens the database at `path`, or makes it, and puts it in order: expires what came too late while the
    /// gateway was not running, and makes uncertain what was on its way. Blocks; for the start.
    init(path: String, keys: SealingKeys, now: Timestamp) throws {
        let writer = try Writer(path, schema: Tables.schema, now: now.milliseconds)
        do {
            reader = try Database(reading: path, schema: Tables.schema)
            let (key, recovered) = try writer.writeNow { db in
                (try SecretTable(db).fingerprintKey(keys), try MessageTable(db).recover(now: now))
            }
            fingerprints = Fingerprints(key: key)
            self.recovered = recovered
            self.writer = writer
            acceptance = SharedWrite(writer) { orders, db in try OrderAtHand.accept(orders, in: db) }
        } catch {
            // The file is free again when the error is out.
            writer.close()
            throw error
        }
    }

    let recovered: MessageTable.Recovered

    /// Why nothing can be written now; nil where it can.
    var trouble: StoreError? { writer.trouble }

    /// The database as it is at this moment.
    func picture() throws -> Picture {
        let snapshot = try Snapshot(of: writer.path)
        return Picture(copy: { try await snapshot.copy(to: $0) }) {
            let (newest, values) = try await snapshot.read { db in
                (try MessageTable(db).newest(), try SecretTable(db).sealedCounts())
            }
            return Picture.Facts(schema: try await snapshot.schema(), newest: newest, values: values)
        }
    }

    /// Finishes what is being written and closes the database. Blocks.
    func close() { writer.close() }

    /// Seals again, under the newest of `keys`, what lives longer than a message.
    func rotate(to keys: SealingKeys) async throws {
        try await writer.write { db in
            _ = try SecretTable(db).fingerprintKey(keys)
            try BlockTable(db).rotate(to: keys)
            try CountTable(db).rotate(to: keys)
        }
    }

    // MARK: what callers ask

    func accept(_ order: Order, _ terms: AcceptanceTerms, now: Timestamp) async throws -> Acceptance {
        try await acceptance(OrderAtHand(order: order, terms: terms, now: now))
    }

    /// False where there is no such message.
    func verify(_ id: ID, now: Timestamp) async throws -> Bool {
        try await writer.write { db in
            guard let message = try MessageTable(db).verify(id, now: now) else { return false }
            guard message.isFirst else { return true }
            let counts = CountTable(db)
            try counts.addVerified(message.prefixScope, message.prefixHash, created: message.created)
            try counts.addProved(message.numberHash, at: now)
            return true
        }
    }

    /// Where the message is now; nil where there is none.
    func cancel(_ id: ID, now: Timestamp) async throws -> SMS.MessageState? {
        try await writer.write { db in
            let messages = MessageTable(db)
            guard let state = try messages.cancel(id, now: now) else { return nil }
            try messages.disown(id)
            return state
        }
    }

    func retry(_ id: ID, now: Timestamp) async throws -> MessageTable.Requeued {
        try await writer.write { db in try MessageTable(db).requeue(id, now: now) }
    }

    func block(_ entry: BlockTable.Entry, now: Timestamp) async throws {
        try await writer.write { db in try BlockTable(db).add(entry, now: now) }
    }

    /// False where there is no such block. What was sent there until now is forgiven: else the next code would make
    /// the pumping guard block it again.
    func unblock(_ hash: [UInt8], now: Timestamp) async throws -> Bool {
        try await writer.write { db in
            guard try BlockTable(db).remove(hash, now: now) else { return false }
            try CountTable(db).forgive(hash)
            return true
        }
    }

    /// Takes note that a number's owner wants messages no more, or again; false where that was known.
    func optOut(_ word: OptOut, _ numberHash: [UInt8], now: Timestamp) async throws -> Bool {
        try await writer.write { db in
            switch word {
            case .stop: try OptOutTable(db).add(numberHash, now: now)
            case .start: try OptOutTable(db).remove(numberHash)
            }
        }
    }

    // MARK: what the courier does

    func claim(_ routing: Routing, now: Timestamp) async throws -> [Claimed] {
        try await writer.write { db in try MessageTable(db).claim(routing, now: now) }
    }

    func settle(
        _ id: ID, attempt: Int, _ outcome: Outcome, providers: [String], onUncertain: OnUncertain,
        random: Double, now: Timestamp
    ) async throws -> SMS.MessageState? {
        try await writer.write { db in
            try MessageTable(db).settle(
                id, attempt: attempt, outcome, providers: providers, onUncertain: onUncertain,
                random: random, now: now)
        }
    }

    func crash(_ id: ID, attempt: Int, error: String, now: Timestamp) async throws {
        try await writer.write { db in
            try MessageTable(db).crash(id, attempt: attempt, error: error, now: now)
        }
    }

    func receive(_ receipt: Receipt, now: Timestamp) async throws -> ReceiptTable.Received {
        try await writer.write { db in try ReceiptTable(db).take(receipt, now: now) }
    }

    /// Ends what has lapsed, wipes what is of no use any more, and closes what no receipt is waited for; how
    /// many messages expired.
    func sweep(now: Timestamp) async throws -> Int {
        try await writer.write { db in
            let messages = MessageTable(db)
            try messages.wipe(now: now)
            try messages.close(now: now)
            return try messages.expire(now: now)
        }
    }

    func hurry(now: Timestamp, seconds: Int) async throws -> Int {
        try await writer.write { db in try MessageTable(db).hurry(now: now, seconds: seconds) }
    }

    /// Deletes what is older than its retention, so much that the writer is not held up; true where there is
    /// more.
    func purge(acceptedBefore then: Timestamp, now: Timestamp) async throws -> Bool {
        try await writer.write { db in
            try CountTable(db).purge(now: now)
            try BlockTable(db).purge(now: now)
            try ReceiptTable(db).purge(now: now)
            return try MessageTable(db).purge(acceptedBefore: then) > 0
        }
    }

    // MARK: reads

    func status(_ id: ID) throws -> SMS.Status.Reply? { try messages.status(id) }

    func list(state: SMS.MessageState?, firm: ID?, before: ID, limit: Int) throws -> [SMS.Entry] {
        try messages.list(state: state, firm: firm, before: before, limit: limit)
    }

    func blocks(limit: Int, now: Timestamp) throws -> [BlockTable.Entry] {
        try BlockTable(reader).all(limit: limit, now: now)
    }

    /// All that is kept of a message, for an admin; nil where there is none.
    func trace(_ id: ID) throws -> SMS.Trace.Reply? { try messages.trace(id) }

    /// The subjects of a scope with the most sends whose codes were not used.
    func top(_ scope: CountScope, since: Timestamp, limit: Int) throws -> [CountTable.Usage] {
        try CountTable(reader).top(scope, since: since, limit: limit)
    }

    /// What a counted prefix is, sealed, and whether it is blocked.
    func prefix(_ prefixHash: [UInt8], now: Timestamp) throws
        -> (hash: [UInt8], sealed: [UInt8], isBlocked: Bool)?
    {
        guard let (hash, sealed) = try CountTable(reader).prefix(prefixHash) else { return nil }
        return (hash, sealed, try BlockTable(reader).blocks([hash], isClaim: true, now: now))
    }

    /// Whether a message accepted earlier may no longer go to a number with these
    /// ``Fingerprints/blocks(of:)``.
    func isBlocked(_ hashes: @autoclosure () -> [[UInt8]], now: Timestamp) throws -> Bool {
        try BlockTable(reader).blocks(hashes(), isClaim: false, now: now)
    }

    /// Whether the owner of a number with this ``Fingerprints/number(_:)`` wants no messages.
    func isOptedOut(_ numberHash: [UInt8]) throws -> Bool { try OptOutTable(reader).has(numberHash) }

    func tally() throws -> [SMS.MessageState: Int] { try messages.tally() }
    func queued() throws -> Int { try messages.count(.queued) }
    func oldestQueued() throws -> Timestamp? { try messages.oldestQueued() }
    func hasLapsed(now: Timestamp) throws -> Bool { try messages.hasLapsed(now: now) }
    func hasDue(now: Timestamp) throws -> Bool { try messages.hasDue(now: now) }
    func nextDue(after now: Timestamp) throws -> Timestamp? { try messages.nextDue(after: now) }

    private var messages: MessageTable { MessageTable(reader) }
}
