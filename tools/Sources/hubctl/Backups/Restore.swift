import Cryptography
import Glibc
import ServiceKit
import Storage
import Wire

/// A backup on its way back into its place.
struct Restore {
    let directory: String
    let manifest: Manifest
    let parts: [Part]

    /// One service's database: the copy, and where it belongs.
    struct Part {
        let file: Manifest.File
        let source: String
        let installed: InstalledService
        /// Whom the database belongs to: the owner of the directory that it is in.
        let owner: PrivateFile.Owner
    }

    /// What was found good.
    struct Finding: Encodable, Equatable {
        let service: String
        let database: String
        /// Whether there is one now, which is moved aside.
        let replaces: Bool
        let bytes: Int
        let keys: [UInt32]
    }

    /// Reads the backup in `directory`, and where its files belong on this host.
    init(_ directory: String, onto host: Installation) throws(Problem) {
        self.directory = directory
        manifest = try Manifest(of: directory)
        var parts: [Part] = []
        for file in manifest.files {
            let installed = try host.service(file.service)
            guard let home = FileFacts(installed.home) else { throw systemProblem("be read", installed.home) }
            guard home.kind == .directory else { throw .bad("\(installed.home): is no directory") }
            parts.append(
                Part(
                    file: file, source: "\(directory)/\(file.file)", installed: installed,
                    owner: PrivateFile.Owner(user: home.owner, group: home.group)))
        }
        self.parts = parts
    }

    /// Checks everything that can be checked before anything is changed.
    func verify(_ host: Installation) throws(Problem) -> [Finding] {
        try Self.checkVersion(manifest.version)
        var findings: [Finding] = []
        for part in parts {
            try Self.checkFile(part)
            try Self.checkKeys(part.file, host)
            findings.append(
                Finding(
                    service: part.file.service.rawValue, database: part.installed.database,
                    replaces: FileFacts(part.installed.database) != nil, bytes: part.file.bytes,
                    keys: part.file.keys.map(\.version)))
        }
        return findings
    }

    /// A newer release may have tables that this host's services do not know.
    static func checkVersion(_ version: String, here: String = Version.current) throws(Problem) {
        func numbers(_ version: String) -> [Int] { version.split(separator: ".").map { Int($0) ?? 0 } }
        guard !numbers(here).lexicographicallyPrecedes(numbers(version)) else {
            throw .bad(
                "the backup is of version \(version), and this host has \(here): install \(version) or later first"
            )
        }
    }

    private static func checkFile(_ part: Part) throws(Problem) {
        let (hash, bytes) = try PrivateFile.hash(of: part.source)
        guard bytes == part.file.bytes, hash == part.file.sha256 else {
            throw .bad("\(part.source): is not what the manifest tells of: it was changed or damaged")
        }
        let database: DatabaseFile
        do {
            database = try DatabaseFile(checking: part.source)
        } catch {
            throw .bad("\(error)")
        }
        guard database.tag == part.file.service.tag else {
            throw .bad("\(part.source): is no database of \(part.file.service.program)")
        }
        guard database.schema == part.file.schema else {
            throw .bad(
                "\(part.source): has \(database.schema) migrations, and \(part.file.schema) by the manifest")
        }
    }

    /// Whether this host has the keys that values in the copy are sealed under.
    private static func checkKeys(_ file: Manifest.File, _ host: Installation) throws(Problem) {
        guard !file.keys.isEmpty else { return }
        let place = try host.keyPlace(of: file.service)
        guard place.exists else {
            throw .bad(
                "\(place.path): is not there, and \(file.service.program)'s values cannot be read without it: bring back the keys first"
            )
        }
        let here = try place.keys().fingerprints
        for use in file.keys {
            guard let fingerprint = here[use.version] else {
                throw .bad(
                    "\(place.path): has no key \(use.version), which \(use.values) values of the backup are sealed under"
                )
            }
            guard use.fingerprint == nil || use.fingerprint == fingerprint else {
                throw .bad(
                    "\(place.path): key \(use.version) is another one than \(use.values) values of the backup are sealed under"
                )
            }
        }
    }

    /// Puts the databases in place. What was there is moved aside, and nothing is moved before all is ready.
    ///
    /// - Returns: the directories that the old databases are in now.
    func run(at now: Timestamp = .now) throws(Problem) -> [String] {
        var claims: [DatabaseClaim] = []
        defer { withExtendedLifetime(claims) {} }
        for part in parts {
            do {
                claims.append(
                    try DatabaseClaim(
                        part.installed.database, owner: part.owner.user, group: part.owner.group))
            } catch {
                throw .bad("\(error); the services must be stopped")
            }
        }
        for part in parts {
            unlink(draft(part))
            let (hash, _) = try PrivateFile.copy(OpenFile(part.source), to: draft(part), owner: part.owner)
            guard hash == part.file.sha256 else { throw .bad("\(part.source): was changed meanwhile") }
        }
        var old: [String] = []
        for part in parts {
            if let aside = try moveAside(part, at: now) { old.append(aside) }
            guard rename(draft(part), part.installed.database) == 0 else {
                throw systemProblem("be put in place", part.installed.database)
            }
            try PrivateFile.sync(part.installed.home)
        }
        return old
    }

    private func draft(_ part: Part) -> String { part.installed.database + ".restored" }

    /// Moves a database with its write-ahead log into a directory beside it; nil where there is none.
    private func moveAside(_ part: Part, at now: Timestamp) throws(Problem) -> String? {
        let database = part.installed.database
        let files = ["", "-wal", "-shm"].map { database + $0 }.filter { access($0, F_OK) == 0 }
        guard !files.isEmpty else { return nil }
        let aside = "\(database).before-\(BackupDirectory.name(of: now))"
        guard mkdir(aside, 0o700) == 0, lchown(aside, part.owner.user, part.owner.group) == 0 else {
            throw systemProblem("be made", aside)
        }
        for file in files {
            let name = file.dropFirst(part.installed.home.count + 1)
            guard rename(file, "\(aside)/\(name)") == 0 else { throw systemProblem("be moved aside", file) }
        }
        return aside
    }
}
