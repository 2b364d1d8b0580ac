import Wire

/// What happened, by its name in the audit log. Names are stable for ever.
enum EventKind: String, CaseIterable, Sendable {
    case logInSucceeded = "log_in.succeeded"
    case logInFailed = "log_in.failed"
    case logInLocked = "log_in.locked"
    case loggedOut = "log_out"
    case sessionEnded = "session.ended"
    case deviceTrusted = "device.trusted"
    case deviceEnded = "device.ended"
    case passwordChanged = "password.changed"
    case passwordWrong = "password.wrong"
    case factorSetUp = "two_factor.set_up"
    case factorRemoved = "two_factor.removed"
    case verified = "two_factor.verified"
    case verifyFailed = "two_factor.failed"
    case codesLocked = "two_factor.locked"
    case offerDeclined = "two_factor.declined"
    case recoveryCodesMade = "two_factor.recovery_codes"
    case overridden = "two_factor.overridden"
    case wiped = "two_factor.wiped"
    case requirementChanged = "two_factor.requirement"
    case steppedUp = "step_up"
    case settingsChanged = "settings.changed"
    case clientUnlocked = "client.unlocked"
    case clientInvited = "client.invited"
    case clientCreated = "client.created"
    case proInvited = "pro.invited"
    case proRemoved = "pro.removed"
    case invitationAccepted = "invitation.accepted"
    case firmCreated = "firm.created"
}

/// An event on its way into a firm's audit log.
struct AuditEvent: Sendable {
    var firm: ID
    var at: Timestamp
    var actor: Auth.EventActor
    var kind: EventKind
    /// Whom it concerns; the person who did it where nobody else is.
    var person: ID?
    /// Never a secret, a code or a full number.
    var detail: [String: String] = [:]
}

extension Auth.EventActor {
    init(_ person: Person) { self.init(id: person.id, role: person.role.rawValue, name: person.name) }

    /// AuthService itself.
    static let system = Auth.EventActor(role: "system", name: "AuthService")
    /// A user of the host.
    static func admin(_ user: UInt32) -> Auth.EventActor {
        Auth.EventActor(role: "admin", name: "uid \(user)")
    }
}
