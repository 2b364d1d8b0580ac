import Cryptography

/// The proof that a form was filled in on one of our pages: a secret of the browser's own, kept in a cookie that no
/// script and no other host can set (`__Host-`), stands in each form too (double submit).
///
/// In the form it is masked by fresh random bytes, so that no two pages have the same characters: who compresses pages and
/// measures their length learns nothing.
struct FormToken: Sendable {
    static let bytes = 32
    /// As the cookie has it.
    let secret: [UInt8]

    init() { secret = Random.bytes(Self.bytes) }

    /// The secret of a cookie; nil where it is none.
    init?(cookie: String?) {
        guard let cookie, let secret = Base64URL.decode(cookie), secret.count == Self.bytes else {
            return nil
        }
        self.secret = secret
    }

    var cookie: String { Base64URL.encode(secret) }

    /// A new text for a form.
    func masked() -> String {
        let mask = Random.bytes(Self.bytes)
        return Base64URL.encode(mask + zip(mask, secret).map { $0 ^ $1 })
    }

    /// Whether `field` was made from this secret.
    func fits(_ field: String?) -> Bool {
        guard let field, let both = Base64URL.decode(field), both.count == 2 * Self.bytes else {
            return false
        }
        let unmasked = zip(both[..<Self.bytes], both[Self.bytes...]).map { $0 ^ $1 }
        return ConstantTime.equal(unmasked, secret)
    }
}
