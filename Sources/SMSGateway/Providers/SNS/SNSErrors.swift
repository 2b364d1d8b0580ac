/// The error codes of AWS, as far as they tell what becomes of a message.
///
/// From the errors of SNS's Publish, those that all AWS services have, and those that AWS's own clients try again after.
enum SNSErrors {
    enum Meaning: Sendable, Equatable { case retry, permanent, configuration }

    struct Row: Sendable {
        let meaning: Meaning
        /// As a sentence.
        let reason: String
    }

    /// What a code means; nil for one that is not known here.
    static func row(_ code: String) -> Row? { table[code] }

    static let table: [String: Row] = [
        "InvalidParameter": Row(meaning: .permanent, reason: "AWS does not take the number or the text."),
        "InvalidParameterValue": Row(
            meaning: .permanent, reason: "AWS does not take the number or the text."),
        "ParameterValueInvalid": Row(
            meaning: .permanent, reason: "AWS does not take the number or the text."),
        "ValidationException": Row(meaning: .permanent, reason: "AWS does not take the number or the text."),
        "ValidationError": Row(meaning: .permanent, reason: "AWS does not take the number or the text."),

        "AuthorizationError": misconfigured("The key may not send text messages."),
        "AccessDenied": misconfigured("The key may not send text messages."),
        "AccessDeniedException": misconfigured("The key may not send text messages."),
        "UserErrorException": misconfigured("AWS does not take the request."),
        "InvalidSecurity": misconfigured("The key is not valid, or the connection not secure."),
        "InvalidClientTokenId": misconfigured("AWS does not know the access key."),
        "UnrecognizedClientException": misconfigured("AWS does not know the access key."),
        "SignatureDoesNotMatch": misconfigured("The secret is not the access key's."),
        "IncompleteSignature": misconfigured("AWS does not take the signature."),
        "MissingAuthenticationToken": misconfigured("AWS misses the signature."),
        "MissingAuthenticationTokenException": misconfigured("AWS misses the signature."),
        "RequestExpired": misconfigured("The clock of this host is wrong, or that of AWS."),
        "OptInRequired": misconfigured("The account has not subscribed to SNS."),
        "NotFound": misconfigured("The endpoint is not that of SNS."),
        "InvalidAction": misconfigured("The endpoint is not that of SNS."),
        "KMSAccessDenied": misconfigured("AWS's key management refuses."),
        "KMSDisabled": misconfigured("AWS's key management refuses."),
        "KMSInvalidState": misconfigured("AWS's key management refuses."),
        "KMSNotFound": misconfigured("AWS's key management refuses."),
        "KMSOptInRequired": misconfigured("AWS's key management refuses."),

        "Throttling": busy, "ThrottlingException": busy, "ThrottledException": busy, "Throttled": busy,
        "RequestThrottled": busy, "RequestThrottledException": busy, "RequestLimitExceeded": busy,
        "TooManyRequestsException": busy, "BandwidthLimitExceeded": busy, "LimitExceededException": busy,
        "KMSThrottling": busy, "SlowDown": busy,
    ]

    private static let busy = Row(meaning: .retry, reason: "AWS has too many requests at the moment.")

    private static func misconfigured(_ reason: String) -> Row {
        Row(meaning: .configuration, reason: reason)
    }
}
