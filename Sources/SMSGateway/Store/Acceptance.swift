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
    /// What a block of it may be found by. Like the next, it is seldom needed, and made when it is.
    let blockHashes: @Sendable () -> [[UInt8]]
    /// What the pumping guard would block.
    let prefixBlock: @Sendable () -> (hash: [UInt8], sealed: [UInt8])
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

/// An order, and when it came under which terms.
struct OrderAtHand: Sendable {
    let order: Order
    let terms: AcceptanceTerms
    let now: Timestamp

    /// Takes charge of orders one after the other, or says why not. All of it is one transaction, so that of any
    /// number of orders at once no more are taken than the limits allow.
    static func accept(_ all: [OrderAtHand], in db: Database) throws -> [Acceptance] {
        let ledger = SendLedger(CountTable(db))
        let answers = try all.map { try $0.order.accept($0.terms, ledger, in: db, now: $0.now) }
        try ledger.write()
        return answers
    }
}

extension Order {
    fileprivate func accept(
        _ terms: AcceptanceTerms, _ ledger: SendLedger, in db: Database, now: Timestamp
    ) throws -> Acceptance {
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
        if try BlockTable(db).blocks(blockHashes(), isClaim: standing == .claimed, now: now) {
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
        if try guardTrips(standing, ledger, now) {
            isPumping = try block(standing, mode, in: db, now: now)
            if mode == .block { return .pumping(Refusal(.blocked, field: "to")) }
        }
        if let limited = try limit(terms.policy, standing, ledger, now) { return .refused(limited) }

        if try ledger.counts(standing.prefixScope, prefixHash, now).isEmpty {
            try counts.keepPrefix(prefixHash, prefixBlock())
        }
        for scope in terms.policy.scopes(standing) { try ledger.addSent(scope, subject(scope), now) }
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
    private func limit(_ policy: LimitPolicy, _ standing: Standing, _ ledger: SendLedger, _ now: Timestamp)
        throws -> Refusal?
    {
        let waits = try policy.windows(standing).compactMap { window in
            let counts = try ledger.counts(window.scope, subject(window.scope), now)
            return window.wait(counts, now: now).map { (wait: $0, scope: window.scope) }
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
    private func guardTrips(_ standing: Standing, _ ledger: SendLedger, _ now: Timestamp) throws -> Bool {
        guard standing != .claimedAgain else { return false }
        let scope = standing.prefixScope
        return PumpingGuard.trips(try ledger.counts(scope, prefixHash, now), scope: scope, now: now)
    }

    /// Blocks its prefix, or writes down that it would be; false where that is known already.
    private func block(_ standing: Standing, _ mode: PumpingGuard.Mode, in db: Database, now: Timestamp)
        throws
        -> Bool
    {
        let blocks = BlockTable(db)
        let (hash, sealed) = prefixBlock()
        if mode == .record, try blocks.has(hash, now: now) { return false }
        try blocks.add(
            BlockTable.Entry(
                hash: hash, sealed: sealed, claimsOnly: standing == .claimed,
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
