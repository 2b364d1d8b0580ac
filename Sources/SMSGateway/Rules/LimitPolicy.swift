import Wire

/// How many codes may be sent, as the operator set it. Read again on SIGHUP.
struct SendLimits: Sendable, Equatable {
    var numberPerTenMinutes = 3
    var numberPerHour = 5
    var numberPerDay = 10
    /// Codes to unproved numbers of one prefix (a number less four digits) that were sent and not used.
    var prefixPerHour = 5
    var firmPerDay = 1_000
    var countryPerDay = 20_000
    /// ISO 3166 codes of the countries whose numbers codes are sent to.
    var countries: Set<String> = ["US", "CA"]
    var pumping = PumpingGuard.Mode.block
}

/// What is known of who asks for a code, which decides what is counted against what.
///
/// The counters of the owners are apart from those of strangers, who can only ever begin a set-up: whatever a
/// stranger asks for, it does not lock the owner out.
enum Standing: CaseIterable, Sendable {
    /// Set-up, with a number that nobody has proved to be theirs.
    case claimed
    /// Set-up, with a number that somebody has proved: the owner again, or a stranger.
    case claimedAgain
    /// A code for the owner, to a number that was set up.
    case proved

    init(_ purpose: Purpose, isProvedNumber: Bool) {
        switch purpose {
        case .setUp: self = isProvedNumber ? .claimedAgain : .claimed
        case .verify, .stepUp: self = .proved
        }
    }

    var numberScope: CountScope { self == .proved ? .numberProved : .numberClaimed }
    var prefixScope: CountScope { self == .proved ? .prefixProved : .prefixClaimed }
}

/// What sends are counted by.
enum CountScope: String, CaseIterable, Sendable {
    case numberClaimed, numberProved, prefixClaimed, prefixProved, firm, country

    /// Seconds that are counted together: the finer, the more rows; the coarser, the longer a send counts
    /// beyond its window.
    var bucket: Int {
        switch self {
        case .numberClaimed, .numberProved, .prefixClaimed, .prefixProved: 60
        case .firm, .country: 900
        }
    }

    /// Seconds for which a send may matter to a limit or to the pumping guard.
    var memory: Int {
        switch self {
        case .numberClaimed, .numberProved, .firm, .country: 86_400
        case .prefixClaimed, .prefixProved: 3_600
        }
    }

    /// The beginning of the bucket that `now` falls into, in seconds since 1970.
    func bucket(at now: Timestamp) -> Int64 {
        let seconds = now.milliseconds / 1_000
        return seconds - seconds % Int64(bucket)
    }
}

/// The sends of one bucket.
struct Count: Sendable, Equatable {
    /// Seconds since 1970.
    var begins: Int64
    var sent: Int
    /// Codes of these sends that were used.
    var verified: Int
}

/// A limit: so many sends of one scope in so many seconds.
struct SendWindow: Sendable, Equatable {
    let scope: CountScope
    let seconds: Int
    let limit: Int
    /// Whether a code that was used no longer counts.
    var forgivesVerified = false

    /// Seconds after which one more is allowed; nil where it is now.
    ///
    /// A bucket counts until its last moment has left the window, so a limit is never exceeded, and holds for
    /// up to one bucket longer.
    func wait(_ counts: [Count], now: Timestamp) -> Int? {
        guard limit > 0 else { return seconds }
        let second = now.milliseconds / 1_000
        let within = counts.filter { leaves($0) > second }.sorted { $0.begins < $1.begins }
        var total = within.reduce(0) { $0 + weight($1) }
        guard total >= limit else { return nil }
        for count in within {
            total -= weight(count)
            if total < limit { return Int(leaves(count) - second) }
        }
        return seconds
    }

    private func leaves(_ count: Count) -> Int64 { count.begins + Int64(scope.bucket + seconds) }

    private func weight(_ count: Count) -> Int {
        forgivesVerified ? max(0, count.sent - count.verified) : count.sent
    }
}

/// Which limits hold for a code.
struct LimitPolicy: Sendable {
    let limits: SendLimits

    /// The windows that a send of this standing must fit into.
    func windows(_ standing: Standing) -> [SendWindow] {
        let number = standing.numberScope
        var windows = [
            SendWindow(scope: number, seconds: 600, limit: limits.numberPerTenMinutes),
            SendWindow(scope: number, seconds: 3_600, limit: limits.numberPerHour),
            SendWindow(scope: number, seconds: 86_400, limit: limits.numberPerDay),
            SendWindow(scope: .firm, seconds: 86_400, limit: limits.firmPerDay),
            SendWindow(scope: .country, seconds: 86_400, limit: limits.countryPerDay),
        ]
        // A number once proved is not held up by what strangers claim of its neighbours.
        if standing == .claimed {
            windows.append(
                SendWindow(
                    scope: .prefixClaimed, seconds: 3_600, limit: limits.prefixPerHour, forgivesVerified: true
                ))
        }
        return windows
    }

    /// What a send of this standing is counted by.
    func scopes(_ standing: Standing) -> [CountScope] {
        [standing.numberScope, standing.prefixScope, .firm, .country]
    }
}
