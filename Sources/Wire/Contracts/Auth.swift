/// AuthService's methods (`auth.sock`), called by the web front end and the admin tool.
///
/// `session` is an opaque token of 43 characters. This file has the calls of the person who logs in; those of PROs and
/// of the host's admins stand in Administration.swift, the values that they share in Gate.swift.
public enum Auth {
    /// `auth.GetFirm`: the firm whose pages these are, for the log-in page and the head of every page.
    ///
    /// It needs no session. A slug is no secret: it stands in the address of the firm's log-in page, which the firm hands to
    /// all its clients, and the name stands on that page. Who has an account there is what ``LogIn`` keeps to itself.
    public struct GetFirm: Call {
        public static let method = "auth.GetFirm"
        public static let summary = "Gives the name of a firm, for its log-in page."
        public static let reasons: [Reason] = [.noSuchFirm]

        /// The firm's slug.
        public var firm: String

        public init(firm: String) {
            self.firm = firm
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var slug: String
            public var name: String

            public init(slug: String, name: String) {
                self.slug = slug
                self.name = name
            }
        }
    }

    /// `auth.LogIn`: starts a session from an address and a password. What it may reach is said by the gate.
    ///
    /// The answer tells nothing about whether the address exists.
    public struct LogIn: Call {
        public static let method = "auth.LogIn"
        public static let summary = "Starts a session from an e-mail address and a password."
        public static let reasons: [Reason] = [.badCredentials, .tooManyAttempts]

        /// The firm's slug.
        public var firm: String
        public var email: String
        public var password: String
        /// A trusted device's token, as ``Verify`` gave it.
        public var device: String?
        /// The caller's IP address, as the front end saw it.
        public var address: String?
        /// The browser's User-Agent.
        public var agent: String?

        public init(
            firm: String, email: String, password: String, device: String? = nil, address: String? = nil,
            agent: String? = nil
        ) {
            self.firm = firm
            self.email = email
            self.password = password
            self.device = device
            self.address = address
            self.agent = agent
        }

        public struct Reply: Codable, Sendable, Hashable {
            /// An opaque token.
            public var session: String
            /// When the session ends at the latest.
            public var expires: Timestamp
            public var actor: Actor
            public var gate: Gate

            public init(session: String, expires: Timestamp, actor: Actor, gate: Gate) {
                self.session = session
                self.expires = expires
                self.actor = actor
                self.gate = gate
            }
        }
    }

    /// `auth.LogOut`: ends a session. One that has ended already is no error.
    public struct LogOut: Call {
        public static let method = "auth.LogOut"
        public static let summary = "Ends a session."

        public var session: String

        public init(session: String) {
            self.session = session
        }

        public typealias Reply = Nothing
    }

    /// `auth.Authorize`: may this session open this path? Asked on every request of every page; never refuses.
    public struct Authorize: Call {
        public static let method = "auth.Authorize"
        public static let summary =
            "Decides whether a session may open a path; asked on every request of every page."

        /// Empty for no session.
        public var session: String
        /// The path of the URL as it was sent, without the query.
        public var path: String
        public var address: String?
        public var agent: String?

        public init(session: String, path: String, address: String? = nil, agent: String? = nil) {
            self.session = session
            self.path = path
            self.address = address
            self.agent = agent
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var decision: Decision
            public var actor: Actor?
            public var gate: Gate?
            public var expires: Timestamp?

            public init(
                decision: Decision, actor: Actor? = nil, gate: Gate? = nil, expires: Timestamp? = nil
            ) {
                self.decision = decision
                self.actor = actor
                self.gate = gate
                self.expires = expires
            }
        }
    }

    /// `auth.BeginSetUp`: starts the set-up of a factor, or starts it anew.
    public struct BeginSetUp: Call {
        public static let method = "auth.BeginSetUp"
        public static let summary = "Starts, or starts anew, the set-up of a second factor."
        public static let reasons: [Reason] = [
            .noSession, .badPhone, .tooManyCodes, .alreadySetUp, .locked, .stepUp,
        ]

        public var session: String
        /// `authenticator` or `sms`.
        public var method: FactorMethod
        /// Where `sms` goes to: E.164, or a US number as people write it.
        public var phone: String?
        /// Of the text message; English where absent.
        public var language: Language?

