import Cryptography
import Storage
import Wire

/// A code to be sent, checked and ready to be written: what of it must be found again is hashed, the rest
/// sealed.
struct Order: Sendable {
    let id: ID
    let key: String
    let firm: ID
    let purpose: Purpose
    let expires: Timestamp
    let country: String
    let masked: String
    /// Why no codes are sent to numbers like this one; nil where they are.
    let unwelcome: String?
    /// Providers that it is not offered to.
    var ruledOut: Set<String> = []
    let sealed: [UInt8]
    let orderHash: [UInt8]
    let numberHash: [UInt8]
    let prefixHash: [UInt8]
    /// What a block of it may be found by.
    let blockHashes: [[UInt8]]
    /// What the pumping guard would block.
    let prefixBlock: (hash: [UInt8], sealed: [UInt8])
}

/// What the acceptance of an order depends on beside the database.
struct AcceptanceTerms: Sendable {
    var policy: LimitPolicy
    /// The most messages that may wait.
    var queueLimit: Int
    /// When the first provider takes messages: now, or later where all are shut.
    var opens: Timestamp
    var forecast: QueueForecast
}

/// What became of an order.
enum Acceptance: Sendable {
    /// `pumping`: its prefix would be blocked from now on, if that were done.
    case accepted(pumping: Bool)
    /// Its key was submitted before, for the same.
    case duplicate(ID, SMS.MessageState)
    case refused(Refusal)
    /// Refused, and from now on its prefix is blocked.
    case pumping(Refusal)
}

extension Order {
    /// Takes charge of the order, or says why not. All of it is one transaction, so that of any number of
    /// orders at once no more are taken than the limits allow.
    func accept(_ terms: AcceptanceTerms, in db: Database, now: Timestamp) throws -> Acceptance {
        let messages = MessageTable(db)
        if let known = try messages.find(key: key) {
            guard ConstantTime.equal(known.orderHash, orderHash) else {
                return .refused(Refusal(.keyReused, field: "key"))
            }
            return .duplicate(known.id, known.state)
        }
        if let unwelcome { return .refused(Refusal(.badPhone, unwelcome, field: "to")) }
        guard RetryPolicy.isWorthSending(expires, now: now) else {
            return .refused(Refusal(.alreadyExpired, field: "expires"))
        }
        let counts = CountTable(db)
        let standing = Standing(purpose, isProvedNumber: try counts.isProved(numberHash))
        if try BlockTable(db).blocks(blockHashes, isClaim: standing == .claimed, now: now) {
            return .refused(Refusal(.blocked, field: "to"))
        }
        guard try !OptOutTable(db).has(numberHash) else {
            return .refused(
                Refusal(
                    .blocked,
                    "Text messages to this number are switched off: send START to where they came from.",
                    field: "to"))
        }
        if let full = try fullness(terms, messages, now) { return .refused(full) }
        let mode = terms.policy.limits.pumping
        var isPumping = false
        if try guardTrips(standing, counts, now) {
            isPumping = try block(standing, mode, in: db, now: now)
            if mode == .block { return .pumping(Refusal(.blocked, field: "to")) }
        }
        if let limited = try limit(terms.policy, standing, counts, now) { return .refused(limited) }

        for scope in terms.policy.scopes(standing) { try counts.addSent(scope, subject(scope), at: now) }
        try counts.keepPrefix(prefixHash, prefixBlock)
        try messages.insert(self, standing, now: now)
        return .accepted(pumping: isPumping)
    }

    /// Why the queue does not take it: there is no room, or its code would die there.
    private func fullness(_ terms: AcceptanceTerms, _ messages: MessageTable, _ now: Timestamp) throws
        -> Refusal?
    {
        let waiting = try messages.count(.queued)
        guard waiting < terms.queueLimit else { return Refusal(.queueFull, retryAfter: 5) }
        // The forecast is of what every provider may take. What goes by one alone does not wait behind all of that.
        let ahead = ruledOut.isEmpty ? terms.forecast.wait(behind: waiting) : 0
        let begins = max(now, terms.opens).milliseconds + ahead
        guard !RetryPolicy.isWorthSending(expires, now: Timestamp(milliseconds: begins)) else { return nil }
        return Refusal(
            .queueFull, "The code would end before it could be sent.",
            retryAfter: min(max(1, Timestamp(milliseconds: begins).seconds(since: now)), 60))
    }

    /// Why a limit forbids it: the one that holds for longest.
    private func limit(_ policy: LimitPolicy, _ standing: Standing, _ counts: CountTable, _ now: Timestamp)
        throws -> Refusal?
    {
        let windows = policy.windows(standing)
        let longestWindows = Dictionary(windows.map { ($0.scope, $0.seconds) }, uniquingKeysWith: max)
        let found = try longestWindows.reduce(into: [:]) { found, longest in
            found[longest.key] = try counts.counts(
                longest.key, subject(longest.key), since: now - longest.value)
        }
        let waits = windows.compactMap { window in
            window.wait(found[window.scope] ?? [], now: now).map { (wait: $0, scope: window.scope) }
        }
        guard let longest = waits.max(by: { $0.wait < $1.wait }) else { return nil }
        let whose =
            switch longest.scope {
            case .numberClaimed, .numberProved: "to this number"
            case .prefixClaimed, .prefixProved: "to numbers like this one"
            case .firm: "for this firm"
            case .country: "to this country"
            }
        return Refusal(.tooManyCodes, "Too many codes were sent \(whose).", retryAfter: longest.wait)
    }

    /// Whether sends to its prefix go unused. Strangers and owners are judged apart, so that strangers block
    /// only strangers.
    private func guardTrips(_ standing: Standing, _ counts: CountTable, _ now: Timestamp) throws -> Bool {
        guard standing != .claimedAgain else { return false }
        let scope = standing.prefixScope
        let sent = try counts.counts(scope, prefixHash, since: now - PumpingGuard.window)
        return PumpingGuard.trips(sent, scope: scope, now: now)
    }

    /// Blocks its prefix, or writes down that it would be; false where that is known already.
    private func block(_ standing: Standing, _ mode: PumpingGuard.Mode, in db: Database, now: Timestamp)
        throws
        -> Bool
    {
        let blocks = BlockTable(db)
        if mode == .record, try blocks.has(prefixBlock.hash, now: now) { return false }
        try blocks.add(
            BlockTable.Entry(
                hash: prefixBlock.hash, sealed: prefixBlock.sealed, claimsOnly: standing == .claimed,
                reason: "Codes sent to this prefix are not used.", isRecord: mode == .record,
                until: now + PumpingGuard.blockSeconds),
            now: now)
        return true
    }

    private func subject(_ scope: CountScope) -> [UInt8] {
        switch scope {
        case .numberClaimed, .numberProved: numberHash
        case .prefixClaimed, .prefixProved: prefixHash
        case .firm: firm.bytes
        case .country: Array(country.utf8)
        }
    }
}
