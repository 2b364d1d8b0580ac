import Cryptography
import Wire

/// Where a page of a list ended. Opaque to callers, and good only for the list that it was made for, with the same search
/// and the same filter: any other is refused, instead of giving a page from somewhere.
///
/// It holds no secret and gives no right, so a digest is enough of a check.
enum Cursor {
    private static let checkLength = 8

    /// `list` names the list, with its firm and its filters.
    static func encode(_ position: [UInt8], of list: String) -> String {
        Base64URL.encode(check(position, list) + position)
    }

    /// - Throws: `MALFORMED` where `text` is no cursor of `list`.
    static func decode(_ text: String, of list: String) throws(Refusal) -> [UInt8] {
        guard let bytes = Base64URL.decode(text), bytes.count > checkLength,
            case let position = Array(bytes[checkLength...]),
            Array(bytes[..<checkLength]) == check(position, list)
        else { throw Refusal(.malformed, "cursor is not the next of this list", field: "cursor") }
        return position
    }

    private static func check(_ position: [UInt8], _ list: String) -> [UInt8] {
        var hash = SHA256()
        hash.update("\(list.utf8.count)\n\(list)")
        hash.update(position)
        return Array(hash.finish().bytes[..<checkLength])
    }
}
