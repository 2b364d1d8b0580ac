/// What `hubctl` needs of every service to keep copies of its database, and to look after the host.
extension Common {
    /// `wire.Backup`: a consistent copy of the service's database, made while it works.
    public struct Backup: Call {
        public static let method = "wire.Backup"
        public static let summary =
            "Copies the service's database, while it works, into its backup directory; admin users of the host only."
        public static let reasons: [Reason] = [.notAnAdmin, .noSuchHold]

        /// The hold whose moment is copied, which it ends; absent: this moment.
        public var hold: ID?

        public init(hold: ID? = nil) { self.hold = hold }

        public struct Reply: Codable, Sendable, Hashable {
            /// Where the copy stands on the service's host.
            public var path: String
            public var bytes: Int
            /// The moment that was copied.
            public var at: Timestamp?
            /// How many migrations the database has had.
            public var schema: Int?
            /// The keys that values in the copy are sealed under.
            public var keys: [KeyUse]?

            public init(
                path: String, bytes: Int, at: Timestamp? = nil, schema: Int? = nil, keys: [KeyUse]? = nil
            ) {
                self.path = path
                self.bytes = bytes
                self.at = at
                self.schema = schema
                self.keys = keys
            }
        }
    }

    /// `wire.Hold`: one moment of the service's database for ``Backup``, with nothing half done.
    ///
    /// Whoever holds AuthService, then OTPService, then SMSGateway, has one moment of all three: what a held service asks
    /// of the next has been answered, and it asks nothing new.
    public struct Hold: Call {
        public static let method = "wire.Hold"
        public static let summary =
            "Lets calls that may change something wait for a moment, and keeps that moment for a backup; admin users of the host only."
        public static let reasons: [Reason] = [.notAnAdmin, .held, .busy]

        /// After how long the hold ends by itself, counted from the call, 100 to 10,000; 5,000 where absent.
        public var milliseconds: Int?

        public init(milliseconds: Int? = nil) { self.milliseconds = milliseconds }

        public struct Reply: Codable, Sendable, Hashable {
            /// For ``Backup`` and ``Release``.
            public var hold: ID
            /// The moment that is kept.
            public var at: Timestamp

            public init(hold: ID, at: Timestamp) {
                self.hold = hold
                self.at = at
            }
        }
    }

    /// `wire.Release`: ends a hold of which no copy is wanted.
    public struct Release: Call {
        public static let method = "wire.Release"
        public static let summary = "Ends a hold without a copy; admin users of the host only."
        public static let reasons: [Reason] = [.notAnAdmin, .noSuchHold]

        public var hold: ID

        public init(hold: ID) { self.hold = hold }

        public typealias Reply = Nothing
    }

    /// `wire.Inspect`: what the service works with, for whoever looks after the host.
    public struct Inspect: Call {
        public static let method = "wire.Inspect"
        public static let summary =
            "Tells what the service works with: its files, its clock, its keys; admin users of the host only."
        public static let reasons: [Reason] = [.notAnAdmin]

        public init() {}

        public struct Reply: Codable, Sendable, Hashable {
            /// The service's clock.
            public var now: Timestamp
            /// The time of what was written last; absent where nothing was.
            public var newest: Timestamp?
            /// The user that the service runs as.
            public var user: UInt32
            /// The database's file.
            public var database: String
            /// How many migrations the database has had.
            public var schema: Int
            /// The keys that it has, and those that its values are sealed under; none of a service that seals nothing.
            public var keys: [KeyUse]

            public init(
                now: Timestamp, newest: Timestamp?, user: UInt32, database: String, schema: Int,
                keys: [KeyUse]
            ) {
                self.now = now
                self.newest = newest
                self.user = user
                self.database = database
                self.schema = schema
                self.keys = keys
            }
        }
    }

    /// A version of a service's key, and what is sealed under it.
    public struct KeyUse: Codable, Sendable, Hashable {
        public var version: UInt32
        /// How many values are sealed under it.
        public var values: Int
        /// What tells it from another key of the same version; absent where the service does not have the key.
        public var fingerprint: String?

        public init(version: UInt32, values: Int, fingerprint: String? = nil) {
            self.version = version
            self.values = values
            self.fingerprint = fingerprint
        }
    }
}

extension Reason {
    public static let held = Reason(
        .failedPrecondition, "HELD", "The service is held for another backup already.")
    public static let busy = Reason(
        .aborted, "BUSY", "Calls that were at work did not end in time, so nothing was held.")
    public static let noSuchHold = Reason(
        .notFound, "NO_SUCH_HOLD", "There is no such hold; it may have ended by itself.")
}
