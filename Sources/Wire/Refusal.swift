/// A word that a program can switch on, with the status it always comes with.
///
/// Each reason is declared once, as a static constant beside the calls that give it.
public struct Reason: Sendable, Hashable {
    public let status: Status
    /// UPPER_SNAKE, stable for ever.
    public let name: String
    /// What it means, as a sentence; a refusal's message unless it has one of its own.
    public let meaning: String

    public init(_ status: Status, _ name: String, _ meaning: String) {
        self.status = status
        self.name = name
        self.meaning = meaning
    }
}

/// Why a call was not done: exactly what its caller gets to see. Never holds a secret.
///
/// A client throws the same type for what it finds itself: the service is out of reach, the deadline has passed.
public struct Refusal: Error, Sendable, Hashable, CustomStringConvertible {
    public var status: Status
    /// UPPER_SNAKE, for a program.
    public var reason: String
    /// A sentence, for a log.
    public var message: String
    /// Seconds after which trying again makes sense.
    public var retryAfter: Int?
    /// The path of the field at fault, such as `owner.email`.
    public var field: String?
    /// Wrong codes that are still allowed before a lockout.
    public var attemptsLeft: Int?
    /// A word for what the user could do, such as `CLOCK_OFF`.
    public var hint: String?

    /// Refuses for a declared reason; `retryAfter` is in seconds.
    public init(
        _ reason: Reason, _ message: String? = nil, retryAfter: Int? = nil, field: String? = nil,
        attemptsLeft: Int? = nil, hint: String? = nil
    ) {
        self.init(
            status: reason.status, reason: reason.name, message: message ?? reason.meaning,
            retryAfter: retryAfter, field: field, attemptsLeft: attemptsLeft, hint: hint)
    }

    init(
        status: Status, reason: String, message: String, retryAfter: Int?, field: String?, attemptsLeft: Int?,
        hint: String?
    ) {
        self.status = status
        self.reason = reason
        self.message = message
        self.retryAfter = retryAfter
        self.field = field
        self.attemptsLeft = attemptsLeft
        self.hint = hint
    }

    /// Whether this refusal was made for `reason`.
    public func isFor(_ reason: Reason) -> Bool { self.reason == reason.name }

    public var description: String {
        "\(reason): \(message)" + (field.map { " (field \($0))" } ?? "")
            + (retryAfter.map { " (again in \($0) s)" } ?? "")
    }
}

/// An error that knows what a caller may see of it. Thrown by a handler, it is reported and answered as that refusal.
public protocol Refusable: Error {
    var refusal: Refusal { get }
}
