import ArgumentParser
import Glibc
import ServiceKit
import Wire

/// One of the three services.
enum ServiceName: String, CaseIterable, ExpressibleByArgument, Codable {
    // In the order in which one calls the next.
    case auth, otp, sms

    var socket: Socket { Socket(rawValue) }
    /// The executable's name, as people know the service.
    var program: String {
        switch self {
        case .auth: "AuthService"
        case .otp: "OTPService"
        case .sms: "SMSGateway"
        }
    }
    /// The four characters that its database is marked with.
    var tag: String {
        switch self {
        case .auth: "CHau"
        case .otp: "CHot"
        case .sms: "CHsm"
        }
    }
}

/// What is installed on this host, as the configuration files tell.
struct Installation {
    /// Where the files are.
    let directory: String
    /// Where systemd's encrypted credentials are.
    let credentials: String

    func file(_ name: String) -> String { "\(directory)/\(name).json" }

    /// What the configuration of a service says of its files and callers.
    func service(_ name: ServiceName) throws(Problem) -> InstalledService {
        do throws(SettingError) {
            return try Settings.look(into: file(name.rawValue)) { settings throws(SettingError) in
                try InstalledService(name, settings)
            }
        } catch {
            throw .bad("\(error)")
        }
    }

    /// What the front end's configuration says, nil where there is none.
    func web() throws(Problem) -> InstalledWeb? {
        guard access(file("web"), F_OK) == 0 else { return nil }
        do throws(SettingError) {
            return try Settings.look(into: file("web")) { settings throws(SettingError) in
                try InstalledWeb(settings)
            }
        } catch {
            throw .bad("\(error)")
        }
    }
}

/// A service, as its configuration describes it.
struct InstalledService {
    let name: ServiceName
    let socket: String
    let database: String
    let backups: String
    /// The file of its keys, where the configuration names one.
    let key: String?
    /// Users who may connect; empty: the service's own and root.
    let callers: Set<UInt32>
    /// Users who may make the admin calls; empty: the service's own and root.
    let admins: Set<UInt32>
    /// The ways out of SMSGateway.
    let providers: [InstalledProvider]

    init(_ name: ServiceName, _ settings: Settings) throws(SettingError) {
        self.name = name
        socket = try settings.socket("socket", meaning: "")
        database = try settings.path("database", meaning: "")
        backups = try settings.path("backups", default: "backups", meaning: "")
        key = try settings.optional(settings.path("key", meaning: ""))
        callers = try settings.usersOrNone("callers", meaning: "")
        admins = try settings.usersOrNone("admins", meaning: "")
        providers =
            name == .sms
            ? try settings.list("providers", count: 1...16, meaning: "") {
                (item: Settings) throws(SettingError) in try InstalledProvider(item)
            } : []
    }

    /// The directory of its database, which is the service's own.
    var home: String { directory(of: database) }

    /// Whether the users who may connect include this one; `own` is the service's.
    func admits(_ user: UInt32, own: UInt32) -> Bool {
        callers.union(admins).contains(user) || (callers.isEmpty && [own, 0].contains(user))
    }
}

/// A provider of SMSGateway, as its configuration describes it: where it is reached.
struct InstalledProvider {
    enum Way: Equatable {
        /// A directory that messages are written into.
        case directory(String)
        case network(host: String, port: Int)
    }

    let name: String
    let way: Way

    init(_ settings: Settings) throws(SettingError) {
        name = try settings.string("name", meaning: "")
        let kind = try settings.string("kind", meaning: "")
        switch kind {
        case "outbox": way = .directory(try settings.path("directory", meaning: ""))
        case "smpp":
            way = .network(
                host: try settings.string("host", meaning: ""),
                port: try settings.int("port", default: 2_775, in: 1...65_535, meaning: ""))
        default:
            let standard =
                kind == "twilio"
                ? "https://api.twilio.com"
                : "https://sns.\(try settings.string("region", meaning: "")).amazonaws.com"
            let endpoint = try settings.string(
                "endpoint", default: standard, length: 9...512, meaning: "")
            guard let way = Self.way(to: endpoint) else {
                throw settings.error("endpoint", "expected an https URL, found \(endpoint)")
            }
            self.way = way
        }
    }

    /// The host and port of a URL.
    static func way(to url: String) -> Way? {
        guard url.hasPrefix("https://") else { return nil }
        let authority = url.dropFirst("https://".count).prefix { $0 != "/" }
        guard authority.first != "[" else {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            let host = String(authority[authority.index(after: authority.startIndex)..<end])
            return network(host, authority[authority.index(after: end)...])
        }
        let host = authority.prefix { $0 != ":" }
        return network(String(host), authority.dropFirst(host.count))
    }

    private static func network(_ host: String, _ rest: Substring) -> Way? {
        guard !host.isEmpty else { return nil }
        guard !rest.isEmpty else { return .network(host: host, port: 443) }
        guard rest.first == ":", let port = Int(rest.dropFirst()), (1...65_535).contains(port) else {
            return nil
        }
        return .network(host: host, port: port)
    }
}

/// The front end, as its configuration describes it.
struct InstalledWeb {
    /// What the browser's address bar shows.
    let origin: String
    /// The file of its keys, where the configuration names one.
    let key: String?

    init(_ settings: Settings) throws(SettingError) {
        origin = try settings.string("origin", meaning: "")
        key = try settings.optional(settings.path("key", meaning: ""))
    }
}

/// The directory that a path leads into.
func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}
