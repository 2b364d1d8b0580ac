import Cryptography
import Glibc
import ServiceKit

/// Where the keys of a service, or of the front end, are kept on this host.
struct KeyPlace {
    /// `otp`, `sms` or `web`.
    let service: String
    let path: String
    /// Whether it is a credential that systemd-creds encrypted for this host.
    let isEncrypted: Bool
    /// Whom a new file is given to: the service where it reads the file itself, root where systemd hands it over.
    let owner: PrivateFile.Owner?

    /// The credential's name, which systemd-creds binds it to.
    var name: String { "\(service).key" }
    var exists: Bool { access(path, F_OK) == 0 }

    /// The keys that are there.
    func keys() throws(Problem) -> SealingKeys {
        let file: [UInt8]
        if isEncrypted {
            file = try Program.output(["systemd-creds", "decrypt", "--name=\(name)", path, "-"])
        } else {
            do throws(FileError) {
                file = try contents(of: path, limit: 65_536, isPrivate: true)
            } catch {
                throw .bad("\(path) \(error)")
            }
        }
        do throws(KeyFileError) {
            return try SealingKeys(parsing: file)
        } catch {
            throw .bad("\(path): \(error)")
        }
    }

    /// Writes keys: a new file, or with `replacing` one in the place of that which is there, with its owner.
    func write(_ keys: SealingKeys, replacing: Bool) throws(Problem) {
        var owner = owner
        if replacing, let facts = FileFacts(path) {
            owner = PrivateFile.Owner(user: facts.owner, group: facts.group)
        }
        var bytes = Array(keys.file.utf8)
        if isEncrypted {
            bytes = try Program.output(
                ["systemd-creds", "encrypt", "--name=\(name)", "-", "-"], input: bytes)
        }
        try PrivateFile.write(bytes, to: path, owner: owner, replacing: replacing)
    }
}

extension Installation {
    /// Where a service's keys are, or belong: the file that its configuration names, else a credential, encrypted where
    /// there is one or where that is asked for.
    func keyPlace(of service: ServiceName, encrypted: Bool = false) throws(Problem) -> KeyPlace {
        let installed = try self.service(service)
        if let key = installed.key {
            let home = FileFacts(installed.home)
            return KeyPlace(
                service: service.rawValue, path: key, isEncrypted: false,
                owner: home.map { PrivateFile.Owner(user: $0.owner, group: $0.group) })
        }
        let place = credential(service.rawValue, encrypted: encrypted)
        let own = installed.database + ".key"
        if service == .sms, !place.exists, access(own, F_OK) == 0 {
            return KeyPlace(service: "sms", path: own, isEncrypted: false, owner: nil)
        }
        return place
    }

    /// The same of the front end.
    func webKeyPlace(_ web: InstalledWeb, encrypted: Bool = false) -> KeyPlace {
        guard let key = web.key else { return credential("web", encrypted: encrypted) }
        let user = getpwnam("clienthub-web")
        return KeyPlace(
            service: "web", path: key, isEncrypted: false,
            owner: geteuid() == 0
                ? user.map { PrivateFile.Owner(user: $0.pointee.pw_uid, group: $0.pointee.pw_gid) } : nil)
    }

    private func credential(_ service: String, encrypted: Bool) -> KeyPlace {
        let sealed = "\(credentials)/\(service).key"
        let plain = "\(directory)/\(service).key"
        let isEncrypted =
            access(sealed, F_OK) == 0 || (encrypted && access(plain, F_OK) != 0)
        return KeyPlace(
            service: service, path: isEncrypted ? sealed : plain, isEncrypted: isEncrypted, owner: nil)
    }
}