        public init(session: String, method: FactorMethod, phone: String? = nil, language: Language? = nil) {
            self.session = session
            self.method = method
            self.phone = phone
            self.language = language
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var method: FactorMethod
            /// Base32, for typing.
            public var secret: String?
            /// An otpauth:// URI, for a QR code.
            public var uri: String?
            /// Masked.
            public var phone: String?
            /// Seconds.
            public var resendAfter: Int?
            /// When the set-up must be done.
            public var expires: Timestamp

            public init(
                method: FactorMethod, secret: String? = nil, uri: String? = nil, phone: String? = nil,
                resendAfter: Int? = nil, expires: Timestamp
            ) {
                self.method = method
                self.secret = secret
                self.uri = uri
                self.phone = phone
                self.resendAfter = resendAfter
                self.expires = expires
            }
        }
    }

    /// `auth.ConfirmSetUp`: proves a factor with its first code. A new session token replaces the old one.
    public struct ConfirmSetUp: Call {
        public static let method = "auth.ConfirmSetUp"
        public static let summary =
            "Proves a new factor with its first code; a new session token replaces the old one."
        public static let reasons: [Reason] = [
            .noSession, .wrongCode, .codeExpired, .notBegun, .tooManyAttempts, .locked, .stepUp,
        ]

        public var session: String
        public var method: FactorMethod
        public var code: String

        public init(session: String, method: FactorMethod, code: String) {
            self.session = session
            self.method = method
            self.code = code
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var session: String
            public var gate: Gate
            /// With the first factor, once.
            public var recoveryCodes: [String]?

            public init(session: String, gate: Gate, recoveryCodes: [String]? = nil) {
                self.session = session
                self.gate = gate
                self.recoveryCodes = recoveryCodes
            }
        }
    }

    /// `auth.SendCode`: sends a code to the session's enrolled phone.
    public struct SendCode: Call {
        public static let method = "auth.SendCode"
        public static let summary = "Sends an SMS code to the enrolled phone."
        public static let reasons: [Reason] = [.noSession, .notSetUp, .tooManyCodes]

        public var session: String
        /// Of the text message; English where absent.
        public var language: Language?

        public init(session: String, language: Language? = nil) {
            self.session = session
            self.language = language
        }

        public struct Reply: Codable, Sendable, Hashable {
            /// Masked.
            public var phone: String
            /// Seconds.
            public var resendAfter: Int
            public var expires: Timestamp

            public init(phone: String, resendAfter: Int, expires: Timestamp) {
                self.phone = phone
                self.resendAfter = resendAfter
                self.expires = expires
            }
        }
    }

    /// `auth.Delivery`: whether the code that was last sent to the session's person will arrive, for the page that waits for
    /// it. It costs no send, and asking is no use of the session.
    public struct Delivery: Call {
        public static let method = "auth.Delivery"
        public static let summary = "Tells how far the SMS code that was last sent has come."
        public static let reasons: [Reason] = [.noSession, .notBegun]

        public var session: String

        public init(session: String) {
            self.session = session
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var state: SMS.MessageState
            /// Why it failed or expired, as a sentence without number or code.
            public var error: String?
            /// Seconds; 0 once it is known, or likely, that the code will not arrive.
            public var resendAfter: Int

            public init(state: SMS.MessageState, error: String? = nil, resendAfter: Int) {
                self.state = state
                self.error = error
                self.resendAfter = resendAfter
            }
        }
    }

    /// `auth.Verify`: proves the second factor. A new session token replaces the old one.
    public struct Verify: Call {
        public static let method = "auth.Verify"
        public static let summary = "Proves the second factor; a new session token replaces the old one."
        public static let reasons: [Reason] = [
            .noSession, .wrongCode, .codeUsed, .codeExpired, .notBegun, .tooManyAttempts, .notSetUp,
        ]

        public var session: String
        public var method: FactorMethod
        public var code: String
        /// Whether this device need not be asked again for the firm's number of days.
        public var trustDevice: Bool?

        public init(session: String, method: FactorMethod, code: String, trustDevice: Bool? = nil) {
            self.session = session
            self.method = method
            self.code = code
            self.trustDevice = trustDevice
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var session: String
            public var gate: Gate
            /// The trusted device's token, for the next ``LogIn``.
            public var device: String?
            /// With `recovery`: how many recovery codes are left.
            public var recoveryLeft: Int?

            public init(session: String, gate: Gate, device: String? = nil, recoveryLeft: Int? = nil) {
                self.session = session
                self.gate = gate
                self.device = device
                self.recoveryLeft = recoveryLeft
            }
        }
    }

    /// `auth.DeferSetUp`: "not now", where set-up is only offered.
    public struct DeferSetUp: Call {
        public static let method = "auth.DeferSetUp"
        public static let summary = "Declines an offered set-up until the next override."
        public static let reasons: [Reason] = [.noSession, .setUpRequired, .locked]

        public var session: String

        public init(session: String) {
            self.session = session
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var gate: Gate

            public init(gate: Gate) {
                self.gate = gate
            }
        }
    }

