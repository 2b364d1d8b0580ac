/// What PROs, owners and the host's admin users may call.
extension Auth {
    /// `auth.GetSettings`: the firm's settings, for a PRO.
    public struct GetSettings: Call {
        public static let method = "auth.GetSettings"
        public static let summary = "Gives the firm's settings."
        public static let reasons: [Reason] = [.noSession, .notAPro, .locked]

        public var session: String

        public init(session: String) {
            self.session = session
        }

        public typealias Reply = Settings
    }

    /// `auth.ListClients`: the firm's clients by name, a page at a time.
    public struct ListClients: Call {
        public static let method = "auth.ListClients"
        public static let summary = "Lists the firm's clients by name, a page at a time."
        public static let reasons: [Reason] = [.noSession, .notAPro, .locked]

        public var session: String
        /// A part of the name or the address.
        public var search: String?
        public var state: Client.State?
        /// ``Reply/next`` of the page before.
        public var cursor: String?
        /// 1 to 200; 50 where absent.
        public var limit: Int?

        public init(
            session: String, search: String? = nil, state: Client.State? = nil, cursor: String? = nil,
            limit: Int? = nil
        ) {
            self.session = session
            self.search = search
            self.state = state
            self.cursor = cursor
            self.limit = limit
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var clients: [Client]
            public var next: String?

            public init(clients: [Client], next: String? = nil) {
                self.clients = clients
                self.next = next
            }
        }
    }

    /// `auth.CountClients`: how many clients the firm has, by how far their 2FA has come. It costs the same whatever
    /// their number.
    public struct CountClients: Call {
        public static let method = "auth.CountClients"
        public static let summary = "Counts the firm's clients, by how far their 2FA has come."
        public static let reasons: [Reason] = [.noSession, .notAPro, .locked]

        public var session: String

        public init(session: String) {
            self.session = session
        }

        public struct Reply: Codable, Sendable, Hashable {
            /// All of them: the sum of the three states.
            public var clients: Int
            public var active: Int
            public var pending: Int
            public var off: Int
            /// Those with a factor, whether anybody requires one of them or not.
            public var enrolled: Int

            public init(clients: Int, active: Int, pending: Int, off: Int, enrolled: Int) {
                self.clients = clients
                self.active = active
                self.pending = pending
                self.off = off
                self.enrolled = enrolled
            }
        }
    }

    /// `auth.GetClient`: one client of the PRO's firm.
    public struct GetClient: Call {
        public static let method = "auth.GetClient"
        public static let summary = "Gives one client of the firm."
        public static let reasons: [Reason] = [.noSession, .notAPro, .noSuchClient, .locked]

        public var session: String
        public var client: ID

        public init(session: String, client: ID) {
            self.session = session
            self.client = client
        }

        public typealias Reply = Client
    }

    /// `auth.OverrideTwoFactor`: the support override. The client's factors end, its open sessions go on, and it is
    /// prompted to set up 2FA at the next login; the firm's setting stays as it is. The owner may also name a PRO.
    public struct OverrideTwoFactor: Call {
        public static let method = "auth.OverrideTwoFactor"
        public static let summary =
            "Disables 2FA for one client who is stuck; the client is prompted to set it up at the next login."
        public static let reasons: [Reason] = [
            .noSession, .notAPro, .noSuchClient, .reasonMissing, .stepUp, .locked,
        ]

        public var session: String
        public var client: ID
        public var reason: String
        /// How the PRO made sure who the client is.
        public var identifiedBy: String?

        public init(session: String, client: ID, reason: String, identifiedBy: String? = nil) {
            self.session = session
            self.client = client
            self.reason = reason
            self.identifiedBy = identifiedBy
        }

        public typealias Reply = Client
    }

    /// `auth.RequireTwoFactor`: requires 2FA of one client, or no longer.
    public struct RequireTwoFactor: Call {
        public static let method = "auth.RequireTwoFactor"
        public static let summary =
            "Requires 2FA of one client, whatever the firm's setting, or no longer does."
        public static let reasons: [Reason] = [.noSession, .notAPro, .noSuchClient, .stepUp, .locked]

