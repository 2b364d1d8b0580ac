import Cryptography
import Wire

/// The place of a sealed value. A value copied into any other place does not open there.
enum SealedRecord: Hashable, Sendable {
    /// What the tags of a subject's codes are made with.
    case codeKey(of: ID)
    /// An authenticator's secret or a phone's number.
    case factor(of: ID, FactorMethod)
    /// The code of a chain.
    case code(chain: ID)

    /// The same bytes for no other place: the words differ, and none begins with another one and its zero.
    var identity: [UInt8] {
        switch self {
        case .codeKey(let subject): Self.bytes("code_key", subject)
        case .factor(let subject, let method): Self.bytes("factor.\(method.rawValue)", subject)
        case .code(let chain): Self.bytes("code", chain)
        }
    }

    private static func bytes(_ word: String, _ id: ID) -> [UInt8] { Array(word.utf8) + [0] + id.bytes }
}
