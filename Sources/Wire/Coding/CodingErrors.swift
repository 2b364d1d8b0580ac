/// Bytes that are no message: what is wrong with them, and where.
struct MalformedMessage: Error, Hashable, CustomStringConvertible {
    /// As a clause: `a string ends early`. Never quotes the message, which may hold a secret.
    let problem: String
    /// Counted in bytes from the first byte of the message.
    let offset: Int

    var description: String { "\(problem) (at byte \(offset))" }
}

/// A field of a well-formed body that is not what its type wants.
struct BadField: Error, Hashable, CustomStringConvertible {
    /// Such as `owner.email` or `checks[2].name`; empty for the body itself.
    let path: String
    /// As a predicate to the path: `is missing`. Quotes no text of the message, which may be a secret.
    let message: String

    var description: String { path.isEmpty ? "the body \(message)" : "\(path) \(message)" }
}

/// A value that cannot be written: a fault of the program that wanted to send it.
struct Unencodable: Error, Hashable, CustomStringConvertible {
    /// As ``BadField/path``.
    let path: String
    let message: String

    var description: String { path.isEmpty ? message : "\(path): \(message)" }
}
