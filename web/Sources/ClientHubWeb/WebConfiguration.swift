import Cryptography
import ServiceKit

/// What the operator sets; docs/operations.md lists it.
struct WebConfiguration: Sendable {
    let common: CommonSettings
    /// Whether this is `make run`: every page says so, plain http will do, and the phone may be shown.
    let isDemo: Bool
    let listen: ListenAddress
    /// What the browser's address bar shows before the path.
    let origin: Origin
    /// AuthService's socket.
    let auth: String
    /// OTPService's socket; for its metrics alone.
    let otp: String?
    /// SMSGateway's socket; for delivery receipts and its metrics alone.
    let sms: String?
    /// The slug of the one firm that is served; nil where people name theirs.
    let firm: String?
    /// The product's name on every page.
    let brand: String
    let help: Help
    /// Proxies whose word on a visitor's address counts.
    let trustedProxies: [AddressRange]
    /// What notes for the next page are sealed with; nil: made at the start, and gone with the process.
    let keys: SealingKeys?
    /// The outbox whose messages the demo's phone shows.
    let phone: String?
    let limits: Limits

    struct Help: Sendable {
        let email: String
        /// A film on how to set up 2FA.
        let video: HelpVideo?
    }

    struct Limits: Sendable {
        let connections: Int
        let bodyBytes: Int
        let idleSeconds: Int
    }

    init(_ settings: Settings) throws(SettingError) {
        common = try CommonSettings(settings)
        isDemo = try settings.flag(
            "demo", default: false,
            meaning:
                "A demonstration: every page says so, `origin` may be http on this host, and `phone` may be set."
        )
        listen = try Self.listen(settings)
        origin = try Self.origin(settings, isDemo: isDemo)
        auth = try settings.socket("auth", meaning: "AuthService's socket.")
        otp = try settings.optional(
            settings.socket("otp", meaning: "OTPService's socket, to show its metrics."))
        sms = try settings.optional(
            settings.socket(
                "sms", meaning: "SMSGateway's socket, to pass on delivery receipts and to show its metrics."))
        firm = try settings.optional(
            settings.string(
                "firm", length: 1...63,
                meaning: "The slug of the one firm that is served; else people name theirs when they log in.")
        )
        brand = try settings.string(
            "brand", default: "Client Hub", length: 1...40, meaning: "The product's name on every page.")
        help = try Self.help(settings)
        trustedProxies = try Self.trustedProxies(settings)
        keys = try Self.keys(settings)
        phone = try settings.optional(
            settings.path(
                "phone",
                meaning:
                    "An outbox's directory: a page shows its messages as a phone would. Only with `demo`."))
        limits = try Self.limits(settings)
        guard isDemo || phone == nil else {
            throw settings.error(
                "phone", "shows everybody's codes to everybody, so it needs \"demo\": true; remove it")
        }
    }

    private static func listen(_ settings: Settings) throws(SettingError) -> ListenAddress {
        let text = try settings.string(
            "listen", default: "127.0.0.1:8080",
            meaning:
                "Where to listen: `unix:` and a path, or a loopback address and a port. A proxy before it brings TLS."
        )
        guard let address = ListenAddress(text) else {
            throw settings.error(
                "listen",
                "expected unix:/PATH, 127.0.0.1:PORT or [::1]:PORT, found \(text); TLS is a proxy's job")
        }
        return address
    }

    private static func origin(_ settings: Settings, isDemo: Bool) throws(SettingError) -> Origin {
        let text = try settings.string(
            "origin",
            meaning: "What people's address bar shows before the path, such as `https://hub.example.com`.")
        guard let origin = Origin(text) else {
            throw settings.error(
                "origin", "expected https://HOST or https://HOST:PORT without a path, found \(text)")
        }
        guard origin.isSecure || isDemo && origin.isLoopback else {
            throw settings.error(
                "origin", "expected https, found \(text): passwords must not travel in the clear")
        }
        return origin
    }

    private static func help(_ settings: Settings) throws(SettingError) -> Help {
        let email = try settings.string(
            "help.email", default: "help@countingworkspro.com", length: 3...254,
            meaning: "Whom the help page tells people to write to.")
        let video = try settings.optional(
            settings.string(
                "help.video", length: 1...255,
                meaning:
                    "The https address of a film on how to set up 2FA: a file (.mp4, .webm) is played, a page is framed."
            ))
        guard let video else { return Help(email: email, video: nil) }
        guard let address = HelpVideo(video) else {
            throw settings.error("help.video", "expected an https address, found \(video)")
        }
        return Help(email: email, video: address)
    }

    private static func trustedProxies(_ settings: Settings) throws(SettingError) -> [AddressRange] {
        let texts = try settings.strings(
            "trustedProxies", default: [], count: 0...64,
            meaning:
                "Addresses and ranges, such as `10.0.0.0/8`, of proxies whose X-Forwarded-For is believed; on a Unix socket the peer is."
        )
        var ranges: [AddressRange] = []
        for (index, text) in texts.enumerated() {
            guard let range = AddressRange(text) else {
                throw settings.error(
                    "trustedProxies[\(index)]",
                    "expected an address or a range such as 10.0.0.0/8, found \(text)")
            }
            ranges.append(range)
        }
        return ranges
    }

    private static func keys(_ settings: Settings) throws(SettingError) -> SealingKeys? {
        let file = try settings.optional(
            settings.secret(
                "key", credential: "web.key", size: 1...65_536,
                meaning:
                    "The file of keys that notes for the next page are sealed with, a line each: VERSION BASE64(32 bytes); else one is made at each start."
            ))
        guard let file else { return nil }
        do throws(KeyFileError) {
            return try SealingKeys(parsing: file.bytes)
        } catch {
            throw settings.error("key", "\(error)")
        }
    }

    private static func limits(_ settings: Settings) throws(SettingError) -> Limits {
        Limits(
            connections: try settings.int(
                "limits.connections", default: 4_096, in: 1...65_536,
                meaning: "Open connections; more wait to be accepted."),
            bodyBytes: try settings.int(
                "limits.bodyBytes", default: 65_536, in: 4_096...(1 << 20),
                meaning: "The longest form or receipt, in bytes; a longer one is answered with 413."),
            idleSeconds: try settings.int(
                "limits.idleSeconds", default: 60, in: 1...3_600,
                meaning: "Seconds of silence after which a connection closes."))
    }
}
