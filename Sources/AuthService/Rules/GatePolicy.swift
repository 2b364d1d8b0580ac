import Wire

/// What the gate decides from. Nothing else can have a say.
struct GateFacts: Hashable, Sendable {
    /// The firm requires it of everybody in this role, from now on or since earlier.
    var requiredByFirm = false
    /// A PRO requires it of this person.
    var requiredByPro = false
    /// The person chose it.
    var requiredBySelf = false
    /// A factor is confirmed; a half-done set-up is none.
    var enrolled = false
    /// The second factor was proved in this session, or a trusted device stands in for it.
    var proved = false
    /// The session was alive when a PRO overrode.
    var deferred = false
    /// The person said "not now" to the offer since the last override.
    var declined = false
}

/// The gate: what a session may reach, decided by one table (docs/architecture.md has it in words).
enum GatePolicy {
    /// A row of the table.
    enum Rule: CaseIterable, Sendable {
        case setUp, deferred, proved, verify, notRequired, dormant
    }

    struct Decision: Hashable, Sendable {
        var rule: Rule
        var requiredBy: Auth.Requirer?
        /// Set-up is put off to the next log-in.
        var deferred: Bool
        /// Set-up is offered though nobody requires it; the session carries the offer until it is declined.
        var offer: Bool

        var required: Bool { requiredBy != nil }
        var state: Auth.Gate.State { rule.state }
    }

    static func decide(_ facts: GateFacts) -> Decision {
        let requirer = requirer(facts)
        let rule: Rule =
            switch (required: requirer != nil, enrolled: facts.enrolled, facts.deferred, facts.proved) {
            case (required: true, enrolled: false, false, _): .setUp
            case (required: true, enrolled: false, true, _): .deferred
            case (required: true, enrolled: true, _, true): .proved
            case (required: true, enrolled: true, _, false): .verify
            case (required: false, enrolled: false, _, _): .notRequired
            case (required: false, enrolled: true, _, _): .dormant
            }
        return Decision(
            rule: rule, requiredBy: requirer, deferred: facts.deferred && !facts.enrolled,
            offer: rule == .notRequired && !facts.deferred && !facts.declined)
    }

    /// Who requires 2FA, the one first whom a person can do least about.
    private static func requirer(_ facts: GateFacts) -> Auth.Requirer? {
        switch (facts.requiredByFirm, facts.requiredByPro, facts.requiredBySelf) {
        case (true, _, _): .firm
        case (false, true, _): .pro
        case (false, false, true): .person
        case (false, false, false): nil
        }
    }
}

extension GatePolicy.Rule {
    var state: Auth.Gate.State {
        switch self {
        case .setUp: .setUp
        case .verify: .verify
        case .deferred, .proved, .notRequired, .dormant: .open
        }
    }

    /// The row in words, for whoever asks why.
    var sentence: String {
        switch self {
        case .setUp: "2FA is required and no factor is set up: every page is locked until one is."
        case .deferred:
            "2FA is required and no factor is set up, but a PRO overrode while the session was open: set-up comes at the next log-in."
        case .proved:
            "2FA is required, and the second factor was proved in this session or the device is trusted."
        case .verify: "2FA is required and a factor is set up: every page is locked until it is proved."
        case .notRequired: "2FA is not required and no factor is set up: every page is open."
        case .dormant: "2FA is not required: the factor that is set up is not asked for."
        }
    }
}
