import Wire

/// How long sessions, devices and invitations live.
enum SessionPolicy {
    /// The absolute end of a session, in seconds after log-in, whatever its use (NIST SP 800-63B-4, section 2.2.3: at
    /// most 24 hours).
    static let lifetime = 12 * 60 * 60
    /// Minutes that a firm may let its sessions be idle (the same section: at most an hour).
    static let idleMinutes = 5...60
    static let trustedDeviceDays = 0...90
    /// Sessions that one person may have; the oldest ends for a new one.
    static let perPerson = 50
    /// How often, in seconds, the last use of a session is written down.
    static let seenInterval = 60

    static func end(of created: Timestamp) -> Timestamp { created + lifetime }

    static func isAlive(_ session: Session, idleMinutes: Int, at now: Timestamp) -> Bool {
        now < session.expires && now < session.lastSeen + idleMinutes * 60
    }

    static func deviceEnd(from now: Timestamp, days: Int) -> Timestamp { now + days * 24 * 60 * 60 }
}
