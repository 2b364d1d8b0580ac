import Wire

/// What is loaded: a service by its own calls, or all of them by people's visits.
enum Load: String, Sendable, Codable {
    case auth, otp, sms, chain, web

    /// The processes that it needs.
    var services: Set<Service> {
        switch self {
        case .auth: [.auth]
        case .otp: [.otp, .sms]
        case .sms: [.sms]
        case .chain: [.auth, .otp, .sms]
        case .web: [.auth, .otp, .sms, .web]
        }
    }

    /// What visits do, by the names under which they are measured.
    var calls: [String] {
        switch self {
        case .auth: ["auth.LogIn", "auth.Authorize"]
        case .otp: ["otp.Verify", "otp.Methods", "otp.Send", "message"]
        case .sms: ["sms.Submit", "sms.Status", "sms.Verified"]
        case .chain:
            ["auth.LogIn", "auth.SendCode", "message", "auth.Verify", "auth.Authorize", "auth.LogOut"]
        case .web: ["log-in form", "log in", "code", "page"]
        }
    }

    /// The clients that a load has unless others are asked for: enough for what two processors take.
    var clients: Int {
        switch self {
        case .otp: 200_000
        case .auth, .sms, .chain, .web: 50_000
        }
    }

    @Loop func itinerary(_ mix: Mix, at site: Site) -> Itinerary {
        switch self {
        case .auth: Itinerary(AuthVisits(site: site).journeys(mix))
        case .otp: Itinerary(OTPVisits(site: site).journeys(mix))
        case .sms: Itinerary(SMSVisits(site: site).journeys(mix))
        case .chain: Itinerary(ChainVisits(site: site).journeys(mix))
        case .web: Itinerary(WebVisits(site: site).journeys(mix))
        }
    }
}

/// What people do, in which proportion.
enum Mix: String, CaseIterable, Sendable, Codable {
    /// An ordinary hour: most people are inside and read.
    case steady
    /// Monday morning: many log in at once.
    case monday
    /// The day on which returns are due: people read and upload all day, and come back for a moment again and again.
    case deadline

    /// One of three numbers, the mix's.
    func callAsFunction(_ steady: Double, _ monday: Double, _ deadline: Double) -> Double {
        switch self {
        case .steady: steady
        case .monday: monday
        case .deadline: deadline
        }
    }
}
