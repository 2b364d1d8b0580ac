public import Wire

extension Log {
    /// What may stand in a log: the value of one field, already as text.
    ///
    /// A text comes in only through ``text(_:)`` or a literal, never by interpolation, so each place that logs one can be
    /// found and reviewed. Numbers of phones have a way of their own, ``Secret`` and bytes have none.
    public struct Value: Sendable {
        let text: String

        private init(_ text: String) { self.text = text }

        public static func text(_ text: String) -> Value { Value(text) }
        public static func number(_ number: some BinaryInteger) -> Value { Value("\(number)") }
        public static func flag(_ flag: Bool) -> Value { Value("\(flag)") }
        public static func id(_ id: ID) -> Value { Value(id.description) }
        public static func time(_ time: Timestamp) -> Value { Value(time.description) }
        public static func status(_ status: Status) -> Value { Value("\(status)") }

        /// What went wrong, as the error describes itself.
        public static func error(_ error: any Error) -> Value { Value("\(error)") }

        /// A phone's number, of which only the last two digits are shown: `**71`.
        public static func phone(_ number: String) -> Value {
            let digits = number.filter { ("0"..."9").contains($0) }
            return Value(digits.count < 4 ? "**" : "**" + digits.suffix(2))
        }

        /// A span of time, in milliseconds to the microsecond: `1.250ms`.
        public static func duration(_ duration: Duration) -> Value {
            let (seconds, attoseconds) = duration.components
            let microseconds = abs(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
            let rest = "\(microseconds % 1_000)"
            return Value(
                (duration < .zero ? "-" : "") + "\(microseconds / 1_000)."
                    + String(repeating: "0", count: 3 - rest.count) + rest + "ms")
        }
    }
}

extension Log.Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    public init(stringLiteral text: StaticString) { self.init("\(text)") }
    public init(integerLiteral number: Int) { self.init("\(number)") }
    public init(booleanLiteral flag: Bool) { self.init("\(flag)") }
}
