/// Twilio's error codes, as far as they tell what becomes of a message.
///
/// From Twilio's documentation of its errors. The reasons are ours: Twilio's own repeat the number.
enum TwilioErrors {
    enum Meaning: Sendable, Equatable {
        /// Not taken, and the same way may take it later.
        case retry
        /// This way does not take it; another one may.
        case otherRoute
        /// Nobody can deliver it to this number.
        case permanent
        /// The number's owner wants no messages.
        case optedOut
        /// Something is wrong with the account, the sender or the settings.
        case configuration
        /// The code's life ran out in Twilio's queue.
        case expired
    }

    struct Row: Sendable {
        let meaning: Meaning
        /// As a sentence.
        let reason: String
    }

    /// What a code means; nil for one that is not known here.
    static func row(_ code: Int) -> Row? { table[code] }

    static let table: [Int: Row] = [
        20429: Row(meaning: .retry, reason: "Twilio has too many requests at the moment."),

        21611: Row(meaning: .otherRoute, reason: "The sender's queue at Twilio is full."),
        21612: Row(meaning: .otherRoute, reason: "Twilio has no way from this sender to the number."),
        30001: Row(meaning: .otherRoute, reason: "The sender's queue at Twilio is full."),
        30008: Row(meaning: .otherRoute, reason: "The carrier gave no reason."),
        30017: Row(meaning: .otherRoute, reason: "The carrier's network is congested."),
        30022: Row(meaning: .otherRoute, reason: "The carrier takes no more from this sender at the moment."),
        30410: Row(meaning: .otherRoute, reason: "The carrier did not answer Twilio in time."),

        21211: Row(meaning: .permanent, reason: "The number is not valid."),
        21614: Row(meaning: .permanent, reason: "The number is no mobile number."),
        30003: Row(meaning: .permanent, reason: "The phone is switched off or out of reach."),
        30004: Row(meaning: .permanent, reason: "The number, or its carrier, blocks messages."),
        30005: Row(meaning: .permanent, reason: "The number is unknown, or in use no more."),
        30006: Row(meaning: .permanent, reason: "The number is a landline, or its carrier is out of reach."),
        60410: Row(meaning: .permanent, reason: "Twilio blocks numbers that begin so, against fraud."),
        21610: Row(meaning: .optedOut, reason: "The number's owner has switched text messages off."),

        20003: Row(meaning: .configuration, reason: "Twilio does not know the account or its secret."),
        20404: Row(meaning: .configuration, reason: "Twilio does not have the account."),
        21212: Row(meaning: .configuration, reason: "The sender is not valid."),
        21408: Row(meaning: .configuration, reason: "The account may not send to the number's country."),
        21602: Row(meaning: .configuration, reason: "Twilio misses the message's text."),
        21603: Row(meaning: .configuration, reason: "Twilio misses the sender."),
        21606: Row(
            meaning: .configuration, reason: "The sender is not the account's, or cannot send messages."),
        21609: Row(meaning: .configuration, reason: "Twilio does not take the URL for receipts."),
        21701: Row(meaning: .configuration, reason: "The account has no such Messaging Service."),
        30002: Row(meaning: .configuration, reason: "The account is suspended."),
        30007: Row(
            meaning: .configuration, reason: "The carrier, or Twilio, filters the message as unwanted."),
        30023: Row(meaning: .configuration, reason: "The sender's daily limit at the carrier is reached."),
        30032: Row(meaning: .configuration, reason: "The toll-free sender is not verified."),
        30034: Row(meaning: .configuration, reason: "The sender is not registered for US carriers (10DLC)."),
        30038: Row(meaning: .configuration, reason: "Twilio filters texts with codes from this sender."),

        30036: Row(meaning: .expired, reason: "The code's life ran out before Twilio could send it."),
    ]
}