    /// `auth.RemoveMethod`: removes a factor.
    public struct RemoveMethod: Call {
        public static let method = "auth.RemoveMethod"
        public static let summary = "Removes a factor."
        public static let reasons: [Reason] = [.noSession, .lastMethod, .notSetUp, .stepUp, .locked]

        public var session: String
        public var method: FactorMethod

        public init(session: String, method: FactorMethod) {
            self.session = session
            self.method = method
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var gate: Gate

            public init(gate: Gate) {
                self.gate = gate
            }
        }
    }

    /// `auth.NewRecoveryCodes`: ten new recovery codes; the old ones end.
    public struct NewRecoveryCodes: Call {
        public static let method = "auth.NewRecoveryCodes"
        public static let summary = "Gives ten new recovery codes; the old ones end."
        public static let reasons: [Reason] = [.noSession, .notSetUp, .stepUp, .locked]

        public var session: String

        public init(session: String) {
            self.session = session
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var recoveryCodes: [String]

            public init(recoveryCodes: [String]) {
                self.recoveryCodes = recoveryCodes
            }
        }
    }

    /// `auth.StepUp`: a fresh proof for the sensitive calls: a code, or the password where no factor is enrolled.
    public struct StepUp: Call {
        public static let method = "auth.StepUp"
        public static let summary =
            "Gives a fresh proof for the sensitive calls; a new session token replaces the old one."
        public static let reasons: [Reason] = [
            .noSession, .badCredentials, .wrongCode, .codeUsed, .codeExpired, .notBegun, .notSetUp,
            .tooManyAttempts, .locked,
        ]

        public var session: String
        public var password: String?
        public var method: FactorMethod?
        public var code: String?

        public init(
            session: String, password: String? = nil, method: FactorMethod? = nil, code: String? = nil
        ) {
            self.session = session
            self.password = password
            self.method = method
            self.code = code
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var session: String

            public init(session: String) {
                self.session = session
            }
        }
    }

    /// `auth.ListSessions`: the caller's own open sessions and trusted devices.
    public struct ListSessions: Call {
        public static let method = "auth.ListSessions"
        public static let summary = "Lists the caller's own sessions and trusted devices."
        public static let reasons: [Reason] = [.noSession, .locked]

        public var session: String

        public init(session: String) {
            self.session = session
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var sessions: [SessionEntry]
            public var devices: [DeviceEntry]

            public init(sessions: [SessionEntry], devices: [DeviceEntry]) {
                self.sessions = sessions
                self.devices = devices
            }
        }
    }

    /// An open session of the caller.
    public struct SessionEntry: Codable, Sendable, Hashable {
        public var id: ID
        public var created: Timestamp
        /// To the minute.
        public var lastSeen: Timestamp
        public var expires: Timestamp
        public var address: String?
        public var agent: String?
        /// Whether it is the session that asks.
        public var current: Bool

        public init(
            id: ID, created: Timestamp, lastSeen: Timestamp, expires: Timestamp, address: String? = nil,
            agent: String? = nil, current: Bool
        ) {
            self.id = id
            self.created = created
            self.lastSeen = lastSeen
            self.expires = expires
            self.address = address
            self.agent = agent
            self.current = current
        }
    }

    /// A device that the caller trusts.
    public struct DeviceEntry: Codable, Sendable, Hashable {
        public var id: ID
        public var created: Timestamp
        public var expires: Timestamp
        public var agent: String?

        public init(id: ID, created: Timestamp, expires: Timestamp, agent: String? = nil) {
            self.id = id
            self.created = created
            self.expires = expires
            self.agent = agent
        }
    }

    /// `auth.EndSession`: ends one of the caller's own sessions, or the trust in one of its devices.
    public struct EndSession: Call {
        public static let method = "auth.EndSession"
        public static let summary = "Ends one of the caller's own sessions or trusted devices."
        public static let reasons: [Reason] = [.noSession, .noSuchSession, .locked]

        public var session: String
        public var id: ID

        public init(session: String, id: ID) {
            self.session = session
            self.id = id
        }

        public typealias Reply = Nothing
    }

    /// `auth.ChangePassword`: all other sessions and all trusted devices end.
    public struct ChangePassword: Call {
        public static let method = "auth.ChangePassword"
        public static let summary = "Changes the password; all other sessions and trusted devices end."
        public static let reasons: [Reason] = [
            .noSession, .badCredentials, .weakPassword, .tooManyAttempts, .locked,
        ]

        public var session: String
        public var current: String
        public var new: String

        public init(session: String, current: String, new: String) {
            self.session = session
            self.current = current
            self.new = new
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var session: String

            public init(session: String) {
                self.session = session
            }
        }
    }
}
