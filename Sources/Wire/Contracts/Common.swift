/// The methods that every service has, and the reasons that every call may be refused for.
public enum Common {
    /// `wire.Health`: whether the service can do its work, and which part of it cannot.
    public struct Health: Call {
        public static let method = "wire.Health"
        public static let summary = "Tells whether the service can do its work."

        public init() {}

        public struct Reply: Codable, Sendable, Hashable {
            public var status: Condition
            public var service: String
            public var version: String
            /// When the process started.
            public var since: Timestamp
            public var checks: [Check]

            public init(
                status: Condition, service: String, version: String, since: Timestamp, checks: [Check]
            ) {
                self.status = status
                self.service = service
                self.version = version
                self.since = since
                self.checks = checks
            }
        }
    }

    public enum Condition: String, Word {
        case serving, degraded, draining
    }

    /// One thing that a service needs, and whether it has it.
    public struct Check: Codable, Sendable, Hashable {
        public var name: String
        public var ok: Bool
        /// What is wrong, as a sentence.
        public var detail: String?

        public init(name: String, ok: Bool, detail: String? = nil) {
            self.name = name
            self.ok = ok
            self.detail = detail
        }
    }

    /// `wire.Describe`: the interface, from the types that implement it.
    public struct Describe: Call {
        public static let method = "wire.Describe"
        public static let summary =
            "Lists the methods of the service, with the JSON Schema of what they take and give."

        public init() {}

        public struct Reply: Codable, Sendable {
            public var service: String
            public var version: String
            public var methods: [Method]

            public init(service: String, version: String, methods: [Method]) {
                self.service = service
                self.version = version
                self.methods = methods
            }
        }

        public struct Method: Codable, Sendable {
            public var name: String
            public var summary: String
            /// JSON Schema (draft 2020-12) of the request's body.
            public var request: Schema
            /// JSON Schema of the answer's body.
            public var answer: Schema
            public var reasons: [ReasonEntry]

            public init(
                name: String, summary: String, request: Schema, answer: Schema, reasons: [ReasonEntry]
            ) {
                self.name = name
                self.summary = summary
                self.request = request
                self.answer = answer
                self.reasons = reasons
            }
        }

        /// A ``Reason`` as it is described on the wire.
        public struct ReasonEntry: Codable, Sendable, Hashable {
            public var reason: String
            public var status: Int
            public var meaning: String

            public init(_ reason: Reason) {
                self.reason = reason.name
                status = Int(reason.status.rawValue)
                meaning = reason.meaning
            }
        }
    }

    /// `wire.Metrics`: counters, gauges and histograms, for Prometheus.
    public struct Metrics: Call {
        public static let method = "wire.Metrics"
        public static let summary = "Gives the service's metrics in OpenMetrics text format."

        public init() {}

        public struct Reply: Codable, Sendable {
            public var text: String

            public init(text: String) { self.text = text }
        }
    }
}

extension Reason {
    public static let malformed = Reason(
        .invalidArgument, "MALFORMED", "The message, or a field of its body, is not what it should be.")
    public static let tooLarge = Reason(
        .invalidArgument, "TOO_LARGE", "The message is longer than this service takes.")
    public static let duplicateID = Reason(
        .invalidArgument, "DUPLICATE_ID", "A call with this id is in flight on this connection.")
    public static let unknownMethod = Reason(
        .unimplemented, "UNKNOWN_METHOD", "This service has no such method.")
    public static let notACaller = Reason(
        .permissionDenied, "NOT_A_CALLER", "This user may not make this call.")
    public static let notAnAdmin = Reason(
        .permissionDenied, "NOT_AN_ADMIN", "Only an admin user of the host may make this call.")
    public static let deadlineExceeded = Reason(
        .deadlineExceeded, "DEADLINE_EXCEEDED", "The caller's time ran out before there was an answer.")
    public static let cancelled = Reason(
        .cancelled, "CANCELLED", "The caller no longer waits for the answer.")
    public static let overloaded = Reason(
        .resourceExhausted, "OVERLOADED", "The service has as much work as it takes.")
    public static let draining = Reason(.unavailable, "DRAINING", "The service is about to stop.")
    public static let unreachable = Reason(.unavailable, "UNREACHABLE", "The service is out of reach.")
    public static let unavailable = Reason(
        .unavailable, "UNAVAILABLE",
        "The service cannot do its work now: its database or a service it needs is failing.")
    public static let internalError = Reason(
        .internal, "INTERNAL", "A fault of the service; its log has the details.")

    /// What any call may be refused for.
    public static let common: [Reason] = [
        .malformed, .tooLarge, .duplicateID, .unknownMethod, .notACaller, .deadlineExceeded, .cancelled,
        .overloaded,
        .draining, .unreachable, .unavailable, .internalError,
    ]
}

/// A JSON Schema, as `wire.Describe` gives it: a tree of objects, arrays, strings and so on.
public indirect enum Schema: Codable, Sendable, Hashable {
    case text(String)
    case number(Int)
    case flag(Bool)
    case list([Schema])
    case object([String: Schema])

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    public init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: Key.self) {
            var members: [String: Schema] = [:]
            for key in container.allKeys {
                members[key.stringValue] = try container.decode(Schema.self, forKey: key)
            }
            self = .object(members)
        } else if var container = try? decoder.unkeyedContainer() {
            var items: [Schema] = []
            while !container.isAtEnd { items.append(try container.decode(Schema.self)) }
            self = .list(items)
        } else {
            let container = try decoder.singleValueContainer()
            if let flag = try? container.decode(Bool.self) {
                self = .flag(flag)
            } else if let number = try? container.decode(Int.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .object(let members):
            var container = encoder.container(keyedBy: Key.self)
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                try container.encode(value, forKey: Key(stringValue: key))
            }
        case .list(let items):
            var container = encoder.unkeyedContainer()
            for item in items { try container.encode(item) }
        case .text(let text):
            var container = encoder.singleValueContainer()
            try container.encode(text)
        case .number(let number):
            var container = encoder.singleValueContainer()
            try container.encode(number)
        case .flag(let flag):
            var container = encoder.singleValueContainer()
            try container.encode(flag)
        }
    }
}
