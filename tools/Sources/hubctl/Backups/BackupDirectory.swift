import FoundationEssentials
import Glibc
import Wire

/// The directory that backups are kept in, each in one of its own that is called after its moment.
struct BackupDirectory {
    let path: String

    /// Where backups are: as it was asked for, else the environment's, else that of an installed system.
    init(_ asked: String?) {
        path = asked ?? environment("CLIENTHUB_BACKUP_DIR") ?? "/var/backups/clienthub"
    }

    /// Gathers what the services copied, with a manifest, into a backup; the services' own copies are deleted.
    ///
    /// - Returns: the backup's directory.
    func keep(
        _ copies: [CommonMoment.Copy], of host: Installation, version: String
    ) throws -> (path: String, manifest: Manifest) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw systemProblem("be made", path) }
        // The hold that began last: by then all three showed the same.
        let at = copies.compactMap(\.reply.at).max() ?? .now
        let name = Self.name(of: at)
        let draft = "\(path)/.\(name).partial"
        Self.remove(draft)
        guard mkdir(draft, 0o700) == 0 else { throw systemProblem("be made", draft) }
        do {
            var files: [Manifest.File] = []
            for copy in copies.sorted(by: { $0.service.rawValue < $1.service.rawValue }) {
                let file = "\(copy.service.rawValue).db"
                let kept = try Self.fetch(copy, from: host, to: "\(draft)/\(file)")
                files.append(
                    Manifest.File(
                        service: copy.service, file: file, bytes: kept.bytes, sha256: kept.hash,
                        schema: copy.reply.schema ?? 0, keys: copy.reply.keys ?? []))
            }
            let manifest = Manifest(version: version, at: at, files: files)
            let text = try JSON.text(of: manifest) + "\n"
            try PrivateFile.write(
                Array(text.utf8), to: "\(draft)/\(Manifest.fileName)", owner: nil, replacing: false)
            guard rename(draft, "\(path)/\(name)") == 0 else { throw systemProblem("be renamed", draft) }
            try PrivateFile.sync(path)
            return ("\(path)/\(name)", manifest)
        } catch {
            Self.remove(draft)
            throw error
        }
    }

    /// Takes a copy out of the service's own directory. Of what the service says of it the file's name counts alone.
    private static func fetch(
        _ copy: CommonMoment.Copy, from host: Installation, to path: String
    ) throws(Problem) -> (hash: String, bytes: Int) {
        let service = try host.service(copy.service)
        guard let home = FileFacts(service.home) else { throw systemProblem("be read", service.home) }
        let source = try ForeignDirectory(service.backups, owner: home.owner)
        let name = copy.reply.path.split(separator: "/").last.map(String.init) ?? ""
        let kept = try PrivateFile.copy(source.file(name), to: path)
        source.delete(name)
        return kept
    }

    /// The backups that are there, by name, oldest first.
    var backups: [String] {
        (names(in: path) ?? []).filter { name in
            name.first?.isNumber == true && access("\(path)/\(name)/\(Manifest.fileName)", F_OK) == 0
        }
    }

    /// Deletes all backups but the newest `count`.
    ///
    /// - Returns: the names of those that are gone.
    func prune(keeping count: Int) -> [String] {
        let old = backups.dropLast(count)
        for name in old { Self.remove("\(path)/\(name)") }
        return Array(old)
    }

    /// Such as `2026-11-24T093000.123Z`: the names sort by time.
    static func name(of time: Timestamp) -> String { "\(time)".filter { $0 != ":" } }

    /// Deletes a directory with the files in it; the manifest first, so that what is left of it is no backup.
    private static func remove(_ directory: String) {
        unlink("\(directory)/\(Manifest.fileName)")
        for name in names(in: directory) ?? [] { unlink("\(directory)/\(name)") }
        rmdir(directory)
    }
}
