import ServiceKit
import Wire

/// The services that the front end calls.
struct Services: Sendable {
    let auth: Client
    let otp: Client?
    let sms: Client?

    /// How long a call may take: a log-in may have to wait for its turn at the passwords.
    static let milliseconds = 10_000

    init(_ configuration: WebConfiguration) {
        auth = Client(path: configuration.auth)
        otp = configuration.otp.map { Client(path: $0) }
        sms = configuration.sms.map { Client(path: $0) }
    }

    init(auth: Client, otp: Client? = nil, sms: Client? = nil) {
        self.auth = auth
        self.otp = otp
        self.sms = sms
    }

    /// All of them by name.
    var all: [(name: String, client: Client)] {
        [(name: "auth", client: auth as Client?), ("otp", otp), ("sms", sms)].compactMap { name, client in
            client.map { (name: name, client: $0) }
        }
    }
}
