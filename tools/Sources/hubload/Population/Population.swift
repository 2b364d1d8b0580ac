import Cryptography
import Wire

/// The firms and clients that a load is made with. All of it follows from three numbers, so that whoever knows them
/// knows every client's secret, and nothing has to be kept.
struct Population: Codable, Sendable, Equatable {
    var firms: Int
    var clients: Int
    var seed: Int

    static let mostFirms = 1_000
    static let mostClients = 1_000_000
    /// The password of everybody.
    static let password = "april-showers-1040"

    /// A client's second factor: of 20 clients 13 have an authenticator, the others text messages.
    func method(of client: Int) -> FactorMethod { client % 20 < 13 ? .authenticator : .sms }

    /// Clients stand beside those of the same firm.
    func firm(of client: Int) -> Int { client * firms / clients }

    func slug(of firm: Int) -> String { "load-\(firm)" }
    func email(of client: Int) -> String { "client-\(client)@load-\(firm(of: client)).example" }
    func ownerEmail(of firm: Int) -> String { "owner@load-\(firm).example" }

    func id(ofFirm firm: Int) -> ID { id("firm", firm) }
    func id(ofOwner firm: Int) -> ID { id("owner", firm) }
    func id(ofClient client: Int) -> ID { id("client", client) }
    func id(ofSession session: Int) -> ID { id("session", session) }

    /// What a client's authenticator app keeps: 160 bits.
    func secret(of client: Int) -> [UInt8] { Array(derived("secret", client).prefix(20)) }

    /// The token of a session that was generated, in the form that AuthService gives them.
    func token(ofSession session: Int) -> String { Base64URL.encode(derived("token", session)) }

    /// A number of the North American plan for each client. No exchange ends in 11.
    func phone(of client: Int) -> String {
        let exchange = 220 + client / 10_000
        let line = String(client % 10_000)
        return "+1415\(exchange >= 311 ? exchange + 1 : exchange)"
            + String(repeating: "0", count: 4 - line.count) + line
    }

    /// The address that a client's browser calls from: another one for each, so that no limit for strangers is met.
    func address(of client: Int) -> String {
        "10.\(client >> 16 & 0xFF).\(client >> 8 & 0xFF).\(client & 0xFF)"
    }

    /// Identities of version 7, in the order of their numbers, as if made one a millisecond from 2026 on.
    private func id(_ kind: String, _ number: Int) -> ID {
        let random = derived(kind, number).reduce((high: UInt64(0), low: UInt64(0))) { parts, byte in
            (parts.low >> 56 | parts.high << 8, parts.low << 8 | UInt64(byte))
        }
        let time = UInt64(1_767_225_600_000 + number)
        return ID(high: time << 16 | 0x7000 | random.high & 0x0FFF, low: 1 << 63 | random.low >> 2)
    }

    private func derived(_ kind: String, _ number: Int) -> [UInt8] {
        SHA256.hash("hubload \(seed) \(kind) \(number)")
    }
}

/// A code of an authenticator app (RFC 6238), as a client's phone would show it.
enum AuthenticatorCode {
    static func code(of secret: [UInt8], at now: Timestamp) -> String {
        let step = now.milliseconds / 30_000
        let hash = HMAC.sha1(
            key: secret, (0..<8).map { UInt8(truncatingIfNeeded: step >> Int64(56 - 8 * $0)) })
        let offset = Int(hash[19] & 0x0F)
        let number = hash[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } & 0x7FFF_FFFF
        return String(String(number % 1_000_000 + 1_000_000).dropFirst())
    }
}
