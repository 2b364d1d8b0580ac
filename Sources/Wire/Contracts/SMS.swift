/// SMSGateway's methods (`sms.sock`), called by OTPService, by the web front end for receipts alone, and by the admin tool.
public enum SMS {
    /// How far a message has come. Each accepted message ends in exactly one of `delivered`, `failed`, `expired`,
    /// `cancelled` and `uncertain`, or stays `sent` where a carrier gives no receipts.
    public enum MessageState: String, Word {
        case queued, sending, sent, delivered, failed, expired, cancelled, uncertain
    }

    /// `sms.Submit`: takes charge of a code. Durable before it is answered; the same `key` never sends twice; the text is
    /// the gateway's own template, so no caller can send free text.
    public struct Submit: Call {
        public static let method = "sms.Submit"
        public static let summary = "Takes charge of sending a code; durable before it is answered."
        public static let reasons: [Reason] = [
            .badPhone, .alreadyExpired, .keyReused, .blocked, .tooManyCodes, .queueFull,
        ]

        /// The caller's own, 1 to 128 characters: the same key never sends twice.
        public var key: String
        /// E.164, or a US number as people write it.
        public var to: String
        /// 4 to 10 digits.
        public var code: String
        /// When the code ends: it is not sent after that.
        public var expires: Timestamp
        public var firm: ID
        public var purpose: Purpose
        public var brand: String?
        public var domain: String?
        /// English where absent.
        public var language: Language?

        public init(
            key: String, to: String, code: String, expires: Timestamp, firm: ID, purpose: Purpose,
            brand: String? = nil, domain: String? = nil, language: Language? = nil
        ) {
            self.key = key
            self.to = to
            self.code = code
            self.expires = expires
            self.firm = firm
            self.purpose = purpose
            self.brand = brand
            self.domain = domain
            self.language = language
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var message: ID
            public var state: MessageState
            /// Whether `key` was submitted before.
            public var duplicate: Bool

            public init(message: ID, state: MessageState, duplicate: Bool) {
                self.message = message
                self.state = state
                self.duplicate = duplicate
            }
        }
    }

    /// `sms.Verified`: the code was used: what the pumping guard learns from.
    public struct Verified: Call {
        public static let method = "sms.Verified"
        public static let summary = "Tells that the code of a message was used."
        public static let reasons: [Reason] = [.noSuchMessage]

        public var message: ID

        public init(message: ID) {
            self.message = message
        }

        public typealias Reply = Nothing
    }

    /// `sms.Status`: how far a message has come.
    public struct Status: Call {
        public static let method = "sms.Status"
        public static let summary = "Tells how far a message has come."
        public static let reasons: [Reason] = [.noSuchMessage]

        public var message: ID

        public init(message: ID) {
            self.message = message
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var message: ID
            public var state: MessageState
            public var provider: String?
            public var attempts: Int
            /// Why it failed, expired or is uncertain, as a sentence.
            public var error: String?
            public var updated: Timestamp

            public init(
                message: ID, state: MessageState, provider: String? = nil, attempts: Int,
                error: String? = nil, updated: Timestamp
            ) {
                self.message = message
                self.state = state
                self.provider = provider
                self.attempts = attempts
                self.error = error
                self.updated = updated
            }
        }
    }

    /// `sms.Cancel`: a code used, replaced or wiped is not sent any more. One that is on its way is not held back.
    public struct Cancel: Call {
        public static let method = "sms.Cancel"
        public static let summary = "Stops a message that has not been sent yet."
        public static let reasons: [Reason] = [.noSuchMessage]

        public var message: ID

        public init(message: ID) {
            self.message = message
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var state: MessageState

            public init(state: MessageState) {
                self.state = state
            }
        }
    }

    /// `sms.Receipt`: what a provider posted to the web front end. It is believed if it bears the provider's signature,
    /// which is checked here, and it is on disk before it is answered.
    public struct Receipt: Call {
        public static let method = "sms.Receipt"
        public static let summary =
            "Takes what a provider posted to the web front end, if it bears the provider's signature."
        public static let reasons: [Reason] = [.badSignature]

        /// The provider's name in the configuration.
        public var provider: String
        /// The request's headers by name, in any case.
        public var headers: [String: String]
        /// The request's body, as it came.
        public var body: String
        /// The whole URL that was asked for, as the provider sees it: with `https`, the public host, and the query.
        public var url: String

        public init(provider: String, headers: [String: String], body: String, url: String) {
            self.provider = provider
            self.headers = headers
            self.body = body
            self.url = url
        }

        public typealias Reply = Nothing
    }

    /// `sms.List`: messages, newest first; admin users of the host only.
    public struct List: Call {
        public static let method = "sms.List"
        public static let summary = "Lists messages, newest first; admin users of the host only."
        public static let reasons: [Reason] = [.notAnAdmin]

        public var state: MessageState?
        public var firm: ID?
        public var cursor: String?
        /// 1 to 200; 50 where absent.
        public var limit: Int?

