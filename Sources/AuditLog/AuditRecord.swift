public import Cryptography
public import Wire

/// An event as it stands in the log: the links of one chain for each firm.
public struct AuditRecord: Hashable, Sendable {
    public let firm: ID
    /// 1 for the firm's first.
    public let number: Int
    public let at: Timestamp
    public let actor: Auth.EventActor
    /// What happened, by its name; one that a later version wrote is kept as it is.
    public let event: String
    public let person: ID?
    public let detail: [String: String]
    /// The hash of the event before; ``AuditChain/start(of:)`` for the first.
    public let previous: Digest
    public let hash: Digest

    public init(
        firm: ID, number: Int, at: Timestamp, actor: Auth.EventActor, event: String, person: ID?,
        detail: [String: String], previous: Digest, hash: Digest
    ) {
        self.firm = firm
        self.number = number
        self.at = at
        self.actor = actor
        self.event = event
        self.person = person
        self.detail = detail
        self.previous = previous
        self.hash = hash
    }

    /// What ``hash`` must be.
    public var computedHash: Digest {
        AuditChain.hash(
            firm: firm, number: number, at: at, actor: actor, event: event, person: person, detail: detail,
            previous: previous)
    }
}
