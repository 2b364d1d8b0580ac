import Storage
import Wire

extension AuthService {
    /// Changes what the request names. The very next `Authorize` decides by it, for open sessions too.
    func updateSettings(_ request: Auth.UpdateSettings, by pro: Visitor) async throws -> Auth.Settings {
        if let days = request.trustedDeviceDays {
            _ = try Fields.number(days, in: SessionPolicy.trustedDeviceDays, "trustedDeviceDays")
        }
        if let minutes = request.idleMinutes {
            _ = try Fields.number(minutes, in: SessionPolicy.idleMinutes, "idleMinutes")
        }
        let (settings, people) = try await store.write { database in
            try database.change(request, by: pro)
        }
        changed(firm: pro.firm.id)
        // Their sessions are read anew, one by one: what the change did to them is known only to the database.
        for person in people { changed(person: person) }
        return settings
    }
}

extension Database {
    /// - Returns: the settings as they are now, and the people whose sessions they bear on.
    fileprivate func change(_ request: Auth.UpdateSettings, by pro: Visitor) throws -> (Auth.Settings, [ID]) {
        guard let old = try firm(pro.firm.id)?.settings else { throw Refusal(.noSession) }
        guard request.version == old.version else { throw Refusal(.changedMeanwhile) }
        var new = old
        if let required = request.twoFactorRequired { new.twoFactorRequired = required }
        if let date = request.enforceFrom { new.enforceFrom = date }
        if let required = request.prosTwoFactorRequired { new.prosTwoFactorRequired = required }
        if let days = request.trustedDeviceDays { new.trustedDeviceDays = days }
        if let minutes = request.idleMinutes { new.idleMinutes = minutes }
        guard new != old else { return (old, []) }

        new.version = old.version + 1
        guard try update(new, of: pro.firm.id, from: old.version) else { throw Refusal(.changedMeanwhile) }
        try record(pro.event(.settingsChanged, Auth.Settings.changes(from: old, to: new)))
        if new.idleMinutes > old.idleMinutes {
            try deleteSessions(idleIn: pro.firm.id, minutes: old.idleMinutes, at: pro.now)
        }
        if new.trustedDeviceDays < old.trustedDeviceDays {
            try shortenDevices(of: pro.firm.id, days: new.trustedDeviceDays, at: pro.now)
        }
        return (new, try peopleWithSessions(of: pro.firm.id))
    }
}

extension Auth.Settings {
    /// What changed, for the audit log: each setting's value before and after.
    fileprivate static func changes(from old: Auth.Settings, to new: Auth.Settings) -> [String: String] {
        let rows: [(name: String, old: String, new: String)] = [
            ("twoFactorRequired", "\(old.twoFactorRequired)", "\(new.twoFactorRequired)"),
            ("enforceFrom", date(old.enforceFrom), date(new.enforceFrom)),
            ("prosTwoFactorRequired", "\(old.prosTwoFactorRequired)", "\(new.prosTwoFactorRequired)"),
            ("trustedDeviceDays", "\(old.trustedDeviceDays)", "\(new.trustedDeviceDays)"),
            ("idleMinutes", "\(old.idleMinutes)", "\(new.idleMinutes)"),
            ("version", "\(old.version)", "\(new.version)"),
        ]
        return Dictionary(
            uniqueKeysWithValues: rows.filter { $0.old != $0.new }.map { ($0.name, "\($0.old) -> \($0.new)") }
        )
    }

    private static func date(_ time: Timestamp?) -> String { time.map { "\($0)" } ?? "at once" }
}