        public var session: String
        public var client: ID
        public var required: Bool

        public init(session: String, client: ID, required: Bool) {
            self.session = session
            self.client = client
            self.required = required
        }

        public typealias Reply = Client
    }

    /// `auth.UnlockClient`: ends a client's lockout.
    public struct UnlockClient: Call {
        public static let method = "auth.UnlockClient"
        public static let summary = "Ends a client's lockout."
        public static let reasons: [Reason] = [.noSession, .notAPro, .noSuchClient, .stepUp, .locked]

        public var session: String
        public var client: ID

        public init(session: String, client: ID) {
            self.session = session
            self.client = client
        }

        public typealias Reply = Client
    }

    /// `auth.InvitePro`: the owner invites a PRO.
    public struct InvitePro: Call {
        public static let method = "auth.InvitePro"
        public static let summary = "Invites a PRO to the firm."
        public static let reasons: [Reason] = [.noSession, .notTheOwner, .emailTaken, .stepUp, .locked]

        public var session: String
        public var name: String
        public var email: String

        public init(session: String, name: String, email: String) {
            self.session = session
            self.name = name
            self.email = email
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var pro: ID
            /// A one-time token, for a link.
            public var invitation: String
            public var expires: Timestamp

            public init(pro: ID, invitation: String, expires: Timestamp) {
                self.pro = pro
                self.invitation = invitation
                self.expires = expires
            }
        }
    }

    /// `auth.ListPros`: the firm's PROs, the owner among them.
    public struct ListPros: Call {
        public static let method = "auth.ListPros"
        public static let summary = "Lists the firm's PROs."
        public static let reasons: [Reason] = [.noSession, .notAPro, .locked]

        public var session: String

        public init(session: String) {
            self.session = session
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var pros: [Pro]

            public init(pros: [Pro]) {
                self.pros = pros
            }
        }
    }

    /// A PRO, as ``ListPros`` gives it.
    public struct Pro: Codable, Sendable, Hashable {
        public var id: ID
        public var role: Role
        public var name: String
        public var email: String
        /// Enrolled factors.
        public var methods: [FactorMethod]
        /// Whether the invitation is still to be accepted.
        public var invited: Bool
        public var lastLogIn: Timestamp?

        public init(
            id: ID, role: Role, name: String, email: String, methods: [FactorMethod], invited: Bool,
            lastLogIn: Timestamp? = nil
        ) {
            self.id = id
            self.role = role
            self.name = name
            self.email = email
            self.methods = methods
            self.invited = invited
            self.lastLogIn = lastLogIn
        }
    }

    /// `auth.RemovePro`: the PRO's sessions end with it.
    public struct RemovePro: Call {
        public static let method = "auth.RemovePro"
        public static let summary = "Removes a PRO from the firm; its sessions end."
        public static let reasons: [Reason] = [.noSession, .notTheOwner, .noSuchPro, .stepUp, .locked]

        public var session: String
        public var pro: ID

        public init(session: String, pro: ID) {
            self.session = session
            self.pro = pro
        }

        public typealias Reply = Nothing
    }

    /// `auth.ListActivity`: what happened, newest first; a client sees only what concerns itself.
    public struct ListActivity: Call {
        public static let method = "auth.ListActivity"
        public static let summary = "Lists what happened, newest first; a client sees only its own."
        public static let reasons: [Reason] = [.noSession, .noSuchClient, .locked]

        public var session: String
        public var client: ID?
        public var cursor: String?
        /// 1 to 200; 50 where absent.
        public var limit: Int?

        public init(session: String, client: ID? = nil, cursor: String? = nil, limit: Int? = nil) {
            self.session = session
            self.client = client
            self.cursor = cursor
            self.limit = limit
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var events: [Event]
            public var next: String?

            public init(events: [Event], next: String? = nil) {
                self.events = events
                self.next = next
            }
        }
    }

