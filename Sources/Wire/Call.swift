/// One method of a service: the type of its request, which names the type of its answer.
///
///     let reply = try await client.call(Auth.Authorize(session: token, path: "/documents"))
public protocol Call: Codable, Sendable {
    associatedtype Reply: Codable & Sendable

    /// The name on the wire, such as `auth.Authorize`; never reused for anything else.
    static var method: String { get }
    /// What it does, in a sentence.
    static var summary: String { get }
    /// Why it may be refused, beside the reasons that every call may be refused for (``Reason/common``).
    static var reasons: [Reason] { get }
}

extension Call {
    public static var reasons: [Reason] { [] }
}

/// An answer, or a request, without fields.
public struct Nothing: Codable, Sendable, Hashable {
    public init() {}
}

/// An enumeration of words on the wire. `wire.Describe` lists its cases.
public protocol Word: RawRepresentable<String>, CaseIterable, Codable, Hashable, Sendable {}

extension Word {
    /// Every word, for `wire.Describe` and for the error that an unknown word gets.
    static var words: [String] { allCases.map(\.rawValue) }
}
