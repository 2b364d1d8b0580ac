import Cryptography

/// Whether the files of a host are their owners' alone.
struct Permissions {
    let host: Installation

    /// The services' directories and databases, and the files of all keys.
    func findings(_ services: [InstalledService], _ web: InstalledWeb?) -> [Finding] {
        var findings: [Finding] = []
        for service in services { findings += files(of: service) }
        findings += users(services)
        for holder in KeyCommand.Holder.allCases where holder != .web || web != nil {
            findings.append(key(of: holder, services))
        }
        return findings
    }

    private func files(of service: InstalledService) -> [Finding] {
        guard let home = FileFacts(service.home), home.kind == .directory else {
            return [
                .bad(
                    "permissions", "\(service.home): is not there",
                    "start \(service.name.program) by its unit, which makes it")
            ]
        }
        let owner = userName(home.owner)
        var findings = [
            Self.closed(service.home, home, owner: home.owner, remedy: "chmod 700 \(service.home)")
        ]
        for suffix in ["", "-wal", "-shm"] {
            let path = service.database + suffix
            guard let file = FileFacts(path) else { continue }
            findings.append(
                Self.closed(
                    path, file, owner: home.owner, remedy: "chown \(owner): \(path) && chmod 600 \(path)"))
        }
        return findings
    }

    /// Whether a file or directory is its owner's alone; `owner` is who that must be.
    static func closed(_ path: String, _ facts: FileFacts, owner: UInt32, remedy: String) -> Finding {
        guard facts.owner == owner else {
            return .bad(
                "permissions", "\(path): belongs to \(userName(facts.owner)), not to \(userName(owner))",
                remedy)
        }
        guard facts.mode & 0o077 == 0 else {
            return .bad("permissions", "\(path): is open to others (mode \(facts.octal))", remedy)
        }
        return .good("permissions", "\(path): \(userName(owner))'s alone (\(facts.octal))")
    }

    /// Services that share a user can read each other's files.
    private func users(_ services: [InstalledService]) -> [Finding] {
        let owners = services.compactMap { FileFacts($0.home)?.owner }
        guard owners.count == services.count, Set(owners).count < owners.count else { return [] }
        let names = Set(owners.map(userName)).sorted().joined(separator: ", ")
        return [
            .warning(
                "permissions", "services share a user (\(names)), so that one can read the other's files",
                "give each a user of its own, as the package does")
        ]
    }

    private func key(of holder: KeyCommand.Holder, _ services: [InstalledService]) -> Finding {
        let check = "keys"
        do {
            let place = try holder.place(on: host, encrypted: false)
            guard let facts = FileFacts(place.path) else {
                return .bad(
                    check, "\(place.path): is not there",
                    "bring it back; on a new host `hubctl key create \(holder.rawValue)` makes it")
            }
            guard !place.isEncrypted else { return .good(check, "\(place.path): encrypted for this host") }
            let file = Self.closed(
                place.path, facts, owner: place.owner?.user ?? facts.owner,
                remedy:
                    "chown \(userName(place.owner?.user ?? facts.owner)): \(place.path) && chmod 600 \(place.path)"
            )
            guard file.level == .good else {
                return Finding(check: check, level: file.level, found: file.found, remedy: file.remedy)
            }
            let versions = try place.keys().versions.map(String.init).joined(separator: ", ")
            return .good(check, "\(place.path): \(userName(facts.owner))'s alone, versions \(versions)")
        } catch {
            return .bad(check, error.line, "bring back the file that holds the keys")
        }
    }
}
