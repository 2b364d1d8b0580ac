import Glibc

extension Settings {
    /// A set of users, by name or number; where it is absent or empty, the service's own user and root.
    public func users(_ name: String, meaning: String) throws(SettingError) -> Set<UInt32> {
        let users = try usersOrNone(name, meaning: meaning)
        return users.isEmpty ? [geteuid(), 0] : users
    }

    /// A set of users, by name or number; where it is absent or empty, nobody.
    public func usersOrNone(_ name: String, meaning: String) throws(SettingError) -> Set<UInt32> {
        let (owner, key) = try owner(of: name)
        return try value(
            name, default: Set<UInt32>(), bounds: "a list of user names or numbers", meaning: meaning,
            show: { _ in "[]" }
        ) { found throws(SettingError) in
            guard case .list(let items) = found else { return nil }
            var users: Set<UInt32> = []
            for (index, item) in items.enumerated() {
                users.insert(try owner.user(item, key: "\(key)[\(index)]"))
            }
            return users
        }
    }

    private func user(_ item: JSON, key: String) throws(SettingError) -> UInt32 {
        if let number = item.int, let user = UInt32(exactly: number), user != .max { return user }
        guard case .text(let name) = item else {
            throw error(key, "expected a user name or number, found \(item.shown)")
        }
        if let user = userNumber(of: name) { return user }
        if let user = UInt32(name), user != .max { return user }
        throw error(key, "there is no user \(item.shown) on this host")
    }
}

/// The number of the user called `name`, from the host's user database.
private func userNumber(of name: String) -> UInt32? {
    // A name with a NUL in it would be looked up as what stands before it.
    guard !name.isEmpty, !name.utf8.contains(0) else { return nil }
    var record = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var room = 1_024
    while true {
        var buffer = [CChar](repeating: 0, count: room)
        let error = getpwnam_r(name, &record, &buffer, buffer.count, &found)
        guard error == ERANGE, room < 1 << 20 else { return found == nil ? nil : record.pw_uid }
        room *= 4
    }
}
