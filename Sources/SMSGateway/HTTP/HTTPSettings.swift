import ServiceKit

/// What an operator sets of every provider that is reached over HTTPS.
struct HTTPSettings: Sendable, Equatable {
    /// In place of the provider's own.
    let endpoint: BaseURL?
    /// The file of CA certificates; nil: those of the system.
    let authorities: String?
    /// Milliseconds.
    let connectTimeout: Int

    init(_ settings: Settings) throws(SettingError) {
        endpoint = try settings.optional(
            settings.baseURL(
                "endpoint", meaning: "Where a provider over HTTPS is reached, in place of its own address."))
        authorities = try settings.optional(
            settings.path(
                "caFile",
                meaning: "The CA certificates to trust, in PEM, in place of the system's."))
        connectTimeout = Int(
            try settings.duration(
                "connectTimeout", default: .seconds(2), in: .milliseconds(100)...(.seconds(30)),
                meaning: "How long a connection is waited for before the message goes elsewhere."
            ).wholeMilliseconds)
    }

    var client: HTTPClient {
        HTTPClient(authorities: authorities, limits: HTTPClient.Limits(connect: connectTimeout))
    }
}

extension Settings {
    /// An `https` URL that others begin with.
    func baseURL(_ name: String, meaning: String) throws(SettingError) -> BaseURL {
        let text = try string(name, length: 9...512, meaning: meaning)
        guard let url = BaseURL(text) else { throw error(name, "expected \(BaseURL.bounds), found \(text)") }
        return url
    }
}
