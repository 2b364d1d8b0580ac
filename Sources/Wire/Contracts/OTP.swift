/// OTPService's methods (`otp.sock`), called by AuthService alone.
///
/// `subject` names whose factors; it is AuthService's id of the person. OTPService knows nothing else of them.
public enum OTP {
    /// `otp.Begin`: starts the set-up of a factor, or starts it anew; what was begun before ends.
    public struct Begin: Call {
        public static let method = "otp.Begin"
        public static let summary = "Starts, or starts anew, the set-up of a factor."
        public static let reasons: [Reason] = [.badPhone, .tooManyCodes, .tooManyAttempts]

        public var subject: ID
        public var method: FactorMethod
        /// What an authenticator app shows: the e-mail address.
        public var account: String?
        /// What an authenticator app shows: the firm's name.
        public var issuer: String?
        public var phone: String?
        public var firm: ID
        /// What a text message begins with.
        public var brand: String?
        /// The site's domain, for the browser to fill in the code (WebOTP).
        public var domain: String?
        /// Of the text message; English where absent.
        public var language: Language?

        public init(
            subject: ID, method: FactorMethod, account: String? = nil, issuer: String? = nil,
            phone: String? = nil, firm: ID, brand: String? = nil, domain: String? = nil,
            language: Language? = nil
        ) {
            self.subject = subject
            self.method = method
            self.account = account
            self.issuer = issuer
            self.phone = phone
            self.firm = firm
            self.brand = brand
            self.domain = domain
            self.language = language
        }

        public struct Reply: Codable, Sendable, Hashable {
            /// Base32.
            public var secret: String?
            public var uri: String?
            /// Masked.
            public var phone: String?
            /// Seconds.
            public var resendAfter: Int?
            public var expires: Timestamp

            public init(
                secret: String? = nil, uri: String? = nil, phone: String? = nil, resendAfter: Int? = nil,
                expires: Timestamp
            ) {
                self.secret = secret
                self.uri = uri
                self.phone = phone
                self.resendAfter = resendAfter
                self.expires = expires
            }
        }
    }

    /// `otp.Confirm`: proves a factor with its first code; from then on it counts.
    public struct Confirm: Call {
        public static let method = "otp.Confirm"
        public static let summary = "Proves a new factor with its first code; from then on it counts."
        public static let reasons: [Reason] = [.wrongCode, .codeExpired, .notBegun, .tooManyAttempts]

        public var subject: ID
        public var method: FactorMethod
        public var code: String

        public init(subject: ID, method: FactorMethod, code: String) {
            self.subject = subject
            self.method = method
            self.code = code
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var methods: [FactorMethod]
            /// With the first factor, once.
            public var recoveryCodes: [String]?

            public init(methods: [FactorMethod], recoveryCodes: [String]? = nil) {
                self.methods = methods
                self.recoveryCodes = recoveryCodes
            }
        }
    }

    /// `otp.Send`: sends a code to the confirmed phone; a resend repeats the code while it lives.
    public struct Send: Call {
        public static let method = "otp.Send"
        public static let summary = "Sends an SMS code to the confirmed phone."
        public static let reasons: [Reason] = [.notSetUp, .tooManyCodes, .tooManyAttempts]

        public var subject: ID
        public var firm: ID
        /// `verify` where absent.
        public var purpose: Purpose?
        public var brand: String?
        public var domain: String?
        /// Of the text message; English where absent.
        public var language: Language?

        public init(
            subject: ID, firm: ID, purpose: Purpose? = nil, brand: String? = nil, domain: String? = nil,
            language: Language? = nil
        ) {
            self.subject = subject
            self.firm = firm
            self.purpose = purpose
            self.brand = brand
            self.domain = domain
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

    /// `otp.Delivery`: whether the newest code that was sent and not used will arrive. It costs no send; where it says that the
    /// code will not, the next ``Send`` or ``Begin`` need not wait.
    public struct Delivery: Call {
        public static let method = "otp.Delivery"
        public static let summary = "Tells how far the newest SMS code in flight has come."
        public static let reasons: [Reason] = [.notBegun]

        public var subject: ID

        public init(subject: ID) {
            self.subject = subject
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

    /// `otp.Verify`: is this code the subject's, now? A code works once.
    public struct Verify: Call {
        public static let method = "otp.Verify"
        public static let summary = "Checks a code; no code works twice."
        public static let reasons: [Reason] = [
            .wrongCode, .codeUsed, .codeExpired, .notBegun, .notSetUp, .tooManyAttempts,
        ]

        public var subject: ID
        public var method: FactorMethod
        public var code: String
        /// What an SMS code was sent for; `verify` where absent.
        public var purpose: Purpose?

        public init(subject: ID, method: FactorMethod, code: String, purpose: Purpose? = nil) {
            self.subject = subject
            self.method = method
            self.code = code
            self.purpose = purpose
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var method: FactorMethod
            /// With a recovery code: how many are left.
            public var recoveryLeft: Int?

            public init(method: FactorMethod, recoveryLeft: Int? = nil) {
                self.method = method
                self.recoveryLeft = recoveryLeft
            }
        }
    }

    /// `otp.Methods`: what a subject has enrolled.
    public struct Methods: Call {
        public static let method = "otp.Methods"
        public static let summary = "Tells what a subject has enrolled."

        public var subject: ID

        public init(subject: ID) {
            self.subject = subject
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var methods: [FactorMethod]
            /// Masked.
            public var phone: String?
            public var recoveryLeft: Int

            public init(methods: [FactorMethod], phone: String? = nil, recoveryLeft: Int) {
                self.methods = methods
                self.phone = phone
                self.recoveryLeft = recoveryLeft
            }
        }
    }

    /// `otp.Remove`: one factor ends.
    public struct Remove: Call {
        public static let method = "otp.Remove"
        public static let summary = "Removes one factor."

        public var subject: ID
        public var method: FactorMethod

        public init(subject: ID, method: FactorMethod) {
            self.subject = subject
            self.method = method
        }

        public typealias Reply = Nothing
    }

    /// `otp.Reset`: all factors end, recovery codes, counters and codes in flight too. Doing it again changes nothing.
    public struct Reset: Call {
        public static let method = "otp.Reset"
        public static let summary = "Wipes all factors of a subject; codes in flight too."

        public var subject: ID

        public init(subject: ID) {
            self.subject = subject
        }

        public typealias Reply = Nothing
    }

    /// `otp.Unlock`: a PRO ended the subject's lockout: its counters start anew.
    public struct Unlock: Call {
        public static let method = "otp.Unlock"
        public static let summary = "Ends a lockout: the counters of wrong codes start anew."

        public var subject: ID

        public init(subject: ID) {
            self.subject = subject
        }

        public typealias Reply = Nothing
    }

    /// `otp.NewRecoveryCodes`: ten new ones; the old ones end.
    public struct NewRecoveryCodes: Call {
        public static let method = "otp.NewRecoveryCodes"
        public static let summary = "Gives ten new recovery codes; the old ones end."
        public static let reasons: [Reason] = [.notSetUp]

        public var subject: ID

        public init(subject: ID) {
            self.subject = subject
        }

        public struct Reply: Codable, Sendable, Hashable {
            public var recoveryCodes: [String]

            public init(recoveryCodes: [String]) {
                self.recoveryCodes = recoveryCodes
            }
        }
    }
}
