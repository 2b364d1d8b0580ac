import ServiceKit

/// What an operator sets of Twilio.
struct TwilioSettings: Sendable, Equatable {
    /// What a message is sent from.
    enum Sender: Sendable, Equatable {
        case number(String)
        /// A Messaging Service, which chooses the number.
        case service(String)
    }

    /// How the gateway proves to Twilio who it is.
    struct Login: Sendable, Equatable {
        let user: String
        let password: Secret
    }

    let http: HTTPSettings
    let account: String
    let login: Login
    /// The auth token, if it is given: it signs webhooks.
    let token: Secret?
    /// Shared keys that sign webhooks, by their names.
    let webhookKeys: [String: Secret]
    let sender: Sender
    /// The web front end's public URL; nil: no receipts.
    let callback: BaseURL?

    /// Reads the settings of the provider called `name`.
    init(_ settings: Settings, name: String) throws(SettingError) {
        http = try HTTPSettings(settings)
        account = try settings.identifier(
            "account", "AC", meaning: "The account's SID at Twilio: AC and 32 hexadecimal digits.")
        token = try settings.optional(
            settings.secret(
                "token", credential: "\(name).token",
                meaning: "The file of the account's auth token. It also signs what Twilio posts."))
        login = try Self.login(settings, account, token, name: name)
        webhookKeys = try Self.webhookKeys(settings, name: name)
        sender = try Self.sender(settings)
        callback = try settings.optional(
            settings.baseURL(
                "callback",
                meaning:
                    "The web front end's public URL, for receipts. Twilio takes no underscore in its host."))
        guard callback?.host.contains("_") != true else {
            throw settings.error("callback", "Twilio takes no host with an underscore")
        }
        guard callback == nil || token != nil || !webhookKeys.isEmpty else {
            throw settings.error("callback", "receipts need token or webhookKeys, to check who they are from")
        }
    }

    private static func login(_ settings: Settings, _ account: String, _ token: Secret?, name: String)
        throws(SettingError) -> Login
    {
        let key = try settings.optional(
            settings.identifier(
                "apiKey", "SK", meaning: "The SID of an API key to send by, in place of the auth token."))
        let secret = try settings.optional(
            settings.secret(
                "apiSecret", credential: "\(name).apiSecret", meaning: "The file of the API key's secret."))
        switch (key, secret, token) {
        case (let key?, let secret?, _):
            guard secret.isOneLine else {
                throw settings.error("apiSecret", "the file does not hold one line")
            }
            return Login(user: key, password: secret)
        case (_?, nil, _): throw settings.error("apiSecret", "apiKey is given without it")
        case (nil, _?, _): throw settings.error("apiKey", "apiSecret is given without it")
        case (nil, nil, let token?):
            guard token.isOneLine else { throw settings.error("token", "the file does not hold one line") }
            return Login(user: account, password: token)
        case (nil, nil, nil): throw settings.error("token", "expected token, or apiKey and apiSecret")
        }
    }

    /// The file of shared keys: one a line, its name and the key.
    private static func webhookKeys(_ settings: Settings, name: String) throws(SettingError) -> [String:
        Secret]
    {
        let file = try settings.optional(
            settings.secret(
                "webhookKeys", credential: "\(name).webhookKeys", size: 1...65_536,
                meaning: "The file of shared keys that sign what Twilio posts, a line each: NAME KEY."))
        guard let file else { return [:] }
        guard let text = file.text else { throw settings.error("webhookKeys", "the file is not UTF-8") }
        var keys: [String: Secret] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            guard words.count == 2 else {
                throw settings.error(
                    "webhookKeys", "line \(index + 1): expected a name and a key, found \(words.count) words")
            }
            keys[String(first)] = Secret(Array(words[1].utf8))
        }
        guard !keys.isEmpty else { throw settings.error("webhookKeys", "there is no key in the file") }
        return keys
    }

    private static func sender(_ settings: Settings) throws(SettingError) -> Sender {
        let number = try settings.optional(
            settings.string(
                "from", length: 3...16, meaning: "The sender: a number in E.164, a short code, or a name."))
        let service = try settings.optional(
            settings.identifier(
                "messagingService", "MG", meaning: "The SID of a Messaging Service that chooses the sender."))
        switch (number, service) {
        case (let number?, nil): return .number(number)
        case (nil, let service?): return .service(service)
        default: throw settings.error("from", "expected either from or messagingService")
        }
    }
}

extension Settings {
    /// One of Twilio's SIDs: a prefix that tells its kind, and 32 hexadecimal digits.
    fileprivate func identifier(_ name: String, _ prefix: String, meaning: String) throws(SettingError)
        -> String
    {
        let text = try string(name, length: 34...34, meaning: meaning)
        guard text.hasPrefix(prefix), text.dropFirst(2).allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
            throw error(name, "expected \(prefix) and 32 hexadecimal digits")
        }
        return text
    }
}

extension Secret {
    /// Whether it is text that fits into a header.
    fileprivate var isOneLine: Bool {
        text.map { !$0.isEmpty && $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } } ?? false
    }
}
