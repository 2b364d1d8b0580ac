import Cryptography
import ServiceKit

/// What the operator sets. Everything but the providers has a default; SIGHUP reads the limits
/// and the queue's settings anew.
struct SMSConfiguration: ServiceConfiguration {
    let service: ServiceSettings
    /// Users who may call `sms.Receipt`.
    let receipts: Set<UInt32>
    /// Nil: the one that the gateway makes for itself (``OwnKey``).
    let keys: SealingKeys?
    let providers: [ProviderSettings]
    let limits: SendLimits
    /// Messages that may wait.
    let queueLimit: Int
    let courier: Courier.Settings

    init(_ settings: Settings) throws(SettingError) {
        var service = try ServiceSettings(settings)
        receipts = try settings.users(
            "receipts",
            meaning: "Users who may pass on what providers post; empty means the service's own user and root."
        )
        service.guests = receipts
        self.service = service
        keys = try Self.keys(settings)
        providers = try settings.list(
            "providers", count: 1...16, meaning: "The ways out for messages, the first choice first."
        ) { (item: Settings) throws(SettingError) in try ProviderSettings(item) }
        if let twice = Dictionary(grouping: providers, by: \.name).first(where: { $0.value.count > 1 }) {
            throw settings.error("providers", "two of them have the name \(twice.key)")
        }
        limits = try SendLimits(settings.object("limits"))
        queueLimit = try settings.int(
            "queue.limit", default: 10_000, in: 1...1_000_000,
            meaning: "Messages that may wait; more are refused with QUEUE_FULL.")
        courier = Courier.Settings(
            sendTimeout: try settings.duration(
                "queue.sendTimeout", default: .seconds(30), in: .seconds(1)...(.seconds(120)),
                meaning:
                    "After how long a provider's answer is not waited for, and the message is uncertain."
            ).wholeSeconds,
            retention: try settings.duration(
                "queue.retention", default: .seconds(30 * 86_400),
                in: .seconds(86_400)...(.seconds(3_650 * 86_400)),
                meaning:
                    "How long a message is listed after it was accepted; its number and code go much earlier."
            ).wholeSeconds)
    }
}

extension SMSConfiguration {
    private static func keys(_ settings: Settings) throws(SettingError) -> SealingKeys? {
        let file = try settings.optional(
            settings.secret(
                "key", credential: "sms.key", size: 1...65_536,
                meaning:
                    "The file of keys that messages are sealed with, a line each: VERSION BASE64(32 bytes); else the gateway makes one beside its database."
            ))
        guard let file else { return nil }
        do throws(KeyFileError) {
            return try SealingKeys(parsing: file.bytes)
        } catch {
            throw settings.error("key", "\(error)")
        }
    }
}

extension SendLimits {
    /// Reads the object `limits`.
    init(_ settings: Settings) throws(SettingError) {
        numberPerTenMinutes = try settings.int(
            "numberPerTenMinutes", default: 3, in: 0...1_000, meaning: "Codes to one number in ten minutes.")
        numberPerHour = try settings.int(
            "numberPerHour", default: 5, in: 0...1_000, meaning: "Codes to one number in an hour.")
        numberPerDay = try settings.int(
            "numberPerDay", default: 10, in: 0...1_000, meaning: "Codes to one number in a day.")
        prefixPerHour = try settings.int(
            "prefixPerHour", default: 5, in: 0...1_000_000,
            meaning:
                "Unused codes in an hour to unproved numbers that differ in their last four digits alone."
        )
        firmPerDay = try settings.int(
            "firmPerDay", default: 1_000, in: 0...10_000_000, meaning: "Codes for one firm in a day.")
        countryPerDay = try settings.int(
            "countryPerDay", default: 20_000, in: 0...100_000_000, meaning: "Codes to one country in a day.")
        let codes = try settings.strings(
            "countries", default: ["US", "CA"], count: 1...250,
            meaning: "ISO 3166 codes of the countries whose numbers codes are sent to.")
        if let wrong = codes.first(where: { !NumberingPlan.isCountry($0) }) {
            throw settings.error(
                "countries", "\(wrong) is no country with numbers of its own; expected codes such as US")
        }
        countries = Set(codes)
        pumping = try settings.choice(
            "pumping", default: .block,
            meaning:
                "What is done about prefixes whose codes are not used: they are blocked, or it is only said.")
    }
}

/// One provider, as it is configured.
struct ProviderSettings: Sendable, Equatable {
    enum Kind: String, CaseIterable, Sendable { case outbox, twilio, sns, smpp }

    let name: String
    let kind: Kind
    /// Of an outbox; empty of others.
    let directory: String
    /// Of Twilio; nil of others.
    let twilio: TwilioSettings?
    /// Of AWS SNS; nil of others.
    let sns: SNSSettings?
    /// Of a carrier that is reached by SMPP; nil of others.
    let smpp: SMPPSettings?
    let inFlight: Int
    let onUncertain: OnUncertain

    init(_ settings: Settings) throws(SettingError) {
        name = try settings.string(
            "name", length: 1...32,
            meaning: "The provider's name in logs and metrics: small letters, digits and hyphens.")
        guard MessageText.isHost(name), !name.contains(".") else {
            throw settings.error("name", "expected small letters, digits and hyphens, found \(name)")
        }
        kind = try settings.choice(
            "kind",
            meaning:
                "What it is: an outbox writes each message as a JSON file; twilio, sns and smpp send it by Twilio, AWS SNS or a carrier."
        )
        directory =
            kind == .outbox
            ? try settings.path("directory", meaning: "Where an outbox writes its files.") : ""
        twilio = kind == .twilio ? try TwilioSettings(settings, name: name) : nil
        sns = kind == .sns ? try SNSSettings(settings, name: name) : nil
        smpp = kind == .smpp ? try SMPPSettings(settings, name: name) : nil
        // More than a carrier's window has room for would only wait, where no other provider can take it.
        inFlight =
            if let smpp {
                smpp.window
            } else {
                try settings.int(
                    "inFlight", default: 8, in: 1...256,
                    meaning: "Messages that may be on their way to it at once.")
            }
        onUncertain = try settings.choice(
            "onUncertain", default: .report,
            meaning: "What is done about a message that it may have taken: it is said, or sent once more.")
    }

    /// Makes the provider, ready to send; what its carrier tells unasked goes to `news`.
    func provider(_ clock: Clock, _ news: CarrierNews) -> any Provider {
        switch kind {
        case .outbox:
            let outbox = Outbox(name: name, directory: directory, now: clock.wall)
            outbox.tidy()
            return outbox
        case .twilio:
            guard let twilio else { preconditionFailure("a provider without its settings") }
            return Twilio(name: name, settings: twilio, clock: clock)
        case .sns:
            guard let sns else { preconditionFailure("a provider without its settings") }
            return SNS(name: name, settings: sns, clock: clock)
        case .smpp:
            guard let smpp else { preconditionFailure("a provider without its settings") }
            return SMPP(name: name, settings: smpp, clock: clock, news: news)
        }
    }
}
