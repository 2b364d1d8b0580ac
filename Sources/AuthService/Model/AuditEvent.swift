import Cryptography
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

/// An event as it stands in the log: the links of one chain for each firm.
struct AuditRecord: Hashable, Sendable {
    let firm: ID
    /// 1 for the firm's first.
    let number: Int
    let at: Timestamp
    let actor: Auth.EventActor
    /// The name of an ``EventKind``; one that a later version wrote is kept as it is.
    let event: String
    let person: ID?
    let detail: [String: String]
    /// The hash of the event before; ``AuditChain/start(of:)`` for the first.
    let previous: Digest
    let hash: Digest

    /// What ``hash`` must be.
    var computedHash: Digest {
        AuditChain.hash(
            firm: firm, number: number, at: at, actor: actor, event: event, person: person, detail: detail,
            previous: previous)
    }
}

/// How the events of a firm are chained: each holds the hash of the one before, over all its fields.
enum AuditChain {
    /// What stands in the place of a hash before the first event.
    static func start(of firm: ID) -> Digest { SHA256.digest(firm.bytes) }

    /// SHA-256 over every field, each before its length, in this order; numbers are 8 big-endian bytes, an absent text or id
    /// is one byte 0 and a present one follows a byte 1, the details stand in the order of their names.
    static func hash(
        firm: ID, number: Int, at: Timestamp, actor: Auth.EventActor, event: String, person: ID?,
        detail: [String: String], previous: Digest
    ) -> Digest {
        var hash = SHA256()
        hash.update("clienthub audit 1\n")
        hash.update(firm.bytes)
        add(Int64(number), to: &hash)
        add(at.milliseconds, to: &hash)
        add(actor.id, to: &hash)
        for text in [actor.role, actor.name, event] { add(text, to: &hash) }
        add(person, to: &hash)
        add(Int64(detail.count), to: &hash)
        for (name, value) in detail.sorted(by: { $0.key < $1.key }) {
            add(name, to: &hash)
            add(value, to: &hash)
        }
        hash.update(previous.bytes)
        return hash.finish()
    }

    private static func add(_ number: Int64, to hash: inout SHA256) {
        hash.update((0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) })
    }

    private static func add(_ text: String, to hash: inout SHA256) {
        add(Int64(text.utf8.count), to: &hash)
        hash.update(text)
    }

    private static func add(_ id: ID?, to hash: inout SHA256) {
        hash.update(id.map { [1] + $0.bytes } ?? [0])
    }
}
