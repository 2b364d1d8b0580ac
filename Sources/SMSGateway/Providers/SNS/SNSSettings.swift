import ServiceKit

/// What an operator sets of AWS SNS.
struct SNSSettings: Sendable, Equatable {
    let http: HTTPSettings
    /// Where it is reached.
    let url: BaseURL
    let region: String
    let accessKey: String
    let secretKey: Secret
    /// The name that a message is from, where its country takes one.
    let senderID: String?
    /// The number that a message is from; nil: one that AWS chooses.
    let origin: String?

    /// Reads the settings of the provider called `name`.
    init(_ settings: Settings, name: String) throws(SettingError) {
        http = try HTTPSettings(settings)
        if let endpoint = http.endpoint, endpoint.text != "https://\(endpoint.authority)" {
            throw settings.error("endpoint", "expected a host, and a port if need be, found \(endpoint.text)")
        }
        region = try settings.string(
            "region", length: 3...32, meaning: "The AWS region to send from, such as us-east-1.")
        guard MessageText.isHost(region), !region.contains(".") else {
            throw settings.error("region", "expected a region such as us-east-1, found \(region)")
        }
        guard let url = http.endpoint ?? BaseURL("https://sns.\(region).amazonaws.com") else {
            throw settings.error("region", "there is no host for \(region)")
        }
        self.url = url
        accessKey = try settings.string(
            "accessKey", length: 4...128, meaning: "The id of the access key to send by.")
        guard accessKey.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }) else {
            throw settings.error("accessKey", "expected the id of a key, of letters and digits")
        }
        secretKey = try settings.secret(
            "secretKey", credential: "\(name).secretKey", meaning: "The file of the access key's secret.")
        guard let secret = secretKey.text, !secret.isEmpty,
            secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw settings.error("secretKey", "the file does not hold one line") }
        senderID = try settings.optional(
            settings.string(
                "senderID", length: 1...11,
                meaning:
                    "The name that messages are from, in countries that take one: up to 11 letters and digits."
            ))
        origin = try settings.optional(
            settings.string(
                "originationNumber", length: 3...16,
                meaning: "The number that messages are from, in place of one that AWS chooses."))
    }
}
