import Wire

/// Whether a firm's settings require 2FA of a role at a moment.
enum RequirementPolicy {
    static func firmRequires(of role: Auth.Role, _ settings: Auth.Settings, at now: Timestamp) -> Bool {
        switch role {
        case .owner, .pro: settings.prosTwoFactorRequired
        // Until its date the toggle only announces.
        case .client: settings.twoFactorRequired && settings.enforceFrom.map { $0 <= now } ?? true
        }
    }
}

extension GateFacts {
    /// The facts of `person`; of no session in particular where `session` is nil: as at a new log-in, before any code.
    init(_ person: Person, _ settings: Auth.Settings, session: Session?, at now: Timestamp) {
        self.init(
            requiredByFirm: RequirementPolicy.firmRequires(of: person.role, settings, at: now),
            requiredByPro: person.requiredByPro, requiredBySelf: person.requiredBySelf,
            enrolled: person.factors.isEnrolled, proved: session?.isProved ?? false,
            deferred: session?.deferred ?? false, declined: person.declined)
    }
}