        public init(state: MessageState? = nil, firm: ID? = nil, cursor: String? = nil, limit: Int? = nil) {
            self.state = state
            self.firm = firm
            self.cursor = cursor
            self.limit = limit
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var messages: [Entry]
            public var next: String?

            public init(messages: [Entry], next: String? = nil) {
                self.messages = messages
                self.next = next
            }
        }
    }

    /// A message, as ``List`` gives it. Its number is masked and its code is never shown.
    public struct Entry: Codable, Sendable, Hashable {
        public var message: ID
        /// Masked.
        public var to: String
        public var firm: ID
        public var purpose: Purpose
        public var state: MessageState
        public var provider: String?
        public var attempts: Int
        public var error: String?
        public var created: Timestamp
        public var updated: Timestamp
        public var expires: Timestamp

        public init(
            message: ID, to: String, firm: ID, purpose: Purpose, state: MessageState,
            provider: String? = nil, attempts: Int, error: String? = nil, created: Timestamp,
            updated: Timestamp, expires: Timestamp
        ) {
            self.message = message
            self.to = to
            self.firm = firm
            self.purpose = purpose
            self.state = state
            self.provider = provider
            self.attempts = attempts
            self.error = error
            self.created = created
            self.updated = updated
            self.expires = expires
        }
    }

    /// `sms.Retry`: sends again what failed or is uncertain, while its code lives; admin users of the host only.
    public struct Retry: Call {
        public static let method = "sms.Retry"
        public static let summary =
            "Queues a failed or uncertain message again while its code lives; admin users of the host only."
        public static let reasons: [Reason] = [.notAnAdmin, .noSuchMessage, .alreadyExpired, .notRetryable]

        public var message: ID

        public init(message: ID) {
            self.message = message
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var state: MessageState

            public init(state: MessageState) {
                self.state = state
            }
        }
    }

    /// `sms.Block`: refuses messages to a number or to all numbers that begin so; admin users of the host only.
    public struct Block: Call {
        public static let method = "sms.Block"
        public static let summary = "Refuses messages to numbers that begin so; admin users of the host only."
        public static let reasons: [Reason] = [.notAnAdmin, .badPhone]

        /// `+` and 1 to 15 digits.
        public var prefix: String
        public var reason: String?
        /// Absent: until it is unblocked.
        public var until: Timestamp?

        public init(prefix: String, reason: String? = nil, until: Timestamp? = nil) {
            self.prefix = prefix
            self.reason = reason
            self.until = until
        }

        public typealias Reply = Nothing
    }

    /// `sms.Unblock`: takes a block back, one that the pumping guard made too; admin users of the host only.
    public struct Unblock: Call {
        public static let method = "sms.Unblock"
        public static let summary = "Takes a block back; admin users of the host only."
        public static let reasons: [Reason] = [.notAnAdmin, .notBlocked]

        public var prefix: String

        public init(prefix: String) {
            self.prefix = prefix
        }

        public typealias Reply = Nothing
    }

    /// `sms.Stats`: the queue, its providers and what is blocked; admin users of the host only.
    public struct Stats: Call {
        public static let method = "sms.Stats"
        public static let summary =
            "Gives the state of the queue, its providers and the blocks; admin users of the host only."
        public static let reasons: [Reason] = [.notAnAdmin]

        public init() {}

        public struct Reply: Codable, Sendable, Hashable {
            /// How many messages are in each state.
            public var states: [String: Int]
            public var oldestQueued: Timestamp?
            public var providers: [Provider]
            public var blocks: [BlockEntry]

            public init(
                states: [String: Int], oldestQueued: Timestamp? = nil, providers: [Provider],
                blocks: [BlockEntry]
            ) {
                self.states = states
                self.oldestQueued = oldestQueued
                self.providers = providers
                self.blocks = blocks
            }
        }
    }

    /// A way out, and whether it works.
    public struct Provider: Codable, Sendable, Hashable {
        public var name: String
        public var kind: String
        /// Whether messages go to it now; false while its circuit breaker holds them back.
        public var open: Bool
        /// Since the service started.
        public var sent: Int
        public var failed: Int

        public init(name: String, kind: String, open: Bool, sent: Int, failed: Int) {
            self.name = name
            self.kind = kind
            self.open = open
            self.sent = sent
            self.failed = failed
        }
    }

    /// A prefix that no message goes to.
    public struct BlockEntry: Codable, Sendable, Hashable {
        public var prefix: String
        public var reason: String
        public var until: Timestamp?
        /// Present where it only says what would be blocked, and codes go on.
        public var recorded: Bool?

        public init(prefix: String, reason: String, until: Timestamp? = nil, recorded: Bool? = nil) {
            self.prefix = prefix
            self.reason = reason
            self.until = until
            self.recorded = recorded
        }
    }

