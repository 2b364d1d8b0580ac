import Cryptography
import FoundationEssentials
import Wire

/// What one page leaves for the next in the browser, sealed: so that each form can be answered with a redirect, and neither
/// the back button nor a reload sends it again. The front end itself remembers nothing.
struct Notes: Codable, Equatable, Sendable {
    /// A set-up that was begun.
    var setUp: SetUp?
    /// New recovery codes, until the person has kept them.
    var recoveryCodes: [String]?
    /// A code that is on its way to the phone.
    var sent: Sent?
    /// An invitation that was made.
    var invitation: Invitation?
    /// The name of a text to say once, in the catalogue's `said`.
    var said: String?
    /// When they are of no use any more.
    var until = Timestamp.now + Self.life

    /// Seconds.
    private static let life = 30 * 60

    struct SetUp: Codable, Equatable, Sendable {
        var method: FactorMethod
        /// An otpauth:// URI, and its secret for typing.
        var uri: String?
        var secret: String?
        /// As it was typed, to send again to; and masked, to show.
        var phone: String?
        var maskedPhone: String?
        /// When a code may be sent again.
        var resendAt: Timestamp?
        var expires: Timestamp
    }

    struct Sent: Codable, Equatable, Sendable {
        /// Masked.
        var phone: String
        var resendAt: Timestamp
        var expires: Timestamp
    }

    struct Invitation: Codable, Equatable, Sendable {
        var name: String
        var email: String
        /// The address to open.
        var link: String
        var expires: Timestamp
    }

    var isEmpty: Bool {
        setUp == nil && recoveryCodes == nil && sent == nil && invitation == nil && said == nil
    }
}

/// Seals notes with AES-256-GCM. A note opens in the browser that it was made for, and nowhere else.
struct NoteSeal: Sendable {
    let keys: SealingKeys

    /// The text for a cookie of the browser with this secret.
    func seal(_ notes: Notes, for browser: FormToken) throws -> String {
        Base64URL.encode(keys.seal(Array(try JSONEncoder().encode(notes)), for: browser.secret))
    }

    /// The notes of a cookie; nil where it is none of ours, belongs to another browser, or is too old.
    func open(_ cookie: String?, for browser: FormToken, now: Timestamp = .now) -> Notes? {
        guard let cookie, let sealed = Base64URL.decode(cookie),
            let plain = try? keys.open(sealed, for: browser.secret),
            let notes = try? JSONDecoder().decode(Notes.self, from: Data(plain)), now < notes.until
        else { return nil }
        return notes
    }
}
