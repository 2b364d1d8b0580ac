import Wire

/// Who may make a call by a session: the row of the permission table that each handler is registered with.
struct CallPolicy: Hashable, Sendable {
    enum Who: Hashable, Sendable {
        case anyone
        /// PROs and owners.
        case pro
        case owner
    }

    /// Which sessions that are not open reach the call.
    enum Lock: Hashable, Sendable {
        /// Only open sessions.
        case open
        /// A session that is locked in set-up too.
        case setUp
        /// Any session.
        case any
    }

    var who = Who.anyone
    var lock = Lock.open
    /// Whether it needs a proof of identity from the last ``StepUpPolicy/seconds``.
    var fresh = false

    /// Calls about oneself that a locked session has no use for.
    static let open = CallPolicy()
    /// Calls that set up a factor.
    static let settingUp = CallPolicy(lock: .setUp)
    /// Calls that prove a factor.
    static let proving = CallPolicy(lock: .any)
    /// Calls that change one's own factors.
    static let sensitive = CallPolicy(fresh: true)
    /// What a PRO may look at.
    static let pro = CallPolicy(who: .pro)
    /// What a PRO may change.
    static let proSensitive = CallPolicy(who: .pro, fresh: true)
    /// What the owner alone may change.
    static let ownerSensitive = CallPolicy(who: .owner, fresh: true)

    /// Why the call is refused; nil where it is not. A lock comes first: a locked session learns nothing about roles.
    func refusal(gate: Auth.Gate.State, role: Auth.Role, isFresh: Bool) -> Reason? {
        switch (gate, lock) {
        case (.open, _), (_, .any), (.setUp, .setUp): break
        case (.setUp, .open), (.verify, .open), (.verify, .setUp): return .locked
        }
        switch (who, role) {
        case (.anyone, _), (.pro, .pro), (.pro, .owner), (.owner, .owner): break
        case (.pro, .client): return .notAPro
        case (.owner, .client), (.owner, .pro): return .notTheOwner
        }
        return fresh && !isFresh ? .stepUp : nil
    }
}

/// How old a proof of identity may be where a call needs a fresh one.
enum StepUpPolicy {
    static let seconds = 15 * 60

    /// The second factor is what counts where there is one; the password is good enough only where there is none. A
    /// trusted device is no proof: it stands in for the factor at log-in alone.
    static func isFresh(enrolled: Bool, passwordAt: Timestamp, factorAt: Timestamp?, at now: Timestamp)
        -> Bool
    {
        switch (enrolled, factorAt) {
        case (true, let factorAt?): now < factorAt + seconds
        case (true, nil): false
        case (false, _): now < passwordAt + seconds
        }
    }
}
