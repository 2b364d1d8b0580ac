import Storage
import Wire

extension AuthService {
    /// The caller's own open sessions and trusted devices.
    func listSessions(_ request: Auth.ListSessions) throws -> Auth.ListSessions.Reply {
        let visitor = try visitor(request.session, .open)
        let (entries, devices) = try store.read { database in
            (
                try database.sessionEntries(of: visitor.person.id, current: visitor.session.id),
                try database.devices(of: visitor.person.id, at: visitor.now)
            )
        }
        let idle = visitor.firm.settings.idleMinutes
        return Auth.ListSessions.Reply(
            sessions: entries.filter {
                $0.current || SessionPolicy.isAlive($0, idleMinutes: idle, at: visitor.now)
            },
            devices: devices.map {
                Auth.DeviceEntry(id: $0.id, created: $0.created, expires: $0.expires, agent: $0.agent)
            })
    }

    /// Ends one of the caller's own sessions, or the trust in one of its devices.
    func endSession(_ request: Auth.EndSession) async throws -> Nothing {
        let visitor = try visitor(request.session, .open)
        try await store.write { database in
            if try database.deleteSession(id: request.id, of: visitor.person.id) {
                try database.record(visitor.event(.sessionEnded))
            } else if try database.deleteDevice(request.id, of: visitor.person.id) {
                try database.record(visitor.event(.deviceEnded))
            } else {
                throw Refusal(.noSuchSession)
            }
        }
        changed(person: visitor.person.id)
        return Nothing()
    }
}

extension SessionPolicy {
    fileprivate static func isAlive(_ entry: Auth.SessionEntry, idleMinutes: Int, at now: Timestamp) -> Bool {
        now < entry.expires && now < entry.lastSeen + idleMinutes * 60
    }
}
