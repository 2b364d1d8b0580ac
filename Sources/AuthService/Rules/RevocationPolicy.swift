import Wire

/// What becomes of a person's sessions when a PRO overrides.
enum RevocationPolicy {
    enum Fate: Hashable, Sendable {
        case ends
        /// Goes on unlocked, without any proof of the factors that are void now, with set-up put off to the next log-in.
        case goesOn
    }

    /// Whoever holds a session that still owes a code has shown no more than the password: it ends.
    static func afterOverride(_ gate: Auth.Gate.State) -> Fate {
        switch gate {
        case .verify: .ends
        case .open, .setUp: .goesOn
        }
    }
}
