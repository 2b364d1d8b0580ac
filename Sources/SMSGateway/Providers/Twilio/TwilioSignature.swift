import Cryptography
import ServiceKit

/// Tells whether Twilio signed a webhook.
///
/// The signature is an HMAC over the URL and the fields of the form. By default it is SHA-1 under the account's auth
/// token; where a header names a shared key and HMAC_SHA256, it is that. A body of JSON is signed by its hash in the URL.
struct TwilioSignature: Sendable {
    let token: Secret?
    let keys: [String: Secret]

    /// Whether `webhook`, whose body has these fields, is Twilio's; nil for the fields of a body of JSON.
    func isGenuine(_ webhook: Webhook, fields: [(name: String, value: String)]?) -> Bool {
        guard let given = webhook.headers["x-twilio-signature"],
            let sign = signer(webhook.headers["x-twilio-webhooks-signature-settings"] ?? "")
        else { return false }
        if fields == nil, !Self.hasHash(of: webhook.body, webhook.url) { return false }
        let text = Self.text(of: fields ?? [])
        // Twilio signs the URL sometimes with the port and sometimes without.
        return Self.spellings(of: webhook.url).contains { url in
            ConstantTime.equal(Base64.encode(sign(Array((url + text).utf8))), given)
        }
    }

    /// How Twilio has signed, by the header that tells; nil where it is no way that is known, or with no key that is.
    private func signer(_ header: String) -> (([UInt8]) -> [UInt8])? {
        var settings: [String: String] = [:]
        for part in header.split(separator: ",") {
            let words = part.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " } }
            if words.count == 2 { settings[words[0]] = words[1] }
        }
        switch settings["algorithm"]?.uppercased() {
        case nil, "HMAC_SHA1":
            guard let token, let text = token.text else { return nil }
            return { HMAC.sha1(key: Array(text.utf8), $0) }
        case "HMAC_SHA256":
            guard let key = settings["key"].flatMap({ keys[$0] }) else { return nil }
            return { HMAC.sha256(key: key.bytes, $0) }
        default:
            return nil
        }
    }

    /// The fields as they are signed: by name, and each distinct value of a name once.
    private static func text(of fields: [(name: String, value: String)]) -> String {
        let distinct = Dictionary(grouping: fields, by: \.name).mapValues { Set($0.map(\.value)) }
        return distinct.sorted { isBefore($0.key, $1.key) }.reduce(into: "") { text, field in
            for value in field.value.sorted(by: isBefore) { text += field.key + value }
        }
    }

    private static func isBefore(_ one: String, _ other: String) -> Bool {
        one.utf8.lexicographicallyPrecedes(other.utf8)
    }

    /// Whether the URL has the hash of this body.
    private static func hasHash(of body: String, _ url: String) -> Bool {
        guard let mark = url.firstIndex(of: "?"),
            let fields = try? FormText.decode(String(url[url.index(after: mark)...])),
            let hash = fields.first(where: { $0.name == "bodySHA256" })?.value
        else { return false }
        return ConstantTime.equal(SHA256.digest(body).description, hash)
    }

    /// The URL with its port and without it.
    private static func spellings(of url: String) -> [String] {
        guard let scheme = url.firstRange(of: "://") else { return [url] }
        let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
        let (before, after) = (url[..<scheme.upperBound], url[authority.endIndex...])
        guard let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") else {
            return [url, "\(before)\(authority):\(before == "http://" ? 80 : 443)\(after)"]
        }
        return [url, "\(before)\(authority[..<colon])\(after)"]
    }
}