    /// One entry of the firm's audit log.
    public struct Event: Codable, Sendable, Hashable {
        public var at: Timestamp
        public var actor: EventActor
        /// Such as `two_factor.overridden`.
        public var event: String
        /// Whom it concerns.
        public var client: ID?
        public var detail: [String: String]

        public init(
            at: Timestamp, actor: EventActor, event: String, client: ID? = nil, detail: [String: String]
        ) {
            self.at = at
            self.actor = actor
            self.event = event
            self.client = client
            self.detail = detail
        }
    }

    /// Who did something: a person of the firm, or `system` or `admin`, a user of the host.
    public struct EventActor: Codable, Sendable, Hashable {
        public var id: ID?
        public var role: String
        public var name: String

        public init(id: ID? = nil, role: String, name: String) {
            self.id = id
            self.role = role
            self.name = name
        }
    }

    /// `auth.InviteClient`: a one-time token for a link, by which a new client chooses a password, or, with `reset`, one
    /// that the firm has already chooses another.
    public struct InviteClient: Call {
        public static let method = "auth.InviteClient"
        public static let summary =
            "Invites a client, or lets one choose a new password: a one-time token for a link."
        public static let reasons: [Reason] = [
            .noSession, .notAPro, .emailTaken, .noSuchClient, .stepUp, .locked,
        ]

        public var session: String
        public var name: String
        public var email: String
        /// Whether the address is a client's already, who is to choose a new password.
        public var reset: Bool?

        public init(session: String, name: String, email: String, reset: Bool? = nil) {
            self.session = session
            self.name = name
            self.email = email
            self.reset = reset
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var client: ID
            public var invitation: String
            public var expires: Timestamp

            public init(client: ID, invitation: String, expires: Timestamp) {
                self.client = client
                self.invitation = invitation
                self.expires = expires
            }
        }
    }

    /// `auth.AcceptInvitation`: chooses the password and logs in.
    public struct AcceptInvitation: Call {
        public static let method = "auth.AcceptInvitation"
        public static let summary = "Chooses a password by an invitation, and logs in."
        public static let reasons: [Reason] = [
            .noSuchInvitation, .invitationExpired, .weakPassword, .tooManyAttempts,
        ]

        public var firm: String
        public var invitation: String
        public var password: String

        public init(firm: String, invitation: String, password: String) {
            self.firm = firm
            self.invitation = invitation
            self.password = password
        }

        public typealias Reply = LogIn.Reply
    }

    /// `auth.CreateFirm`: admin users of the host only.
    public struct CreateFirm: Call {
        public static let method = "auth.CreateFirm"
        public static let summary = "Creates a firm with its owner; admin users of the host only."
        public static let reasons: [Reason] = [.notAnAdmin, .slugTaken, .weakPassword]

        /// 1 to 63 of a-z, 0-9 and `-`, for URLs and log-ins.
        public var slug: String
        public var name: String
        public var owner: Owner

        public init(slug: String, name: String, owner: Owner) {
            self.slug = slug
            self.name = name
            self.owner = owner
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var firm: ID
            public var owner: ID

            public init(firm: ID, owner: ID) {
                self.firm = firm
                self.owner = owner
            }
        }
    }

    /// The first PRO of a new firm.
    public struct Owner: Codable, Sendable, Hashable {
        public var name: String
        public var email: String
        public var password: String

        public init(name: String, email: String, password: String) {
            self.name = name
            self.email = email
            self.password = password
        }
    }

    /// `auth.CreateClient`: admin users of the host only.
    public struct CreateClient: Call {
        public static let method = "auth.CreateClient"
        public static let summary = "Creates a client with a password; admin users of the host only."
        public static let reasons: [Reason] = [.notAnAdmin, .noSuchFirm, .emailTaken, .weakPassword]

        public var firm: String
        public var name: String
        public var email: String
        public var password: String

        public init(firm: String, name: String, email: String, password: String) {
            self.firm = firm
            self.name = name
            self.email = email
            self.password = password
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var client: ID

            public init(client: ID) {
                self.client = client
            }
        }
    }

