import Storage
import Wire

// What other settings mean for the sessions and devices that there are.

extension Database {
    /// Everybody in a firm who has a session.
    func peopleWithSessions(of firm: ID) throws -> [ID] {
        try all(
            """
            SELECT id FROM person
            WHERE firm = ?1 AND EXISTS (SELECT 1 FROM session WHERE session.person = person.id)
            """, firm
        ) { $0.id(0) }
    }

    /// Lets no device of a firm be trusted for more than `days` from when the trust began; sessions that stood on one
    /// whose time is over by that owe a code from now on.
    func shortenDevices(of firm: ID, days: Int, at now: Timestamp) throws {
        let length = Int64(days) * 24 * 60 * 60 * 1_000
        let people = try all(
            """
            SELECT DISTINCT person.id FROM person JOIN device ON device.person = person.id
            WHERE person.firm = ?1 AND device.expires > device.created + ?2
            """, firm, length
        ) { $0.id(0) }
        for person in people {
            try run(
                "UPDATE device SET expires = min(expires, created + ?2) WHERE person = ?1", person, length)
            try run(
                """
                UPDATE session SET device = NULL WHERE person = ?1 AND device IN
                    (SELECT id FROM device WHERE person = ?1 AND expires <= ?2)
                """, person, now)
        }
    }
}
