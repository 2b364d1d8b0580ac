package import ServiceKit
import Wire

/// AuthService's settings.
package struct AuthConfiguration: ServiceConfiguration {
    package let service: ServiceSettings
    /// OTPService's socket.
    let otp: String
    /// The site's domain, which text messages name so that a browser fills in the code.
    let domain: String?
    var passwords: PasswordPool.Settings
    /// Sessions that are kept in memory.
    var cachedSessions: Int

    package init(_ settings: Settings) throws(SettingError) {
        service = try ServiceSettings(settings)
        otp = try settings.socket("otp", meaning: "OTPService's socket.")
        domain = try settings.optional(
            settings.string(
                "domain", length: 1...253,
                meaning: "The site's domain, named in text messages so that a browser fills in the code."))
        var passwords = PasswordPool.Settings()
        passwords.threads = try settings.int(
            "passwords.threads", default: passwords.threads, in: 1...64,
            meaning:
                "Threads that check passwords; each takes 19 MiB while it works. As many as processors by default."
        )
        passwords.queue = try settings.int(
            "passwords.queue", default: passwords.queue, in: 1...10_000,
            meaning: "Passwords that may wait to be checked; more log-ins at once are refused.")
        self.passwords = passwords
        cachedSessions = try settings.int(
            "cachedSessions", default: 100_000, in: 100...10_000_000,
            meaning:
                "Sessions kept in memory, of about half a kilobyte each; others are read from the database.")
    }
}