    /// `auth.OverrideOwner`: the support override for a firm's owner, whom nobody in the firm can help; admin users of
    /// the host only.
    public struct OverrideOwner: Call {
        public static let method = "auth.OverrideOwner"
        public static let summary =
            "Disables 2FA for a firm's owner who is stuck; admin users of the host only."
        public static let reasons: [Reason] = [.notAnAdmin, .noSuchFirm, .reasonMissing]

        public var firm: String
        public var reason: String
        public var identifiedBy: String?

        public init(firm: String, reason: String, identifiedBy: String? = nil) {
            self.firm = firm
            self.reason = reason
            self.identifiedBy = identifiedBy
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var owner: ID

            public init(owner: ID) {
                self.owner = owner
            }
        }
    }

    /// `auth.Explain`: the gate's decision for one person, and the rule that made it; admin users of the host only.
    public struct Explain: Call {
        public static let method = "auth.Explain"
        public static let summary =
            "Tells what the gate decides for a person at the next login, and why; admin users of the host only."
        public static let reasons: [Reason] = [.notAnAdmin, .noSuchFirm, .noSuchClient]

        public var firm: String
        public var email: String

        public init(firm: String, email: String) {
            self.firm = firm
            self.email = email
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var client: ID
            /// As at a new login, before any code.
            public var gate: Gate
            /// The row of the gate's table, as a sentence.
            public var rule: String
            /// What the rule was decided on.
            public var facts: [String: String]

            public init(client: ID, gate: Gate, rule: String, facts: [String: String]) {
                self.client = client
                self.gate = gate
                self.rule = rule
                self.facts = facts
            }
        }
    }

    /// `auth.VerifyAudit`: walks the hash chain of a firm's audit log; admin users of the host only.
    public struct VerifyAudit: Call {
        public static let method = "auth.VerifyAudit"
        public static let summary =
            "Checks the hash chain of a firm's audit log; admin users of the host only."
        public static let reasons: [Reason] = [.notAnAdmin, .noSuchFirm]

        public var firm: String

        public init(firm: String) {
            self.firm = firm
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var intact: Bool
            /// How many events were checked.
            public var events: Int
            /// The hash of the last event, in hexadecimal.
            public var head: String
            /// The number of the first event that does not fit.
            public var firstBad: Int?
            /// What does not fit, as a sentence.
            public var problem: String?

            public init(
                intact: Bool, events: Int, head: String, firstBad: Int? = nil, problem: String? = nil
            ) {
                self.intact = intact
                self.events = events
                self.head = head
                self.firstBad = firstBad
                self.problem = problem
            }
        }
    }

    /// `auth.ExportAudit`: a firm's audit log with its hashes, a page at a time; admin users of the host only.
    public struct ExportAudit: Call {
        public static let method = "auth.ExportAudit"
        public static let summary =
            "Gives a firm's audit log with the hashes that chain it, oldest first; admin users of the host only."
        public static let reasons: [Reason] = [.notAnAdmin, .noSuchFirm]

        /// The firm's slug.
        public var firm: String
        /// The number of the last event that the caller has; absent: from the first on.
        public var after: Int?

        public init(firm: String, after: Int? = nil) {
            self.firm = firm
            self.after = after
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var firm: ID
            /// None where there are no more.
            public var events: [ChainedEvent]

            public init(firm: ID, events: [ChainedEvent]) {
                self.firm = firm
                self.events = events
            }
        }
    }

    /// An event of the audit log as it is chained.
    public struct ChainedEvent: Codable, Sendable, Hashable {
        /// 1 for the firm's first.
        public var number: Int
        public var at: Timestamp
        public var actor: EventActor
        public var event: String
        public var client: ID?
        public var detail: [String: String]
        /// The hash of the event before, in hexadecimal; of the first, the SHA-256 of the firm's id.
        public var previous: String
        /// SHA-256 over all the other fields and the firm's id, in hexadecimal.
        public var hash: String

        public init(
            number: Int, at: Timestamp, actor: EventActor, event: String, client: ID?,
            detail: [String: String], previous: String, hash: String
        ) {
            self.number = number
            self.at = at
            self.actor = actor
            self.event = event
            self.client = client
            self.detail = detail
            self.previous = previous
            self.hash = hash
        }
    }

