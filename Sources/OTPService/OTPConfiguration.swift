import Cryptography
import ServiceKit

/// What OTPService reads from its configuration file, beside what every service does.
struct OTPConfiguration: ServiceConfiguration {
    let service: ServiceSettings
    /// The socket of SMSGateway.
    let sms: String
    let keys: SealingKeys
    let options: OTPOptions

    init(_ settings: Settings) throws(SettingError) {
        service = try ServiceSettings(settings)
        sms = try settings.socket("sms", meaning: "SMSGateway's socket, which codes are sent by.")
        keys = try Self.keys(settings)
        options = OTPOptions(
            brand: try settings.string(
                "brand", default: "Client Hub", length: 1...40,
                meaning: "What messages begin with and apps show where a call names no brand or firm."),
            setUpLife: try settings.duration(
                "setUpLife", default: .seconds(900), in: .seconds(300)...(.seconds(86_400)),
                meaning: "How long a set-up may be confirmed after it was begun."
            ).wholeSeconds)
    }

    /// Without its keys the service could neither read what it has nor keep anything: none are made up.
    private static func keys(_ settings: Settings) throws(SettingError) -> SealingKeys {
        let file = try settings.secret(
            "key", credential: "otp.key", size: 1...65_536,
            meaning: "The keys that secrets and numbers are sealed with: lines of VERSION BASE64(32 bytes).")
        do throws(KeyFileError) {
            return try SealingKeys(parsing: file.bytes)
        } catch {
            throw settings.error("key", "the key file is of no use: \(error)")
        }
    }
}

/// What may be changed while the service runs.
struct OTPOptions: Hashable, Sendable {
    /// What messages begin with, and apps show, where a call names nothing.
    var brand = "Client Hub"
    /// Seconds in which a set-up must be confirmed.
    var setUpLife = 900
}
