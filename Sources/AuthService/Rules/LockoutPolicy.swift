import Wire

/// When a password may be tried again after wrong ones.
///
/// Tries are counted before the password is looked at, so that many at once get no more than one after the other, and
/// apart for each ``Budget``: what strangers use up is not the owner's, who comes from a device or an address that the
/// account is known by (OWASP's "device cookies").
enum LockoutPolicy {
    /// What tries are counted against.
    enum Budget: UInt8, CaseIterable, Sendable {
        /// An account, from a trusted device or an address that it was entered from before.
        case known = 1
        /// An account, from one address that it was never entered from.
        case stranger = 2
        /// An account, from all such addresses together.
        case strangers = 3
        /// An address, whatever the account: one password tried on many people.
        case address = 4
        /// A person in a session, who is asked for the password again.
        case session = 5

        /// Wrong tries that are free of waiting.
        var free: Int {
            switch self {
            case .known, .stranger, .session: 10
            case .strangers: 50
            case .address: 100
            }
        }
    }

    /// Tries in a row that failed, or are still being checked.
    struct Count: Hashable, Sendable {
        var tries: Int
        var last: Timestamp
    }

    static let firstWait = 30
    static let longestWait = 60 * 60
    /// Seconds after the last try when a count is forgotten; the waits are all over by then.
    static let memory = 24 * 60 * 60

    /// How long an account knows an address that it was entered from.
    static let addressMemory = 90 * 24 * 60 * 60
    /// Addresses that an account knows at a time.
    static let knownAddresses = 20

    /// Seconds until the next try is taken; 0: now.
    static func wait(_ count: Count?, _ budget: Budget, at now: Timestamp) -> Int {
        guard let count, now < count.last + memory, count.tries >= budget.free else { return 0 }
        return max(0, (count.last + length(count.tries - budget.free)).seconds(since: now))
    }

    /// When the wait after the last try ends; nil where there is none.
    static func lockedUntil(_ count: Count, _ budget: Budget, at now: Timestamp) -> Timestamp? {
        let wait = wait(count, budget, at: now)
        return wait > 0 ? count.last + length(count.tries - budget.free) : nil
    }

    /// The count with one more try. One that was forgotten begins anew.
    static func counting(_ count: Count?, at now: Timestamp) -> Count {
        guard let count, now < count.last + memory else { return Count(tries: 1, last: now) }
        return Count(tries: count.tries + 1, last: now)
    }

    /// Each further try doubles the wait.
    private static func length(_ over: Int) -> Int {
        over >= 7 ? longestWait : min(longestWait, firstWait << over)
    }
}
