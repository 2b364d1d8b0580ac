import ArgumentParser
import Cryptography
import Wire

/// `hubctl key`: the keys that secrets and numbers are sealed with.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Makes and changes the keys that secrets are sealed with.",
        subcommands: [Create.self, Rotate.self, Status.self])

    /// Who has keys.
    enum Holder: String, CaseIterable, ExpressibleByArgument {
        case otp, sms, web

        /// The service that seals values in its database; nil of the front end, which keeps nothing.
        var service: ServiceName? { ServiceName(rawValue: rawValue) }

        func place(on host: Installation, encrypted: Bool) throws(Problem) -> KeyPlace {
            if let service { return try host.keyPlace(of: service, encrypted: encrypted) }
            guard let web = try host.web() else {
                throw .bad("\(host.file("web")): is not there, so there is no front end")
            }
            return host.webKeyPlace(web, encrypted: encrypted)
        }
    }

    /// `hubctl key create`: a first key.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a file with a first key, where there is none.",
            discussion: """
                It is given to the service where the configuration names the file, else to root, since systemd hands \
                it over. --print writes a key to standard output instead, for another store of secrets.
                """)

        @Argument(help: "Whose: otp, sms or web.")
        var holder: Holder

        @Flag(help: "Have systemd-creds encrypt it for this host.")
        var encrypted = false

        @Flag(name: .customLong("print"), help: "Print a key instead of keeping one.")
        var prints = false

        @OptionGroup var host: HostOptions
        @OptionGroup var options: GlobalOptions

        struct Report: Encodable {
            let path: String
            let version: UInt32
            let fingerprint: String
        }

        func run() async throws {
            let keys = SealingKeys.generate()
            if prints {
                print(keys.file, terminator: "")
                return
            }
            let place = try holder.place(on: host.installation, encrypted: encrypted)
            guard !place.exists else {
                throw Problem.bad("\(place.path): is there already; `hubctl key rotate` adds a key to it")
            }
            try place.write(keys, replacing: false)
            let report = Report(
                path: place.path, version: keys.current, fingerprint: keys.fingerprints[keys.current] ?? "")
            try options.show(
                report,
                as:
                    "\(report.path): made, with key \(report.version) (\(report.fingerprint)). Keep a copy apart from the backups."
            )
        }
    }

    /// `hubctl key rotate`: a new key, and everything sealed under it.
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds a key, has the service take it, and waits until values are sealed under it.",
            discussion: """
                The older keys stay: they open what they sealed, and old backups. A line may be taken out of the file \
                once `hubctl key status` shows no value under it. Where systemd does not run the service, send it \
                SIGHUP when this says so.
                """)

        @Argument(help: "Whose: otp, sms or web.")
        var holder: Holder

        @Option(help: ArgumentHelp("How long to wait for the service.", valueName: "seconds"))
        var wait = 600

        @OptionGroup var host: HostOptions
        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard (1...86_400).contains(wait) else { throw ValidationError("--wait is 1 to 86400 seconds") }
        }

        struct Report: Encodable {
            let path: String
            let version: UInt32
            /// Values that are still sealed under older keys; absent of the front end, which keeps none.
            let left: Int?
        }

        func run() async throws {
            let place = try holder.place(on: host.installation, encrypted: false)
            guard place.exists else {
                throw Problem.bad(
                    "\(place.path): is not there; `hubctl key create \(holder.rawValue)` makes it")
            }
            let old = try place.keys()
            guard old.current < .max else { throw Problem.bad("\(place.path): has no next version") }
            let new = old.adding()
            try place.write(new, replacing: true)
            printNote("\(place.path): key \(new.current) added")
            try tellService(rereads: try readsFile(place))
            guard let service = holder.service else {
                try options.show(
                    Report(path: place.path, version: new.current, left: nil),
                    as: "The front end seals with key \(new.current) once it was restarted.")
                return
            }
            let left = try await resealed(service, new)
            try options.show(
                Report(path: place.path, version: new.current, left: left), as: Self.text(service, new, left))
        }

        /// Whether the service reads the file itself, and again when it is told to. What systemd hands over it hands over
        /// at the start alone.
        private func readsFile(_ place: KeyPlace) throws -> Bool {
            guard !place.isEncrypted else { return false }
            if let service = holder.service { return try host.installation.service(service).key != nil }
            return false
        }

        private func tellService(rereads isReload: Bool) throws {
            let unit = Systemd.unit(of: holder.rawValue)
            guard Systemd.runs else {
                let program = holder.service?.program ?? "ClientHubWeb"
                printNote(isReload ? "Send SIGHUP to \(program) now." : "Start \(program) again now.")
                return
            }
            _ = try Program.output(["systemctl", isReload ? "reload" : "restart", unit])
            printNote("\(unit): \(isReload ? "reloaded" : "restarted")")
        }

        /// Waits until the service has the newest key and has sealed with it what it can.
        ///
        /// - Returns: how many values are left under older keys.
        private func resealed(_ service: ServiceName, _ keys: SealingKeys) async throws -> Int {
            let client = options.client(of: service.socket)
            let end = Deadline.after(milliseconds: wait * 1_000)
            let wanted = keys.fingerprints[keys.current]
            var hasKey = false
            var shown: Int?
            while !end.hasPassed {
                if let uses = try? await client.call(Common.Inspect()).keys,
                    uses.contains(where: { $0.version == keys.current && $0.fingerprint == wanted })
                {
                    hasKey = true
                    let left = uses.filter { $0.version < keys.current }.reduce(0) { $0 + $1.values }
                    if left == 0 || (service == .sms && left == shown) { return left }
                    if left != shown { printNote("\(left) values are still under older keys") }
                    shown = left
                }
                try await Task.sleep(for: .milliseconds(service == .sms ? 1_000 : 200))
            }
            throw Problem.bad(
                hasKey
                    ? "after \(wait) s \(shown ?? 0) values are still under older keys; `hubctl key status` shows how it goes on"
                    : "after \(wait) s \(service.program) does not have key \(keys.current) yet; its log tells why"
            )
        }

        private static func text(_ service: ServiceName, _ keys: SealingKeys, _ left: Int) -> String {
            let done = "\(service.program) seals with key \(keys.current)"
            return left == 0
                ? "\(done), and nothing is left under an older one."
                : "\(done). \(left) values of messages are under older ones, and gone within an hour."
        }
    }

    /// `hubctl key status`: what is sealed under which key.
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows the keys of each service, and how many values are sealed under which.",
            discussion: "Exit status 1 where values are sealed under a key that the service does not have.")

        @OptionGroup var options: GlobalOptions

        struct Entry: Encodable, Equatable {
            let service: String
            let keys: [Common.KeyUse]
        }

        func run() async throws {
            var entries: [Entry] = []
            for service in [ServiceName.otp, .sms] {
                let reply = try await options.client(of: service.socket).call(
                    Common.Inspect(), within: 60_000)
                entries.append(Entry(service: service.rawValue, keys: reply.keys))
            }
            try options.show(entries, as: Self.table(of: entries).text)
            for entry in entries {
                if let lost = entry.keys.first(where: { $0.fingerprint == nil }) {
                    throw Problem.bad(
                        "\(entry.service): \(lost.values) values are sealed under key \(lost.version), which is not there: bring it back"
                    )
                }
            }
        }

        static func table(of entries: [Entry]) -> Table {
            let rows = entries.flatMap { entry in
                entry.keys.map { use in
                    let isNewest =
                        use.version == entry.keys.filter { $0.fingerprint != nil }.map(\.version).max()
                    let state =
                        use.fingerprint == nil
                        ? "missing" : isNewest ? "seals" : use.values == 0 ? "unused, may go" : "opens"
                    return [
                        entry.service, "\(use.version)", "\(use.values)", state, use.fingerprint ?? "-",
                    ]
                }
            }
            return Table(
                headings: ["SERVICE", "KEY", "VALUES", "STATE", "FINGERPRINT"], numbers: [1, 2], rows: rows)
        }
    }
}
