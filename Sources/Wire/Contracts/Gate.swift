extension Auth {
    /// What a session may reach, and why.
    public struct Gate: Codable, Sendable, Hashable {
        public var state: State
        /// Whether 2FA is required of this person now.
        public var required: Bool
        /// Who requires it; null where nobody does.
        public var requiredBy: Requirer?
        /// Enrolled factors; `recovery` while recovery codes are left.
        public var methods: [FactorMethod]
        /// Where text messages go to, masked.
        public var phone: String?
        /// Whether set-up was put off to the next login by a support override.
        public var deferred: Bool
        /// Whether set-up is offered though it is not required.
        public var offer: Bool

        public init(
            state: State, required: Bool, requiredBy: Requirer?, methods: [FactorMethod],
            phone: String? = nil,
            deferred: Bool, offer: Bool
        ) {
            self.state = state
            self.required = required
            self.requiredBy = requiredBy
            self.methods = methods
            self.phone = phone
            self.deferred = deferred
            self.offer = offer
        }

        public enum State: String, Word {
            /// Every page may be opened.
            case open
            /// Every page is locked until a factor is set up.
            case setUp
            /// Every page is locked until the factor is proved.
            case verify
        }

        private enum CodingKeys: CodingKey {
            case state, required, requiredBy, methods, phone, deferred, offer
        }

        public func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(state, forKey: .state)
            try values.encode(required, forKey: .required)
            try values.encode(requiredBy, forKey: .requiredBy)
            try values.encode(methods, forKey: .methods)
            try values.encodeIfPresent(phone, forKey: .phone)
            try values.encode(deferred, forKey: .deferred)
            try values.encode(offer, forKey: .offer)
        }
    }

    /// Who requires 2FA of a person.
    public enum Requirer: String, Word {
        case firm, pro
        case person = "self"
    }

    /// What a front end does with a request for a page.
    public enum Decision: String, Word {
        case allow, setUp, verify, logIn, stepUp, forbid
    }

    public enum Role: String, Word {
        case owner, pro, client
    }

    /// Who a session belongs to.
    public struct Actor: Codable, Sendable, Hashable {
        public var id: ID
        public var role: Role
        public var name: String
        public var email: String
        /// The firm's slug.
        public var firm: String

        public init(id: ID, role: Role, name: String, email: String, firm: String) {
            self.id = id
            self.role = role
            self.name = name
            self.email = email
            self.firm = firm
        }
    }

    /// A firm's settings, as Settings > Client Hub Settings shows them.
    public struct Settings: Codable, Sendable, Hashable {
        /// The global toggle: whether 2FA is required of all clients.
        public var twoFactorRequired: Bool
        /// A date to announce until, and to lock from; null: at once.
        public var enforceFrom: Timestamp?
        public var prosTwoFactorRequired: Bool
        /// How many days a trusted device is not asked again; 0 trusts none.
        public var trustedDeviceDays: Int
        /// How long a session may be idle.
        public var idleMinutes: Int
        /// Grows by one with each change.
        public var version: Int

        public init(
            twoFactorRequired: Bool, enforceFrom: Timestamp?, prosTwoFactorRequired: Bool,
            trustedDeviceDays: Int,
            idleMinutes: Int, version: Int
        ) {
            self.twoFactorRequired = twoFactorRequired
            self.enforceFrom = enforceFrom
            self.prosTwoFactorRequired = prosTwoFactorRequired
            self.trustedDeviceDays = trustedDeviceDays
            self.idleMinutes = idleMinutes
            self.version = version
        }

        private enum CodingKeys: CodingKey {
            case twoFactorRequired, enforceFrom, prosTwoFactorRequired, trustedDeviceDays, idleMinutes,
                version
        }

        public func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(twoFactorRequired, forKey: .twoFactorRequired)
            try values.encode(enforceFrom, forKey: .enforceFrom)
            try values.encode(prosTwoFactorRequired, forKey: .prosTwoFactorRequired)
            try values.encode(trustedDeviceDays, forKey: .trustedDeviceDays)
            try values.encode(idleMinutes, forKey: .idleMinutes)
            try values.encode(version, forKey: .version)
        }
    }

    /// A client, as a PRO sees it.
    public struct Client: Codable, Sendable, Hashable {
        public var id: ID
        public var name: String
        public var email: String
        public var twoFactor: TwoFactor
        public var lastLogIn: Timestamp?
        /// How many sessions are open.
        public var sessions: Int
        /// When a lockout ends; absent where there is none.
        public var lockedUntil: Timestamp?

        public init(
            id: ID, name: String, email: String, twoFactor: TwoFactor, lastLogIn: Timestamp? = nil,
            sessions: Int,
            lockedUntil: Timestamp? = nil
        ) {
            self.id = id
            self.name = name
            self.email = email
            self.twoFactor = twoFactor
            self.lastLogIn = lastLogIn
            self.sessions = sessions
            self.lockedUntil = lockedUntil
        }

        public enum State: String, Word {
            /// A factor is enrolled and asked for.
            case active
            /// 2FA is required and not set up yet.
            case pending
            /// 2FA is not asked for.
            case off
        }
    }

    /// A client's 2FA, as a PRO sees it.
    public struct TwoFactor: Codable, Sendable, Hashable {
        public var required: Bool
        /// Who requires it; null where nobody does.
        public var requiredBy: Requirer?
        public var state: Client.State
        /// Enrolled factors.
        public var methods: [FactorMethod]
        /// Masked.
        public var phone: String?
        /// When the first of the enrolled factors was set up.
        public var since: Timestamp?
        /// When a PRO last overrode it.
        public var overriddenAt: Timestamp?
        /// The PRO's name.
        public var overriddenBy: String?

        public init(
            required: Bool, requiredBy: Requirer?, state: Client.State, methods: [FactorMethod],
            phone: String? = nil, since: Timestamp? = nil, overriddenAt: Timestamp? = nil,
            overriddenBy: String? = nil
        ) {
            self.required = required
            self.requiredBy = requiredBy
            self.state = state
            self.methods = methods
            self.phone = phone
            self.since = since
            self.overriddenAt = overriddenAt
            self.overriddenBy = overriddenBy
        }

        private enum CodingKeys: CodingKey {
            case required, requiredBy, state, methods, phone, since, overriddenAt, overriddenBy
        }

        public func encode(to encoder: any Encoder) throws {
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encode(required, forKey: .required)
            try values.encode(requiredBy, forKey: .requiredBy)
            try values.encode(state, forKey: .state)
            try values.encode(methods, forKey: .methods)
            try values.encodeIfPresent(phone, forKey: .phone)
            try values.encodeIfPresent(since, forKey: .since)
            try values.encodeIfPresent(overriddenAt, forKey: .overriddenAt)
            try values.encodeIfPresent(overriddenBy, forKey: .overriddenBy)
        }
    }
}
