import Cryptography
import Foundation

/// The directory in which services of hubload's own work: configurations, keys, databases, sockets, logs.
///
/// As `make run` keeps it, with limits that a load does not meet: what is measured is the services, not their refusals.
final class State: Sendable {
    let directory: String
    private let isScratch: Bool

    /// A directory that is kept; it is made where there is none.
    init(keeping directory: String) throws {
        self.directory = URL(fileURLWithPath: directory).standardizedFileURL.path
        isScratch = false
        try make()
    }

    /// A directory that is gone with this value. Not the folder for temporary files that the environment names: a
    /// socket's path is at most 107 bytes.
    init() throws {
        directory = "/tmp/hubload-\(UUID().uuidString.prefix(8))"
        isScratch = true
        Interruption.made(directory)
        try make()
    }

    deinit {
        if isScratch { Interruption.remove(directory) }
    }

    var sockets: String { directory + "/sockets" }
    var outbox: String { directory + "/data/sms/outbox" }
    var key: String { directory + "/etc/otp.key" }
    func database(of service: Service) -> String {
        "\(directory)/data/\(service.rawValue)/\(service.rawValue).db"
    }
    func configuration(of service: Service) -> String { "\(directory)/etc/\(service.rawValue).json" }
    func log(of service: Service) -> String { "\(directory)/log/\(service.rawValue).log" }

    private func make() throws {
        let folders = ["sockets", "etc", "log", "data/auth", "data/otp", "data/sms"]
        do {
            for folder in folders {
                try FileManager.default.createDirectory(
                    atPath: "\(directory)/\(folder)", withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
            }
        } catch {
            throw Problem.failed("\(directory): cannot be made: \(error.localizedDescription)")
        }
        guard "\(sockets)/auth.sock".utf8.count <= 107 else {
            throw Problem.failed("\(directory) is too long for a socket's path; choose a shorter --state")
        }
    }

    /// Writes the services' configurations, and keys where there are none yet. `port` is the front end's.
    func configure(port: Int) throws {
        for key in ["otp", "sms", "web"].map({ "\(directory)/etc/\($0).key" })
        where !FileManager.default.fileExists(atPath: key) {
            try write(SealingKeys.generate().file, to: key)
        }
        for service in Service.allCases {
            let settings = settings(of: service, port: port)
            let data = try JSONSerialization.data(
                withJSONObject: settings, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
            try write(String(decoding: data, as: UTF8.self) + "\n", to: configuration(of: service))
        }
    }

    private func settings(of service: Service, port: Int) -> [String: Any] {
        if service == .web {
            let origin = "127.0.0.1:\(port)"
            return [
                "listen": origin, "origin": "http://\(origin)", "auth": "\(sockets)/auth.sock",
                "otp": "\(sockets)/otp.sock", "sms": "\(sockets)/sms.sock", "key": "\(directory)/etc/web.key",
                "demo": true, "firm": "load-0",
            ]
        }
        var settings: [String: Any] = [
            "socket": "\(sockets)/\(service.rawValue).sock", "database": database(of: service),
            "backups": "\(directory)/backups-\(service.rawValue)",
            "wire": ["connections": 20_000], "log": ["level": "warning"],
        ]
        switch service {
        case .auth: settings["otp"] = "\(sockets)/otp.sock"
        case .otp:
            settings["sms"] = "\(sockets)/sms.sock"
            settings["key"] = key
        case .sms:
            settings["key"] = "\(directory)/etc/sms.key"
            settings["queue"] = ["limit": 1_000_000]
            settings["limits"] = [
                "numberPerTenMinutes": 1_000, "numberPerHour": 1_000, "numberPerDay": 1_000,
                "prefixPerHour": 1_000_000, "firmPerDay": 10_000_000, "countryPerDay": 100_000_000,
                "pumping": "record",
            ]
            settings["providers"] = [["name": "outbox", "kind": "outbox", "directory": outbox]]
        case .web: break
        }
        return settings
    }

    /// What the databases were filled with, or nil where they were not.
    func population() throws -> Filling? {
        guard let data = FileManager.default.contents(atPath: directory + "/population.json") else {
            return nil
        }
        do {
            return try JSONDecoder().decode(Filling.self, from: data)
        } catch {
            throw Problem.failed("\(directory)/population.json: cannot be read: \(error)")
        }
    }

    func keep(_ filling: Filling) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try write(
            String(decoding: try encoder.encode(filling), as: UTF8.self), to: directory + "/population.json")
    }

    private func write(_ text: String, to path: String) throws {
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8), attributes: attributes)
        else {
            throw Problem.failed("\(path): cannot be written")
        }
    }
}

/// What databases were filled with.
struct Filling: Codable, Sendable, Equatable {
    var population: Population
    var sessions: Int
    var events: Int
}

/// A process of the system under load.
enum Service: String, CaseIterable, Sendable, Codable {
    case sms, otp, auth, web

    var program: String {
        switch self {
        case .sms: "SMSGateway"
        case .otp: "OTPService"
        case .auth: "AuthService"
        case .web: "ClientHubWeb"
        }
    }
}
