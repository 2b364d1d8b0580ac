import Cryptography
import Wire

/// What a message is made of: the two things that nobody else may read.
struct Content: Sendable, Equatable {
    /// E.164.
    let to: String
    let text: String

    /// Seals both together, for the message `id` alone.
    func sealed(with keys: SealingKeys, for id: ID) -> [UInt8] {
        keys.seal(Array("\(to)\n\(text)".utf8), for: Self.identity(id))
    }

    init(to: String, text: String) {
        self.to = to
        self.text = text
    }

    /// Opens what ``sealed(with:for:)`` sealed.
    ///
    /// - Throws: `SealError` where the key is gone or the row was tampered with.
    init(opening sealed: [UInt8], with keys: SealingKeys, for id: ID) throws(SealError) {
        let plain = try keys.open(sealed, for: Self.identity(id))
        guard let end = plain.firstIndex(of: UInt8(ascii: "\n")) else { throw .notAuthentic }
        to = String(decoding: plain[..<end], as: UTF8.self)
        text = String(decoding: plain[(end + 1)...], as: UTF8.self)
    }

    private static func identity(_ id: ID) -> [UInt8] { Array("message.sealed".utf8) + id.bytes }
}

extension Content: CustomStringConvertible, CustomReflectable {
    var description: String { "(sealed)" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