    /// `sms.Trace`: all that is kept of one message; admin users of the host only.
    public struct Trace: Call {
        public static let method = "sms.Trace"
        public static let summary = "Tells all that is kept of one message; admin users of the host only."
        public static let reasons: [Reason] = [.notAnAdmin, .noSuchMessage]

        public var message: ID

        public init(message: ID) {
            self.message = message
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var message: Entry
            /// ISO 3166.
            public var country: String
            /// The provider's own name for it.
            public var providerID: String?
            /// When it is tried next, where it is queued.
            public var due: Timestamp?
            /// Providers that it is not offered to any more.
            public var ruledOut: [String]
            /// How often the gateway ended, or failed to read it, while it was being sent.
            public var crashes: Int
            /// Whether it was sent once more though it may have been sent.
            public var resent: Bool
            /// Whether no receipt is waited for any more.
            public var closed: Bool
            /// When its code was used.
            public var verified: Timestamp?

            public init(
                message: Entry, country: String, providerID: String? = nil, due: Timestamp? = nil,
                ruledOut: [String], crashes: Int, resent: Bool, closed: Bool, verified: Timestamp? = nil
            ) {
                self.message = message
                self.country = country
                self.providerID = providerID
                self.due = due
                self.ruledOut = ruledOut
                self.crashes = crashes
                self.resent = resent
                self.closed = closed
                self.verified = verified
            }
        }
    }

    /// `sms.Limits`: the limits in force; admin users of the host only.
    public struct Limits: Call {
        public static let method = "sms.Limits"
        public static let summary = "Gives the limits in force; admin users of the host only."
        public static let reasons: [Reason] = [.notAnAdmin]

        public init() {}

        public struct Reply: Codable, Sendable, Hashable {
            public var numberPerTenMinutes: Int
            public var numberPerHour: Int
            public var numberPerDay: Int
            public var prefixPerHour: Int
            public var firmPerDay: Int
            public var countryPerDay: Int
            /// ISO 3166.
            public var countries: [String]
            /// `block` or `record`.
            public var pumping: String
            /// Messages that may wait.
            public var queue: Int

            public init(
                numberPerTenMinutes: Int, numberPerHour: Int, numberPerDay: Int, prefixPerHour: Int,
                firmPerDay: Int, countryPerDay: Int, countries: [String], pumping: String, queue: Int
            ) {
                self.numberPerTenMinutes = numberPerTenMinutes
                self.numberPerHour = numberPerHour
                self.numberPerDay = numberPerDay
                self.prefixPerHour = prefixPerHour
                self.firmPerDay = firmPerDay
                self.countryPerDay = countryPerDay
                self.countries = countries
                self.pumping = pumping
                self.queue = queue
            }
        }
    }

    /// `sms.Top`: where the most codes went that were not used; admin users of the host only.
    public struct Top: Call {
        public static let method = "sms.Top"
        public static let summary =
            "Tells where the most codes went that were not used; admin users of the host only."
        public static let reasons: [Reason] = [.notAnAdmin]

        /// 1 to 24; 1 where absent.
        public var hours: Int?
        /// 1 to 100 of each; 10 where absent.
        public var limit: Int?

        public init(hours: Int? = nil, limit: Int? = nil) {
            self.hours = hours
            self.limit = limit
        }

        public struct Reply: Codable, Sendable, Hashable {
            /// Prefixes, by sends to numbers that nobody has proved.
            public var claimed: [Usage]
            /// Prefixes, by sends to proved numbers.
            public var proved: [Usage]
            public var firms: [Usage]
            public var countries: [Usage]

            public init(claimed: [Usage], proved: [Usage], firms: [Usage], countries: [Usage]) {
                self.claimed = claimed
                self.proved = proved
                self.firms = firms
                self.countries = countries
            }
        }
    }

    /// The codes that went to one prefix, firm or country.
    public struct Usage: Codable, Sendable, Hashable {
        /// The prefix, the firm's id, or the country's ISO 3166 code.
        public var name: String
        public var sent: Int
        public var verified: Int
        /// Of a prefix: whether it is blocked.
        public var blocked: Bool?

        public init(name: String, sent: Int, verified: Int, blocked: Bool? = nil) {
            self.name = name
            self.sent = sent
            self.verified = verified
            self.blocked = blocked
        }
    }

    /// `sms.Test`: sends a code that nobody asked for, by one provider and no other; admin users of the host only.
    public struct Test: Call {
        public static let method = "sms.Test"
        public static let summary =
            "Sends a code that nobody asked for by one provider; admin users of the host only."
        public static let reasons: [Reason] = [
            .notAnAdmin, .noSuchProvider, .badPhone, .blocked, .tooManyCodes, .queueFull,
        ]

        public var provider: String
        /// E.164, or a US number as people write it.
        public var to: String

        public init(provider: String, to: String) {
            self.provider = provider
            self.to = to
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var message: ID
            public var state: MessageState

            public init(message: ID, state: MessageState) {
                self.message = message
                self.state = state
            }
        }
    }
}