    /// `auth.ListFirms`: admin users of the host only.
    public struct ListFirms: Call {
        public static let method = "auth.ListFirms"
        public static let summary = "Lists the firms by slug, a page at a time; admin users of the host only."
        public static let reasons: [Reason] = [.notAnAdmin]

        /// The slug of the last firm that the caller has; absent: from the first on.
        public var after: String?

        public init(after: String? = nil) { self.after = after }

        public struct Reply: Codable, Sendable, Hashable {
            /// 500 at most; none where there are no more.
            public var firms: [FirmEntry]

            public init(firms: [FirmEntry]) { self.firms = firms }
        }
    }

    /// A firm, as the host's admins see it.
    public struct FirmEntry: Codable, Sendable, Hashable {
        public var id: ID
        public var slug: String
        public var name: String
        public var created: Timestamp

        public init(id: ID, slug: String, name: String, created: Timestamp) {
            self.id = id
            self.slug = slug
            self.name = name
            self.created = created
        }
    }

    /// `auth.UpdateSettings`: changes what it names and leaves the rest. It takes effect with the next ``Authorize``, for
    /// open sessions too.
    public struct UpdateSettings: Call {
        public static let method = "auth.UpdateSettings"
        public static let summary = "Changes the firm's settings, from the version that the caller has seen."
        public static let reasons: [Reason] = [
            .noSession, .notAPro, .changedMeanwhile, .stepUp, .locked,
        ]

        public var session: String
        /// ``Settings/version`` of the settings that the change was made from.
        public var version: Int
        public var twoFactorRequired: Bool?
        /// Absent: as it was. Null: at once.
        public var enforceFrom: Timestamp??
        public var prosTwoFactorRequired: Bool?
        /// 0 to 90; 0 trusts no device.
        public var trustedDeviceDays: Int?
        /// 5 to 60.
        public var idleMinutes: Int?

        public init(
            session: String, version: Int, twoFactorRequired: Bool? = nil, enforceFrom: Timestamp?? = nil,
            prosTwoFactorRequired: Bool? = nil, trustedDeviceDays: Int? = nil, idleMinutes: Int? = nil
        ) {
            self.session = session
            self.version = version
            self.twoFactorRequired = twoFactorRequired
            self.enforceFrom = enforceFrom
            self.prosTwoFactorRequired = prosTwoFactorRequired
            self.trustedDeviceDays = trustedDeviceDays
            self.idleMinutes = idleMinutes
        }

        public typealias Reply = Settings

        private enum CodingKeys: CodingKey {
            case session, version, twoFactorRequired, enforceFrom, prosTwoFactorRequired, trustedDeviceDays,
                idleMinutes
        }

        public init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            session = try values.decode(String.self, forKey: .session)
            version = try values.decode(Int.self, forKey: .version)
            twoFactorRequired = try values.decodeIfPresent(Bool.self, forKey: .twoFactorRequired)
            let announced = try values.decodeIfPresent(Timestamp.self, forKey: .enforceFrom)
            enforceFrom = values.contains(.enforceFrom) ? .some(announced) : nil
            prosTwoFactorRequired = try values.decodeIfPresent(Bool.self, forKey: .prosTwoFactorRequired)
            trustedDeviceDays = try values.decodeIfPresent(Int.self, forKey: .trustedDeviceDays)
            idleMinutes = try values.decodeIfPresent(Int.self, forKey: .idleMinutes)
        }

        public func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(session, forKey: .session)
            try values.encode(version, forKey: .version)
            try values.encodeIfPresent(twoFactorRequired, forKey: .twoFactorRequired)
            if let enforceFrom { try values.encode(enforceFrom, forKey: .enforceFrom) }
            try values.encodeIfPresent(prosTwoFactorRequired, forKey: .prosTwoFactorRequired)
            try values.encodeIfPresent(trustedDeviceDays, forKey: .trustedDeviceDays)
            try values.encodeIfPresent(idleMinutes, forKey: .idleMinutes)
        }
    }
}
