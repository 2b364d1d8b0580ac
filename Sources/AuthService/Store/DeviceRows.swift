import Cryptography
import Storage
import Wire

extension Database {
    func insert(_ device: Device, token digest: Digest) throws {
        try run(
            "INSERT INTO device (digest, id, person, created, expires, agent) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            digest, device.id, device.person, device.created, device.expires, device.agent)
    }

    /// The device with this token, if `person` trusts it still.
    func device(_ digest: Digest, of person: ID, at now: Timestamp) throws -> Device? {
        try first(
            """
            SELECT id, person, created, expires, agent FROM device WHERE digest = ?1 AND person = ?2 AND expires > ?3
            """, digest, person, now, row: Device.init(row:))
    }

    func devices(of person: ID, at now: Timestamp) throws -> [Device] {
        try all(
            """
            SELECT id, person, created, expires, agent FROM device WHERE person = ?1 AND expires > ?2
            ORDER BY created DESC, id
            """, person, now, row: Device.init(row:))
    }

    /// Ends the trust in one device; the sessions that stood on it owe a code from now on.
    ///
    /// - Returns: whether the person trusted it.
    func deleteDevice(_ id: ID, of person: ID) throws -> Bool {
        guard try run("DELETE FROM device WHERE id = ?1 AND person = ?2", id, person) == 1 else {
            return false
        }
        try run("UPDATE session SET device = NULL WHERE person = ?1 AND device = ?2", person, id)
        return true
    }

    /// Ends the trust in all devices of a person, and with it what sessions stood on.
    ///
    /// - Returns: how many there were.
    @discardableResult
    func deleteDevices(of person: ID) throws -> Int {
        try run("UPDATE session SET device = NULL WHERE person = ?1 AND device IS NOT NULL", person)
        return try run("DELETE FROM device WHERE person = ?1", person)
    }

    /// Sweeps away devices whose time is over.
    func deleteDevices(overBy now: Timestamp) throws {
        try run("DELETE FROM device WHERE expires <= ?1", now)
    }
}

extension Device {
    init(row: borrowing Row) {
        self.init(
            id: row.id(0), person: row.id(1), created: row.time(2), expires: row.time(3),
            agent: row.stringOrNil(4))
    }
}
